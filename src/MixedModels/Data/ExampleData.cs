using MixedModels.Data.Examples;

namespace MixedModels.Data;

/// <summary>The data sets that come with the library.</summary>
public static class ExampleData
{
    /// <summary>All data sets, by name without regard to upper and lower case.</summary>
    public static IReadOnlyList<ExampleDataSet> All { get; } =
    [
        BodyWeightData.Entry,
        CakeData.Entry,
        CarrotsData.Entry,
        CbppData.Entry,
        CO2Data.Entry,
        DyestuffData.Entry,
        Dyestuff2Data.Entry,
        ErgoStoolData.Entry,
        GrouseticksData.Entry,
        MachinesData.Entry,
        OatsData.Entry,
        OrthodontData.Entry,
        OxboysData.Entry,
        PastesData.Entry,
        PenicillinData.Entry,
        RailData.Entry,
        SleepstudyData.Entry,
        VerbAggData.Entry,
        WineData.Entry,
    ];

    /// <summary>The data set of a name, upper and lower case alike.</summary>
    /// <exception cref="DataException">There is none; the message names the nearest.</exception>
    public static ExampleDataSet Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new DataException($"There is no example data set '{name}'{NearestNames.Suggest(name, All.Select(entry => entry.Name))}. 'mixed examples' lists them, ExampleData.All in code.");
    }
}
