namespace MixedModels.Data.Examples;

/// <summary>Travel time of ultrasonic waves in six rails.</summary>
internal static class RailData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "Rail",
        Title = "Travel time of ultrasonic waves in six rails",
        Rows = 18,
        Citation = "Devore, J. L. (2000), Probability and Statistics for Engineering and the Sciences, 5th ed., Duxbury; Pinheiro, J. C. and Bates, D. M. (2000), Mixed-Effects Models in S and S-PLUS, Springer, appendix A.26.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package nlme 3.1.162, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Ordered("Rail", "rail, from shortest to longest travel time", "2", "5", "1", "6", "3", "4"),
            ExampleColumn.Number("travel", "travel time of ultrasonic head-waves, nanoseconds"),
        ],
        Formula = "travel ~ 1 + (1 | Rail)",
    };
}
