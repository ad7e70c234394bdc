namespace MixedModels.Data.Examples;

/// <summary>Bitterness of wine by temperature and contact with skins, rated by nine judges.</summary>
internal static class WineData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "wine",
        Title = "Bitterness of wine by temperature and contact with skins, rated by nine judges",
        Rows = 72,
        Citation = "Randall, J. (1989), The analysis of sensory data by generalised linear model, Biometrical Journal 31, 781–793.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package ordinal 2022.11.16, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Number("response", "bitterness, 0 to 100"),
            ExampleColumn.Ordered("rating", "bitterness in five ordered groups"),
            ExampleColumn.Factor("temp", "temperature during production"),
            ExampleColumn.Factor("contact", "contact of juice and skins"),
            ExampleColumn.Factor("bottle", "bottle"),
            ExampleColumn.Factor("judge", "judge"),
        ],
        Formula = "rating ~ temp + contact + (1 | judge)",
        Arguments = ["--family", "cumulative"],
    };
}
