namespace MixedModels.Data.Examples;

/// <summary>Strength of a chemical paste: two tests of each of three casks from ten deliveries (nested factors).</summary>
internal static class PastesData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "Pastes",
        Title = "Strength of a chemical paste: two tests of each of three casks from ten deliveries (nested factors)",
        Rows = 60,
        Citation = "Davies, O. L. and Goldsmith, P. L. (eds) (1972), Statistical Methods in Research and Production, 4th ed., Oliver and Boyd, section 6.5.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lme4 1.1.31, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Number("strength", "paste strength"),
            ExampleColumn.Factor("batch", "delivery batch"),
            ExampleColumn.Factor("cask", "cask within the batch"),
            ExampleColumn.Factor("sample", "batch and cask together"),
        ],
        Formula = "strength ~ 1 + (1 | batch / cask)",
    };
}
