namespace MixedModels.Data.Examples;

/// <summary>Split-plot trial of oat varieties and nitrogen.</summary>
internal static class OatsData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "Oats",
        Title = "Split-plot trial of oat varieties and nitrogen",
        Rows = 72,
        Citation = "Yates, F. (1935), Complex experiments, Supplement to the Journal of the Royal Statistical Society 2, 181–247; Pinheiro, J. C. and Bates, D. M. (2000), Mixed-Effects Models in S and S-PLUS, Springer, appendix A.15.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package nlme 3.1.162, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Ordered("Block", "block, from lowest to highest yield", "VI", "V", "III", "IV", "II", "I"),
            ExampleColumn.Factor("Variety", "variety, on whole plots"),
            ExampleColumn.Number("nitro", "nitrogen on subplots, cwt/acre"),
            ExampleColumn.Number("yield", "yield, bushels/acre"),
        ],
        Formula = "yield ~ nitro + Variety + (1 | Block / Variety)",
    };
}
