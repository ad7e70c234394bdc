namespace MixedModels.Data.Examples;

/// <summary>Penicillin assay: six samples, each on 24 plates (crossed factors).</summary>
internal static class PenicillinData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "Penicillin",
        Title = "Penicillin assay: six samples, each on 24 plates (crossed factors)",
        Rows = 144,
        Citation = "Davies, O. L. and Goldsmith, P. L. (eds) (1972), Statistical Methods in Research and Production, 4th ed., Oliver and Boyd, section 6.6.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lme4 1.1.31, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Number("diameter", "diameter of the zone of inhibition, mm"),
            ExampleColumn.Factor("plate", "assay plate"),
            ExampleColumn.Factor("sample", "penicillin sample"),
        ],
        Formula = "diameter ~ 1 + (1 | plate) + (1 | sample)",
    };
}
