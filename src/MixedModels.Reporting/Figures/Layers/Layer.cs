namespace MixedModels.Reporting.Figures.Layers;

/// <summary>One kind of mark in a panel: a class a kind. Immutable.</summary>
internal abstract record Layer
{
    /// <summary>The class that colours it, see <see cref="FigureStyle"/>.</summary>
    public string Style { get; init; } = "s0";

    /// <summary>Draws the marks.</summary>
    public abstract void Draw(SvgWriter svg, PanelFrame frame);
}
