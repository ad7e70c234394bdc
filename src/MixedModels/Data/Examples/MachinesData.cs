namespace MixedModels.Data.Examples;

/// <summary>Productivity of six workers on three machines.</summary>
internal static class MachinesData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "Machines",
        Title = "Productivity of six workers on three machines",
        Rows = 54,
        Citation = "Milliken, G. A. and Johnson, D. E. (1992), Analysis of Messy Data, volume I: Designed Experiments, Chapman and Hall.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package nlme 3.1.162, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Ordered("Worker", "worker, from lowest to highest productivity", "6", "2", "4", "1", "3", "5"),
            ExampleColumn.Factor("Machine", "machine brand"),
            ExampleColumn.Number("score", "productivity score"),
        ],
        Formula = "score ~ Machine + (Machine | Worker)",
    };
}
