namespace MixedModels.Data.Examples;

/// <summary>Liking of twelve carrot products by 103 consumers, with some answers missing.</summary>
internal static class CarrotsData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "carrots",
        Title = "Liking of twelve carrot products by 103 consumers, with some answers missing",
        Rows = 1236,
        Citation = "Brockhoff, P. B., The Royal Veterinary and Agricultural University, Denmark (consumer preference mapping of carrots).",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lmerTest 3.1.3, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Factor("Consumer", "consumer"),
            ExampleColumn.Factor("Frequency", "how often carrots are eaten, 1 (once a week or more) to 5 (never)"),
            ExampleColumn.Factor("Gender", "1 male, 2 female"),
            ExampleColumn.Factor("Age", "age group, 1 (youngest) to 4"),
            ExampleColumn.Factor("Homesize", "household: 1 of one or two persons, 3 of three or more"),
            ExampleColumn.Factor("Work", "occupation, coded"),
            ExampleColumn.Factor("Income", "income group, 1 (lowest) to 4"),
            ExampleColumn.Number("Preference", "liking, 1 to 7"),
            ExampleColumn.Number("Sweetness", "perceived sweetness, 1 to 7"),
            ExampleColumn.Number("Bitter", "perceived bitterness, 1 to 7"),
            ExampleColumn.Number("Crisp", "perceived crispness, 1 to 7"),
            ExampleColumn.Number("sens1", "first sensory variable of the product (panel)"),
            ExampleColumn.Number("sens2", "second sensory variable of the product (panel)"),
            ExampleColumn.Factor("Product", "carrot product"),
        ],
        Formula = "Preference ~ sens2 + Homesize + (sens2 | Consumer)",
    };
}
