using MixedModels.Families;

namespace MixedModels.Tests.Families;

/// <summary>Every family with every link it has, and for each some responses and means.</summary>
internal static class FamilyCases
{
    /// <summary>Family and link by name, for theories.</summary>
    public static TheoryData<string, string> All()
    {
        var cases = new TheoryData<string, string>();
        foreach (var name in FamilyCatalogue.Names)
        {
            foreach (var link in FamilyCatalogue.Create(name)!.Links) cases.Add(name, link.Name);
        }

        return cases;
    }

    /// <summary>A family of the catalogue.</summary>
    public static Family Create(string family, string link) => FamilyCatalogue.Create(family, Link.Find(link))!;

    /// <summary>Parameters psi away from the obvious.</summary>
    public static double[] Psi(Family family) => [.. family.ParameterNames.Select(_ => 0.4)];

    /// <summary>Means inside the range of family and link.</summary>
    public static double[] Means(Family family) => family.HasTrials ? [0.08, 0.35, 0.71, 0.9] : [0.3, 1.4, 3.2];

    /// <summary>Responses in the family's support.</summary>
    public static Observation[] Rows(Family family)
    {
        if (family.HasTrials) return [new(0, 1, 1), new(1, 1, 1), new(3, 7, 1), new(7, 7, 2), new(0, 4, 1)];
        return family.IsDiscrete ? [new(0, 1, 1), new(1, 1, 2), new(6, 1, 1), new(75, 1, 1)] : [new(0.2, 1, 1), new(1.7, 1, 2.5), new(4.4, 1, 0.5)];
    }
}
