using System.Globalization;
using MixedModels.Reporting;

namespace MixedModels.Cli;

/// <summary>What standard output shows: how wide it is, and whether it has colours.</summary>
internal static class Terminal
{
    private const int Narrowest = 40;

    /// <summary>The layout for a process's standard output.</summary>
    public static TextLayout Layout() => Layout(Environment.GetEnvironmentVariable, !Console.IsOutputRedirected, WindowWidth);

    /// <summary>The layout from the environment: COLUMNS, or else the terminal's own width; colours on a terminal unless NO_COLOR is set or it is a dumb one.</summary>
    /// <param name="variable">The value of an environment variable; null where it is not set.</param>
    /// <param name="isTerminal">Whether standard output is a terminal.</param>
    /// <param name="windowWidth">The terminal's width; asked of a terminal alone, since it takes time.</param>
    /// <remarks>Source: no-color.org.</remarks>
    internal static TextLayout Layout(Func<string, string?> variable, bool isTerminal, Func<int> windowWidth)
    {
        var layout = new TextLayout { HasColour = isTerminal && string.IsNullOrEmpty(variable("NO_COLOR")) && !string.Equals(variable("TERM"), "dumb", StringComparison.Ordinal) };
        var width = int.TryParse(variable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0
            ? columns
            : isTerminal ? Width(windowWidth) : layout.Width;
        return layout with { Width = Math.Max(Narrowest, width) };
    }

    /// <summary>The terminal's width. Asked for it, .NET also puts the keypad of a terminal into another mode, by codes on standard output; of a dumb one it knows none.</summary>
    private static int WindowWidth()
    {
        const string Variable = "TERM";
        var kind = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, "dumb");
        try
        {
            return Console.WindowWidth;
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, kind);
        }
    }

    private static int Width(Func<int> windowWidth)
    {
        try
        {
            // A terminal that does not know says 0.
            return windowWidth() is > 0 and var width ? width : new TextLayout().Width;
        }
        catch (Exception failure) when (failure is IOException or PlatformNotSupportedException)
        {
            return new TextLayout().Width;
        }
    }
}
