namespace MixedModels.Data.Examples;

/// <summary>Growth of a dental distance in 27 children at four ages.</summary>
internal static class OrthodontData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "Orthodont",
        Title = "Growth of a dental distance in 27 children at four ages",
        Rows = 108,
        Citation = "Potthoff, R. F. and Roy, S. N. (1964), A generalized multivariate analysis of variance model useful especially for growth curve problems, Biometrika 51, 313–326.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package nlme 3.1.162, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Number("distance", "distance from the pituitary to the pterygomaxillary fissure, mm"),
            ExampleColumn.Number("age", "age, years"),
            ExampleColumn.Ordered(
                "Subject",
                "child",
                "M16", "M05", "M02", "M11", "M07", "M08", "M03", "M12", "M13", "M14", "M09", "M15", "M06", "M04", "M01", "M10",
                "F10", "F09", "F06", "F01", "F05", "F07", "F02", "F08", "F03", "F04", "F11"),
            ExampleColumn.Factor("Sex", "sex", "Male", "Female"),
        ],
        Formula = "distance ~ age * Sex + (age | Subject)",
    };
}
