namespace MixedModels.Reporting.Figures;

/// <summary>All that a figure is drawn from. Immutable.</summary>
internal sealed record FigurePlan
{
    /// <summary>A short name fit for a file or an anchor.</summary>
    public required string Name { get; init; }

    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>What can be seen in it.</summary>
    public required string Description { get; init; }

    /// <summary>What a reader needs to know of its marks.</summary>
    public string Caption { get; init; } = "";

    /// <summary>The panels, row by row.</summary>
    public required IReadOnlyList<Panel> Panels { get; init; }

    /// <summary>Panels beside each other.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>The whole width in pixels.</summary>
    public double Width { get; init; } = 680;

    /// <summary>The height of a panel's data region in pixels.</summary>
    public double PanelHeight { get; init; } = 300;

    /// <summary>What colours and marks stand for; empty for no legend.</summary>
    public IReadOnlyList<LegendEntry> Legend { get; init; } = [];
}
