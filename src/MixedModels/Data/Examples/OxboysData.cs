namespace MixedModels.Data.Examples;

/// <summary>Heights of 26 boys in Oxford on nine occasions.</summary>
internal static class OxboysData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "Oxboys",
        Title = "Heights of 26 boys in Oxford on nine occasions",
        Rows = 234,
        Citation = "Goldstein, H. (1987), Multilevel Models in Educational and Social Research, Oxford University Press; Pinheiro, J. C. and Bates, D. M. (2000), Mixed-Effects Models in S and S-PLUS, Springer, appendix A.19.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package nlme 3.1.162, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Ordered(
                "Subject",
                "boy, from shortest to tallest",
                "10", "26", "25", "9", "2", "6", "7", "17", "16", "15", "8", "20", "1", "18", "5", "23", "11", "21", "3", "24",
                "22", "12", "13", "14", "19", "4"),
            ExampleColumn.Number("age", "age, centred and scaled"),
            ExampleColumn.Number("height", "height, cm"),
            ExampleColumn.Ordered("Occasion", "measurement occasion"),
        ],
        Formula = "height ~ age + (age | Subject)",
    };
}
