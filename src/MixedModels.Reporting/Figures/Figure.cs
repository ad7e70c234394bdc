namespace MixedModels.Reporting.Figures;

/// <summary>A drawing: panels in a grid under a title, with a description for those who do not see it. Immutable.</summary>
/// <remarks>Equal figures give equal text on every system. Widths of text are estimated, so no font need be at hand.</remarks>
public sealed class Figure
{
    private readonly FigurePlan plan;

    internal Figure(FigurePlan plan) => this.plan = plan;

    /// <summary>A short name fit for a file or an anchor, such as <c>caterpillar</c>.</summary>
    public string Name => plan.Name;

    /// <summary>What it shows, one line.</summary>
    public string Title => plan.Title;

    /// <summary>What can be seen in it, in sentences.</summary>
    public string Description => plan.Description;

    /// <summary>What a reader needs to know of its marks; empty for nothing.</summary>
    public string Caption => plan.Caption;

    /// <summary>Its width in pixels.</summary>
    public double Width => plan.Width;

    /// <summary>Its height in pixels with title and caption.</summary>
    public double Height => FigureDrawing.Height(plan, hasTitle: true);

    /// <summary>The figure as SVG.</summary>
    /// <param name="theme">Its colours.</param>
    /// <returns>A complete <c>svg</c> element with its style sheet, lines ended by <c>\n</c>.</returns>
    public string ToSvg(FigureTheme theme = FigureTheme.Auto) => FigureDrawing.Draw(plan, FigureStyle.Rules(theme), hasTitle: true);

    /// <summary>The figure as an element of a page that has the style sheet, the title and the caption already.</summary>
    internal string ToElement() => FigureDrawing.Draw(plan, rules: null, hasTitle: false);
}
