namespace MixedModels.Reporting.Figures;

/// <summary>The style sheet of figures: colours by class, so that one drawing serves a light and a dark page.</summary>
/// <remarks>
/// Series colours are those of Okabe and Ito (2008, Color universal design), told apart with any kind of colour vision; on a dark
/// ground their lighter relatives. Marks take their colour by <c>currentColor</c>, which every renderer knows.
/// </remarks>
internal static class FigureStyle
{
    /// <summary>How many series have a colour of their own; further ones begin again.</summary>
    public const int SeriesCount = 7;

    /// <summary>The size of axis text in pixels.</summary>
    public const double TextSize = 12;

    /// <summary>The size of a figure's title in pixels.</summary>
    public const double TitleSize = 15;

    private static readonly string[] light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#6a51a3"];
    private static readonly string[] dark = ["#56b4e9", "#ff9147", "#2fd0a0", "#f0a6cf", "#f0e442", "#9ad0f5", "#b8a4f0"];

    /// <summary>The rules of a theme, each for elements inside <c>.mm</c>.</summary>
    public static string Rules(FigureTheme theme) => theme switch
    {
        FigureTheme.Light => Fonts + Colours(light, "#ffffff", "#1a1a1a", "#595959", "#e6e6e6", "#8a8a8a"),
        FigureTheme.Dark => Fonts + DarkColours,
        _ => Rules(FigureTheme.Light) + "@media (prefers-color-scheme: dark){" + DarkColours + "}"
            + "@media print{" + Colours(light, "#ffffff", "#1a1a1a", "#595959", "#e6e6e6", "#8a8a8a") + "}",
    };

    /// <summary>Whether a series has the colour of an earlier one, so that its lines are dashed.</summary>
    public static bool IsRepeated(int index) => index >= SeriesCount;

    /// <summary>The class that colours a series.</summary>
    public static string Series(int index) => FormattableString.Invariant($"s{index % SeriesCount}");

    private static string Fonts =>
        ".mm{font-family:'Helvetica Neue',Arial,'DejaVu Sans',sans-serif;font-size:12px}"
        + ".mm .h{font-size:15px;font-weight:600}.mm .p{font-weight:600}.mm .k{font-size:11px}.mm .o{fill:#1a1a1a}";

    private static string DarkColours => Colours(dark, "#16191d", "#ececec", "#a8adb3", "#31363c", "#7d848b");

    private static string Colours(string[] series, string ground, string text, string muted, string grid, string axis) =>
        string.Concat(series.Select((colour, index) => $".mm .s{index.ToString(System.Globalization.CultureInfo.InvariantCulture)}{{color:{colour}}}"))
        + $".mm .b{{fill:{ground}}}.mm text{{fill:{text}}}.mm .m{{fill:{muted}}}.mm .g{{stroke:{grid}}}.mm .a{{stroke:{axis}}}.mm .r{{color:{muted}}}";
}
