using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Figures;

/// <summary>One panel of a figure: two axes and what is drawn between them, first layers below. Immutable.</summary>
internal sealed record Panel
{
    /// <summary>What stands above it; empty for nothing.</summary>
    public string Title { get; init; } = "";

    /// <summary>The horizontal axis.</summary>
    public required Axis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required Axis Y { get; init; }

    /// <summary>What is drawn.</summary>
    public required IReadOnlyList<Layer> Layers { get; init; }

    /// <summary>Whether the vertical axis is that of the panel to its left and needs no ticks of its own.</summary>
    public bool SharesY { get; init; }

    /// <summary>Whether it only keeps its place in the grid.</summary>
    public bool IsBlank { get; init; }
}
