namespace MixedModels;

/// <summary>How tests and intervals of several contrasts are adjusted for their number; each by-group is a family of its own.</summary>
public enum Adjustment
{
    /// <summary>Not adjusted.</summary>
    None,

    /// <summary>Tukey's: the studentized range, for all pairwise comparisons. Exact for equal precision, else conservative (Kramer).</summary>
    Tukey,

    /// <summary>Dunnett's, for comparisons with one control: the multivariate t with the contrasts' own correlations.</summary>
    Dunnett,

    /// <summary>The multivariate t with the contrasts' own correlations: the exact single-step adjustment for any set.</summary>
    MultivariateT,

    /// <summary>Scheffé's: valid for every linear combination of the contrasts at once.</summary>
    Scheffe,

    /// <summary>Šidák's: 1 − (1 − p)^K.</summary>
    Sidak,

    /// <summary>Bonferroni's: K·p.</summary>
    Bonferroni,

    /// <summary>Holm's step-down form of Bonferroni's; intervals are Bonferroni's.</summary>
    Holm,

    /// <summary>Hochberg's step-up form; intervals are Bonferroni's.</summary>
    Hochberg,

    /// <summary>Benjamini and Hochberg's false discovery rate; intervals are Bonferroni's.</summary>
    FalseDiscoveryRate,
}

/// <summary>The names of the adjustments on the command line and in JSON.</summary>
public static class AdjustmentNames
{
    /// <summary>The names, in the order of <see cref="Adjustment"/>.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["none", "tukey", "dunnett", "mvt", "scheffe", "sidak", "bonferroni", "holm", "hochberg", "fdr"];

    /// <summary>The name of an adjustment.</summary>
    public static string Name(this Adjustment adjustment) => All[(int)adjustment];

    /// <summary>Reads a name; false where there is no such adjustment.</summary>
    public static bool TryParse(string name, out Adjustment adjustment)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var i = 0; i < All.Count; i++)
        {
            if (!string.Equals(All[i], name, StringComparison.Ordinal)) continue;
            adjustment = (Adjustment)i;
            return true;
        }

        adjustment = default;
        return false;
    }
}
