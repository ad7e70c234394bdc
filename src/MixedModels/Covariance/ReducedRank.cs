using MixedModels.LinearAlgebra;

namespace MixedModels.Covariance;

/// <summary>
/// <c>rr</c>: d latent variables, G = Lambda Lambda' with loadings Lambda (p×d), zero above the diagonal so that no rotation is left. The parameters are
/// the loadings, column by column. G has rank d by design.
/// </summary>
/// <remarks>Source: Niku, Brooks, Herliansyah, Hui, Taskinen and Warton 2019, PLoS ONE 14(5), e0216129 (generalised linear latent variable models).</remarks>
internal sealed class ReducedRank : CovarianceStructure
{
    /// <summary>A latent variable whose share of the variance is below this has none.</summary>
    private const double WithoutVariance = 1e-12;

    private readonly (int Row, int Column)[] entries;

    public ReducedRank(int dimension, int rank)
        : base(dimension)
    {
        FullRank = Math.Min(rank, dimension);
        entries = [.. Enumerable.Range(0, FullRank).SelectMany(j => Enumerable.Range(j, dimension - j).Select(i => (i, j)))];
    }

    /// <inheritdoc/>
    public override string Name => "rr";

    /// <inheritdoc/>
    public override int ParameterCount => entries.Length;

    /// <inheritdoc/>
    public override IEnumerable<int> ScaleParameters => Enumerable.Range(0, entries.Length).Where(k => entries[k].Row == entries[k].Column);

    /// <inheritdoc/>
    public override ColumnFreedom Columns => ColumnFreedom.Mixed;

    /// <summary>d.</summary>
    public override int FullRank { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(int Row, int Column)> LinearEntries => [];

    /// <inheritdoc/>
    public override void Factor(ReadOnlySpan<double> theta, Span<double> T)
    {
        T.Clear();
        for (var k = 0; k < entries.Length; k++) T[entries[k].Row + (entries[k].Column * Dimension)] = theta[k];
    }

    /// <inheritdoc/>
    public override void Derivative(int k, ReadOnlySpan<double> theta, Span<double> dG)
    {
        dG.Clear();
        var (i, column) = entries[k];
        for (var l = 0; l < entries.Length; l++)
        {
            if (entries[l].Column != column) continue;
            dG[i + (entries[l].Row * Dimension)] += theta[l];
            dG[entries[l].Row + (i * Dimension)] += theta[l];
        }
    }

    /// <inheritdoc/>
    public override double SecondDerivative(int k, int l, ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma) =>
        entries[k].Column == entries[l].Column ? 2 * Gamma[entries[k].Row + (entries[l].Row * Dimension)] : 0;

    /// <summary>The d largest principal axes of G, turned to lower trapezoidal loadings.</summary>
    public override void FromCovariance(ReadOnlySpan<double> G, Span<double> theta)
    {
        var axes = G.ToArray();
        var values = new double[Dimension];
        theta.Clear();
        if (!SymmetricEigen.Decompose(axes, Dimension, Dimension, values)) return;
        var T = new double[axes.Length];
        for (var j = 0; j < FullRank; j++)
        {
            var from = Dimension - 1 - j;
            if (values[from] > WithoutVariance * values[^1]) Vectors.AddScaled(Math.Sqrt(values[from]), axes.AsSpan(from * Dimension, Dimension), T.AsSpan(j * Dimension, Dimension));
        }

        Write(T, theta);
    }

    /// <summary>All effects on the first latent variable; the others in turn half of it, with alternating signs, so that no two columns are alike.</summary>
    public override void Start(ReadOnlySpan<double> variances, Span<double> theta)
    {
        for (var k = 0; k < entries.Length; k++)
        {
            var (i, j) = entries[k];
            var pattern = j == 0 ? 1 : 0.5 * Math.Cos(Math.PI * j * (i + 0.5) / Dimension);
            theta[k] = Math.Sqrt(variances[i] / FullRank) * (i == j && j > 0 ? 0.5 : pattern);
        }
    }

    /// <inheritdoc/>
    public override bool IsCanonical(ReadOnlySpan<double> theta)
    {
        for (var k = 0; k < entries.Length; k++)
        {
            if (entries[k].Row == entries[k].Column && !(theta[k] > 0)) return false;
        }

        return true;
    }

    /// <summary>A column's sign is free; a zero on the diagonal leaves a rotation, which the principal axes fix.</summary>
    public override void MakeCanonical(Span<double> theta)
    {
        var T = new double[Dimension * Dimension];
        Factor(theta, T);
        Write(T, theta);
    }

    /// <summary>While a latent variable has no variance any direction may be added; with all d in use the derivatives in the loadings tell all.</summary>
    public override double ConeEigenvalue(ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma, Span<double> D)
    {
        D.Clear();
        var G = RelativeCovariance.Of(this, theta);
        var values = new double[Dimension];
        if (!SymmetricEigen.Decompose(G, Dimension, Dimension, values)) return double.NaN;
        if (values[Dimension - FullRank] > WithoutVariance * values[^1]) return 0;
        var vectors = Gamma.ToArray();
        if (!SymmetricEigen.Decompose(vectors, Dimension, Dimension, values)) return double.NaN;
        for (var e = 0; e < D.Length; e++) D[e] = vectors[e % Dimension] * vectors[e / Dimension];
        return values[0];
    }

    /// <summary>Variances are taken out only where a whole latent variable is negligible; the others are zero by design.</summary>
    public override bool RemoveNegligible(ReadOnlySpan<double> theta, double size, Span<double> removed)
    {
        theta.CopyTo(removed);
        var G = RelativeCovariance.Of(this, theta);
        var values = new double[Dimension];
        if (!SymmetricEigen.Decompose((double[])G.Clone(), Dimension, Dimension, values) || values[Dimension - FullRank] >= size) return false;
        if (!RelativeCovariance.RemoveNegligible(G, Dimension, size)) return false;
        FromCovariance(G, removed);
        return true;
    }

    /// <summary>The loadings with the product of any factor: lower trapezoidal, the first of a column that is not zero positive.</summary>
    private void Write(double[] T, Span<double> theta)
    {
        LowerFactor.Triangularize(T, Dimension);
        for (var j = 0; j < FullRank; j++)
        {
            var column = T.AsSpan(j * Dimension, Dimension);
            var size = Vectors.Norm(column);
            var first = j;
            while (first < Dimension - 1 && Math.Abs(column[first]) <= WithoutVariance * size) first++;
            if (column[first] < 0) Vectors.Scale(-1, column);
        }

        for (var k = 0; k < entries.Length; k++) theta[k] = T[entries[k].Row + (entries[k].Column * Dimension)];
    }
}
