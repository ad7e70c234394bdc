namespace MixedModels.Data.Examples;

/// <summary>Body weight of 16 rats on three diets over nine weeks.</summary>
internal static class BodyWeightData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "BodyWeight",
        Title = "Body weight of 16 rats on three diets over nine weeks",
        Rows = 176,
        Citation = "Crowder, M. and Hand, D. (1990), Analysis of Repeated Measures, Chapman and Hall.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package nlme 3.1.162, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Number("weight", "body weight, grams"),
            ExampleColumn.Number("Time", "time of the measurement, days"),
            ExampleColumn.Ordered(
                "Rat",
                "rat, ordered by diet and weight",
                "2", "3", "4", "1", "8", "5", "6", "7", "11", "9", "10", "12", "13", "15", "14", "16"),
            ExampleColumn.Factor("Diet", "diet"),
        ],
        Formula = "weight ~ Time * Diet + (Time | Rat)",
    };
}
