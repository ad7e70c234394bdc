using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary>
/// A residual structure along one axis in which a site, given the nearest one before it, does not depend on earlier ones, whichever sites a subject
/// misses: C⁻¹ is tridiagonal, and everything a likelihood needs of C costs O(n).
/// </summary>
internal interface IMarkovStructure
{
    /// <summary>Whether it is so with these options; a nugget undoes it.</summary>
    bool IsMarkov { get; }

    /// <summary>What two steps have in common that have the same coefficient and variance.</summary>
    /// <param name="from">The site before; −1 for a subject's first.</param>
    /// <param name="to">The site.</param>
    (double, double) StepClass(int from, int to);

    /// <summary>What steps are made of, once for all of them.</summary>
    Jet[] Prepare(Jet[] phi);

    /// <summary>c_to = coefficient · c_from + an independent step of that variance.</summary>
    /// <param name="prepared">As <see cref="Prepare"/> gives it.</param>
    /// <param name="from">The site before; −1 for a subject's first.</param>
    /// <param name="to">The site.</param>
    (Jet Coefficient, Jet Variance) Step(Jet[] prepared, int from, int to);
}
