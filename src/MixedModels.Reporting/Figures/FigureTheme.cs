namespace MixedModels.Reporting.Figures;

/// <summary>The colours a figure is drawn in.</summary>
public enum FigureTheme
{
    /// <summary>Light, and dark where the reader's screen is set to dark.</summary>
    Auto,

    /// <summary>Dark marks on white, as on paper.</summary>
    Light,

    /// <summary>Light marks on a dark ground.</summary>
    Dark,
}
