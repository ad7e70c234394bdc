namespace MixedModels.Data.Examples;

/// <summary>Ticks on red grouse chicks by brood, year, altitude and location.</summary>
internal static class GrouseticksData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "grouseticks",
        Title = "Ticks on red grouse chicks by brood, year, altitude and location",
        Rows = 403,
        Citation = "Elston, D. A., Moss, R., Boulinier, T., Arrowsmith, C. and Lambin, X. (2001), Analysis of aggregation, a worked example: numbers of ticks on red grouse chicks, Parasitology 122, 563–569.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lme4 1.1.31, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Factor("INDEX", "chick, one a row"),
            ExampleColumn.Number("TICKS", "number of ticks"),
            ExampleColumn.Factor("BROOD", "brood"),
            ExampleColumn.Number("HEIGHT", "altitude, m above sea level"),
            ExampleColumn.Factor("YEAR", "year, less 1900"),
            ExampleColumn.Factor("LOCATION", "place, coded"),
            ExampleColumn.Number("cHEIGHT", "altitude less its mean, m"),
        ],
        Formula = "TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | INDEX) + (1 | LOCATION)",
        Arguments = ["--family", "poisson"],
    };
}
