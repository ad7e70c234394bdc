namespace MixedModels.Design;

/// <summary>How the levels of a factor become columns of the design where its margin is in the model.</summary>
public enum ContrastCoding
{
    /// <summary>An indicator of each level but the first.</summary>
    Treatment,

    /// <summary>Deviations from the mean of the levels; the last level is minus the sum.</summary>
    Sum,

    /// <summary>Each level against the mean of those before it.</summary>
    Helmert,

    /// <summary>Orthonormal polynomials of the level's rank; the default of ordered factors.</summary>
    Polynomial,

    /// <summary>An indicator of each level but the last.</summary>
    Sas,
}

/// <summary>The names of contrast codings: <c>treatment</c>, <c>sum</c>, <c>helmert</c>, <c>poly</c>, <c>SAS</c>.</summary>
public static class ContrastCodingNames
{
    /// <summary>The names, in the order of <see cref="ContrastCoding"/>.</summary>
    public static IReadOnlyList<string> All { get; } = ["treatment", "sum", "helmert", "poly", "SAS"];

    /// <summary>Reads a name, with or without R's prefix <c>contr.</c>; false where there is no such coding.</summary>
    public static bool TryParse(string name, out ContrastCoding coding)
    {
        ArgumentNullException.ThrowIfNull(name);
        const string prefix = "contr.";
        var bare = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        for (var i = 0; i < All.Count; i++)
        {
            if (!string.Equals(All[i], bare, StringComparison.Ordinal))
                continue;
            coding = (ContrastCoding)i;
            return true;
        }

        coding = default;
        return false;
    }
}
