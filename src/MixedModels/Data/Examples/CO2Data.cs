namespace MixedModels.Data.Examples;

/// <summary>Carbon dioxide uptake of twelve grass plants at seven concentrations.</summary>
internal static class CO2Data
{
    /// <summary>The entry of the catalogue.</summary>
    public static ExampleDataSet Entry { get; } = new()
    {
        Name = "CO2",
        Title = "Carbon dioxide uptake of twelve grass plants at seven concentrations",
        Rows = 84,
        Citation = "Potvin, C., Lechowicz, M. J. and Tardif, S. (1990), The statistical analysis of ecophysiological response curves obtained from experiments involving repeated measures, Ecology 71, 1389–1400.",
        Licence = "Published measurements, as facts with their citation; the file was made from R's own data sets (package datasets), which is under GPL-2 or later.",
        Columns =
        [
            ExampleColumn.Ordered(
                "Plant",
                "plant, by origin, treatment and uptake",
                "Qn1", "Qn2", "Qn3", "Qc1", "Qc3", "Qc2", "Mn3", "Mn2", "Mn1", "Mc2", "Mc3", "Mc1"),
            ExampleColumn.Factor("Type", "origin of the plant", "Quebec", "Mississippi"),
            ExampleColumn.Factor("Treatment", "whether the plant was chilled overnight", "nonchilled", "chilled"),
            ExampleColumn.Number("conc", "ambient CO2 concentration, mL/L"),
            ExampleColumn.Number("uptake", "CO2 uptake, µmol/m² s"),
        ],
        Formula = "uptake ~ Type * Treatment * log(conc) + (1 | Plant)",
    };
}
