namespace MixedModels.Data.Examples;

/// <summary>Yield of dyestuff in five preparations from each of six batches.</summary>
internal static class DyestuffData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "Dyestuff",
        Title = "Yield of dyestuff in five preparations from each of six batches",
        Rows = 30,
        Citation = "Davies, O. L. and Goldsmith, P. L. (eds) (1972), Statistical Methods in Research and Production, 4th ed., Oliver and Boyd, section 6.4.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lme4 1.1.31, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Factor("Batch", "batch of the intermediate product"),
            ExampleColumn.Number("Yield", "yield, grams of standard colour"),
        ],
        Formula = "Yield ~ 1 + (1 | Batch)",
    };
}
