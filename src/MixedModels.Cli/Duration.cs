using System.Globalization;

namespace MixedModels.Cli;

/// <summary>How long something takes, in words.</summary>
internal static class Duration
{
    /// <summary>Such as <c>14 s</c>, <c>3 min 5 s</c> or <c>2 h 10 min</c>.</summary>
    public static string Words(TimeSpan time) => time.TotalSeconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds)} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };
}
