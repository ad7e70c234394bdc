namespace MixedModels.Data.Examples;

/// <summary>Breakage angle of chocolate cakes by recipe and baking temperature (a split-plot design).</summary>
internal static class CakeData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "cake",
        Title = "Breakage angle of chocolate cakes by recipe and baking temperature (a split-plot design)",
        Rows = 270,
        Citation = "Cook, F. E. (1938), Chocolate cake, I. Optimum baking temperature, Master's thesis, Iowa State College; Cochran, W. G. and Cox, G. M. (1957), Experimental Designs, 2nd ed., Wiley, p. 300.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lme4 1.1.31, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Factor("replicate", "replicate, one batch of each recipe"),
            ExampleColumn.Factor("recipe", "recipe"),
            ExampleColumn.Ordered("temperature", "baking temperature, °F, as ordered factor"),
            ExampleColumn.Number("angle", "angle at which the cake broke, degrees"),
            ExampleColumn.Number("temp", "baking temperature, °F, as number"),
        ],
        Formula = "angle ~ recipe * temperature + (1 | recipe:replicate)",
    };
}
