namespace MixedModels;

/// <summary>How the denominator degrees of freedom of tests and intervals of fixed effects are found.</summary>
public enum DegreesOfFreedom
{
    /// <summary>From the variance of the estimated variance of each contrast, as lmerTest and SAS (the default).</summary>
    Satterthwaite,

    /// <summary>Kenward and Roger (1997) with the expected information, as pbkrtest; standard errors are adjusted too. REML fits only.</summary>
    KenwardRoger,

    /// <summary>Kenward and Roger (1997) with the observed information, as SAS; standard errors are adjusted too. REML fits only.</summary>
    KenwardRogerObserved,

    /// <summary>The rank contributed by the random effects that contain the effect, as SAS's <c>ddfm=contain</c>.</summary>
    Containment,

    /// <summary>Residual degrees of freedom split between and within the subjects of one grouping factor, as SAS's <c>ddfm=betwithin</c>.</summary>
    BetweenWithin,

    /// <summary>Rows less fixed effects.</summary>
    Residual,

    /// <summary>None: the normal distribution, and chi-square for several rows.</summary>
    None,

    /// <summary>As <see cref="KenwardRogerObserved"/> without the term in second derivatives of V, which only models with residual structures or structured random effects have. REML fits only.</summary>
    KenwardRogerLinear,

    /// <summary>
    /// None, the normal distribution, with standard errors from the inverse Hessian in all parameters, those of the covariances among them, as glmmTMB and as in generalized fits of this library.
    /// </summary>
    JointHessian,
}

/// <summary>The names of the methods on the command line and in JSON.</summary>
public static class DegreesOfFreedomNames
{
    /// <summary>The names, in the order of <see cref="DegreesOfFreedom"/>.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["satterthwaite", "kenward-roger", "kenward-roger-observed", "containment", "between-within", "residual", "none", "kenward-roger-linear", "joint-hessian"];

    /// <summary>The name of a method.</summary>
    public static string Name(this DegreesOfFreedom method) => All[(int)method];

    /// <summary>Whether a method goes by the normal distribution, and chi-square for several rows.</summary>
    public static bool IsNormal(this DegreesOfFreedom method) => method is DegreesOfFreedom.None or DegreesOfFreedom.JointHessian;

    /// <summary>Whether a method has standard errors of its own beside degrees of freedom.</summary>
    public static bool AdjustsStandardErrors(this DegreesOfFreedom method) =>
        method is DegreesOfFreedom.KenwardRoger or DegreesOfFreedom.KenwardRogerObserved or DegreesOfFreedom.KenwardRogerLinear or DegreesOfFreedom.JointHessian;

    /// <summary>Reads a name; false where there is no such method.</summary>
    public static bool TryParse(string name, out DegreesOfFreedom method)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var i = 0; i < All.Count; i++)
        {
            if (!string.Equals(All[i], name, StringComparison.Ordinal)) continue;
            method = (DegreesOfFreedom)i;
            return true;
        }

        method = default;
        return false;
    }
}
