namespace MixedModels.Data.Examples;

/// <summary>Simulated yields with no variance between batches: the estimate is on the boundary.</summary>
internal static class Dyestuff2Data
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "Dyestuff2",
        Title = "Simulated yields with no variance between batches: the estimate is on the boundary",
        Rows = 30,
        Citation = "Box, G. E. P. and Tiao, G. C. (1973), Bayesian Inference in Statistical Analysis, Addison-Wesley, section 5.1.2.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lme4 1.1.31, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Factor("Batch", "batch"),
            ExampleColumn.Number("Yield", "simulated yield"),
        ],
        Formula = "Yield ~ 1 + (1 | Batch)",
    };
}
