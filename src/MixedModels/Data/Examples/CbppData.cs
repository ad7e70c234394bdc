namespace MixedModels.Data.Examples;

/// <summary>Spread of contagious bovine pleuropneumonia in 15 herds of zebu cattle.</summary>
internal static class CbppData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "cbpp",
        Title = "Spread of contagious bovine pleuropneumonia in 15 herds of zebu cattle",
        Rows = 56,
        Citation = "Lesnoff, M. et al. (2004), Within-herd spread of contagious bovine pleuropneumonia in Ethiopian highlands, Preventive Veterinary Medicine 64, 27–40.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lme4 1.1.31, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Factor("herd", "herd"),
            ExampleColumn.Number("incidence", "new serological cases in the period"),
            ExampleColumn.Number("size", "animals in the herd at the start of the period"),
            ExampleColumn.Factor("period", "period of observation"),
        ],
        Formula = "incidence ~ period + (1 | herd)",
        Arguments = ["--family", "binomial", "--trials", "size"],
    };
}
