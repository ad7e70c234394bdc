using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Covariance;

/// <summary>
/// The covariance of one level's p random effects relative to sigma², G = TT', as a smooth function of free parameters theta.
/// A structure is a file: its parameters, its factor, its derivatives, its boundary and its start. Immutable.
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

    /// <summary>Which changes of the columns of Z leave the structure as it is.</summary>
    public abstract ColumnFreedom Columns { get; }

    /// <summary>The rank of G where nothing is on a boundary.</summary>
    public virtual int FullRank => Dimension;

    /// <summary>Whether correlations have bounds that a fit can reach; else only variances can vanish.</summary>
    public virtual bool HasCorrelationBounds => true;

    /// <summary>The parameters whose vanishing is that of a standard deviation.</summary>
    public abstract IEnumerable<int> ScaleParameters { get; }

    /// <summary>The d with which s^d times a parameter belongs to s² times G: 1 for entries of a factor, 0 for what makes correlations.</summary>
    public virtual double ScaleDegree(int k) => 1;

    /// <summary>
    /// The entries (i, j), i ≥ j, of a symmetric C such that T C T' runs through the structure near C = I; linear parameters, as the
    /// Kenward–Roger approximation wants them. Empty where the structure has none of this form.
    /// </summary>
    public abstract IReadOnlyList<(int Row, int Column)> LinearEntries { get; }

    /// <summary>Writes the lower triangular factor T with G = TT'.</summary>
    public abstract void Factor(ReadOnlySpan<double> theta, Span<double> T);

    /// <summary>Writes dG, the derivative of G in parameter <paramref name="k"/>.</summary>
    public abstract void Derivative(int k, ReadOnlySpan<double> theta, Span<double> dG);

    /// <summary>The inner product of <paramref name="Gamma"/> with the second derivative of G in two parameters.</summary>
    public abstract double SecondDerivative(int k, int l, ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma);

    /// <summary>
    /// The same family of covariances with parameters that behave well near a given one: where it is nearly singular, the directions
    /// without variance come last. Itself where there is nothing to gain.
    /// </summary>
    public virtual CovarianceStructure AdaptedTo(ReadOnlySpan<double> G) => this;

    /// <summary>Parameters whose G is nearest to a given covariance, in canonical form.</summary>
    public abstract void FromCovariance(ReadOnlySpan<double> G, Span<double> theta);

    /// <summary>Parameters to start a search from, given rough variances of the effects (p, positive), taken as independent.</summary>
    public virtual void Start(ReadOnlySpan<double> variances, Span<double> theta)
    {
        var G = new double[Dimension * Dimension];
        for (var i = 0; i < Dimension; i++) G[i * (Dimension + 1)] = variances[i];
        FromCovariance(G, theta);
    }

    /// <summary>Whether these are the parameters that stand for their covariance: one choice of signs and no other.</summary>
    public abstract bool IsCanonical(ReadOnlySpan<double> theta);

    /// <summary>Replaces parameters by the canonical ones with the same covariance.</summary>
    public virtual void MakeCanonical(Span<double> theta) => FromCovariance(RelativeCovariance.Of(this, theta), theta);

    /// <summary>Writes the parameters with variances below a size set to zero; whether there were any that were not zero already.</summary>
    public virtual bool RemoveNegligible(ReadOnlySpan<double> theta, double size, Span<double> removed)
    {
        theta.CopyTo(removed);
        var G = RelativeCovariance.Of(this, theta);
        if (!RelativeCovariance.RemoveNegligible(G, Dimension, size)) return false;
        FromCovariance(G, removed);
        return true;
    }

    /// <summary>
    /// The steepest way off the boundary within the structure: the least value of &lt;Gamma, D&gt; over the directions D in which G can move
    /// though no first derivative in theta tells of them. Not negative at an optimum (Karush, Kuhn, Tucker).
    /// </summary>
    /// <param name="theta">The parameters.</param>
    /// <param name="Gamma">The derivative of the deviance in G.</param>
    /// <param name="D">The direction, p×p; zeros where the derivatives tell all, and then the value is 0.</param>
    public abstract double ConeEigenvalue(ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma, Span<double> D);

    /// <summary>Writes parameters a little off the boundary, along the direction that <see cref="ConeEigenvalue"/> found.</summary>
    /// <param name="theta">The parameters on the boundary.</param>
    /// <param name="Gamma">The derivative of the deviance in G.</param>
    /// <param name="D">The direction.</param>
    /// <param name="amount">How much variance to add, times <paramref name="D"/>.</param>
    /// <param name="moved">The parameters to go on from.</param>
    public virtual void Leave(ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma, ReadOnlySpan<double> D, double amount, Span<double> moved)
    {
        var G = RelativeCovariance.Of(this, theta);
        Vectors.AddScaled(amount, D, G);
        FromCovariance(G, moved);
    }

    /// <summary>What the structure has beyond standard deviations and free correlations, by name and on its natural scale, such as <c>rho</c>.</summary>
    public virtual IReadOnlyList<(string Name, double Value)> NaturalParameters(ReadOnlySpan<double> theta) => [];

    /// <summary>The bounds of natural parameter k.</summary>
    public virtual (double Lower, double Upper) NaturalBounds(int k) => throw new ArgumentOutOfRangeException(nameof(k), k, "No such parameter.");

    /// <summary>Values of natural parameter k that stand for its bounds.</summary>
    public virtual (double Lower, double Upper) NaturalReach(int k) => NaturalBounds(k);

    /// <summary>The free parameter that alone makes natural parameter k, and its value there; null where several make it.</summary>
    public virtual (int Parameter, double Value)? Free(int k, double natural) => null;

    /// <summary>Natural parameter k with its derivatives in theta.</summary>
    public virtual Jet Natural(int k, ReadOnlySpan<double> theta) => throw new ArgumentOutOfRangeException(nameof(k), k, "No such parameter.");
}
