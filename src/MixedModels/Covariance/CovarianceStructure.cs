namespace MixedModels.Covariance;

/// <summary>
/// The covariance of one level's p random effects relative to sigma², G = TT', as a smooth function of free parameters theta.
/// A structure is a file: its parameters, its factor, its derivatives, its cone and its start. Immutable.
/// </summary>
/// <remarks>Matrices are p×p, column-major. Derivatives are those of G, because every derivative of the deviance is
/// an inner product with Gamma, the derivative of the deviance in G.</remarks>
internal abstract class CovarianceStructure
{
    protected CovarianceStructure(int dimension) => Dimension = dimension;

    /// <summary>The structure's name in the formula language.</summary>
    public abstract string Name { get; }

    /// <summary>p, the number of random effects a level has.</summary>
    public int Dimension { get; }

    /// <summary>The number of free parameters.</summary>
    public abstract int ParameterCount { get; }

    /// <summary>Whether any invertible change of the columns of Z leaves the structure as it is; else only their scales may change.</summary>
    public abstract bool AllowsMixingColumns { get; }

    /// <summary>
    /// The entries (i, j), i ≥ j, of a symmetric C such that T C T' runs through the structure near C = I; linear parameters, as the
    /// Kenward–Roger approximation wants them.
    /// </summary>
    public abstract IReadOnlyList<(int Row, int Column)> LinearEntries { get; }

    /// <summary>Writes the lower triangular factor T with G = TT'.</summary>
    public abstract void Factor(ReadOnlySpan<double> theta, Span<double> T);

    /// <summary>Writes dG, the derivative of G in parameter <paramref name="k"/>.</summary>
    public abstract void Derivative(int k, ReadOnlySpan<double> theta, Span<double> dG);

    /// <summary>The inner product of <paramref name="Gamma"/> with the second derivative of G in two parameters.</summary>
    public abstract double SecondDerivative(int k, int l, ReadOnlySpan<double> Gamma);

    /// <summary>
    /// The same family of covariances with parameters that behave well near a given one: where it is nearly singular, the directions
    /// without variance come last. Itself where there is nothing to gain.
    /// </summary>
    public virtual CovarianceStructure AdaptedTo(ReadOnlySpan<double> G) => this;

    /// <summary>Parameters whose G is nearest to a given covariance, in canonical form (nonnegative diagonal of T).</summary>
    public abstract void FromCovariance(ReadOnlySpan<double> G, Span<double> theta);

    /// <summary>Whether <see cref="FromCovariance"/> of the covariance at these parameters would give them back but for rounding.</summary>
    public abstract bool IsCanonical(ReadOnlySpan<double> theta);

    /// <summary>
    /// The steepest way to add variance within the structure: the least value of &lt;Gamma, D&gt; over directions D of unit trace
    /// that G can be increased by. Not negative at an optimum (Karush, Kuhn, Tucker).
    /// </summary>
    /// <param name="Gamma">The derivative of the deviance in G.</param>
    /// <param name="direction">The vector v of D = vv'.</param>
    public abstract double ConeEigenvalue(ReadOnlySpan<double> Gamma, Span<double> direction);
}
