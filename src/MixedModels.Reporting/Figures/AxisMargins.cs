using System.Runtime.InteropServices;

namespace MixedModels.Reporting.Figures;

/// <summary>The room that ticks and labels of a panel take.</summary>
internal static class AxisMargins
{
    /// <summary>No label of a tick is wider than this: of a vertical axis, and slanted.</summary>
    public const double WidestLabel = 200;
    public const double WidestSlanted = 150;

    private const double TickGap = 8;
    private const double LineHeight = 16;

    /// <summary>Labels above each other that are nearer cannot be read; where names are left out, those that stay have room.</summary>
    private const double LeastPitch = 12.5;
    private const double ThinnedPitch = 18;

    // Slanted labels: sine and cosine of 35 degrees.
    private const double Sine = 0.574;

    /// <summary>The room left of the data region.</summary>
    public static double Left(Panel panel)
    {
        if (panel.SharesY) return 12;
        var widest = panel.Y.Ticks.Select(tick => TextMeasure.Width(tick.Label)).DefaultIfEmpty(0).Max();
        return Math.Min(widest, WidestLabel) + TickGap + (panel.Y.Label.Length > 0 ? LineHeight + 4 : 0) + 4;
    }

    /// <summary>The ticks of the horizontal axis that fit, and how they stand.</summary>
    public static XTicks Horizontal(Axis axis, double width)
    {
        var pitch = axis.Ticks.Count < 2 ? width : width * (axis.Ticks[1].Value - axis.Ticks[0].Value) / (axis.Upper - axis.Lower);
        var widest = axis.Ticks.Select(tick => TextMeasure.Width(tick.Label)).DefaultIfEmpty(0).Max() + 6;
        var label = axis.Label.Length > 0 ? LineHeight + 4 : 0;
        if (label == 0 && axis.Ticks.All(tick => tick.Label.Length == 0)) return new(axis.Ticks, IsSlanted: false, TickGap);
        if (widest <= pitch || axis.Ticks.Count < 2) return new(axis.Ticks, IsSlanted: false, LineHeight + label + 6);
        if (!axis.IsCategorical) return new(Thin(axis.Ticks, widest / pitch), IsSlanted: false, LineHeight + label + 6);
        var ticks = Thin(axis.Ticks, LineHeight / (pitch * Sine));
        return new(ticks, IsSlanted: true, (Math.Min(widest, WidestSlanted) * Sine) + 10 + label + 6);
    }

    /// <summary>The ticks of the vertical axis that fit.</summary>
    public static IReadOnlyList<Tick> Vertical(Axis axis, double height)
    {
        if (axis.Ticks.Count < 2) return axis.Ticks;
        var pitch = height * (axis.Ticks[1].Value - axis.Ticks[0].Value) / (axis.Upper - axis.Lower);
        return pitch >= LeastPitch ? axis.Ticks : Thin(axis.Ticks, (axis.IsCategorical ? ThinnedPitch : LeastPitch) / pitch);
    }

    private static IReadOnlyList<Tick> Thin(IReadOnlyList<Tick> ticks, double factor)
    {
        var every = Math.Max(1, (int)Math.Ceiling(factor - 1e-9));
        return every == 1 ? ticks : [.. ticks.Where((_, place) => place % every == 0)];
    }

    /// <summary>Ticks of a horizontal axis.</summary>
    /// <param name="Ticks">Those that fit.</param>
    /// <param name="IsSlanted">Whether their labels are slanted.</param>
    /// <param name="Height">The room they and the axis label take.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct XTicks(IReadOnlyList<Tick> Ticks, bool IsSlanted, double Height);
}
