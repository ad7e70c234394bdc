namespace MixedModels.Data.Examples;

/// <summary>Reaction times of 18 subjects over ten days with three hours in bed a night.</summary>
internal static class SleepstudyData
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "sleepstudy",
        Title = "Reaction times of 18 subjects over ten days with three hours in bed a night",
        Rows = 180,
        Citation = "Belenky, G. et al. (2003), Patterns of performance degradation and restoration during sleep restriction and subsequent recovery: a sleep dose-response study, Journal of Sleep Research 12, 1–12.",
        Licence = "Published measurements, as facts with their citation; the file was made from R package lme4 1.1.31, which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Number("Reaction", "average reaction time, ms"),
            ExampleColumn.Number("Days", "days of sleep deprivation, 0 to 9"),
            ExampleColumn.Factor("Subject", "subject"),
        ],
        Formula = "Reaction ~ Days + (Days | Subject)",
    };
}
