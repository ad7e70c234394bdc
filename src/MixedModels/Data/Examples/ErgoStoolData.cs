namespace MixedModels.Data.Examples;

/// <summary>Effort to rise from four types of stool, nine subjects (a randomised block design).</summary>
internal static class ErgoStoolData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "ergoStool",
        Title = "Effort to rise from four types of stool, nine subjects (a randomised block design)",
        Rows = 36,
        Citation = "Devore, J. L. (2000), Probability and Statistics for Engineering and the Sciences, 5th ed., Duxbury; Pinheiro, J. C. and Bates, D. M. (2000), Mixed-Effects Models in S and S-PLUS, Springer, appendix A.9.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package nlme 3.1.162, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Number("effort", "effort to rise, Borg scale"),
            ExampleColumn.Factor("Type", "type of stool"),
            ExampleColumn.Ordered("Subject", "subject, from least to most effort", "8", "5", "4", "9", "6", "3", "7", "1", "2"),
        ],
        Formula = "effort ~ Type + (1 | Subject)",
    };
}
