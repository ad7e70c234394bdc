namespace MixedModels.Data.Examples;

/// <summary>Verbal aggression: answers of 316 persons to 24 items.</summary>
internal static class VerbAggData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "VerbAgg",
        Title = "Verbal aggression: answers of 316 persons to 24 items",
        Rows = 7584,
        Citation = "De Boeck, P. and Wilson, M. (2004), Explanatory Item Response Models, Springer.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lme4 1.1.31, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Number("Anger", "trait anger score"),
            ExampleColumn.Factor("Gender", "gender"),
            ExampleColumn.Factor(
                "item",
                "item of the questionnaire",
                "S1WantCurse", "S1WantScold", "S1WantShout", "S2WantCurse", "S2WantScold", "S2WantShout", "S3WantCurse",
                "S3WantScold", "S3WantShout", "S4wantCurse", "S4WantScold", "S4WantShout", "S1DoCurse", "S1DoScold", "S1DoShout",
                "S2DoCurse", "S2DoScold", "S2DoShout", "S3DoCurse", "S3DoScold", "S3DoShout", "S4DoCurse", "S4DoScold",
                "S4DoShout"),
            ExampleColumn.Ordered("resp", "answer"),
            ExampleColumn.Factor("id", "person"),
            ExampleColumn.Factor("btype", "kind of behaviour in the item"),
            ExampleColumn.Factor("situ", "who is to blame for the situation"),
            ExampleColumn.Factor("mode", "whether the item asks about wanting or doing", "want", "do"),
            ExampleColumn.Factor("r2", "answer in two groups: N for no, Y for perhaps or yes"),
        ],
        Formula = "r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)",
        Arguments = ["--family", "binomial"],
        Resource = "VerbAgg.csv.gz",
    };
}
