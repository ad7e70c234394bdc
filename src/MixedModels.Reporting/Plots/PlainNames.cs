using MixedModels.Reporting.Figures;

namespace MixedModels.Reporting.Plots;

/// <summary>Names for readers: without the backquotes that a formula puts around those with spaces.</summary>
internal static class PlainNames
{
    /// <summary>A text without them.</summary>
    public static string Of(string text) => text.Replace("`", "", StringComparison.Ordinal);

    /// <summary>A figure whose words are without them. Levels on axes are data and stay.</summary>
    public static FigurePlan In(FigurePlan plan) => plan with
    {
        Title = Of(plan.Title),
        Description = Of(plan.Description),
        Caption = Of(plan.Caption),
        Panels = [.. plan.Panels.Select(panel => panel with { Title = Of(panel.Title), X = panel.X with { Label = Of(panel.X.Label) }, Y = panel.Y with { Label = Of(panel.Y.Label) } })],
    };
}
