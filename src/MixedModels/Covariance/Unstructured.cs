using MixedModels.LinearAlgebra;

namespace MixedModels.Covariance;

/// <summary>
/// <c>us</c>: any covariance, G = O C C'O' with C lower triangular. The parameters are the entries of C, column by column; O is a fixed
/// invertible matrix: the identity, a rotation where the structure was adapted, or a basis in which an entry of C has a meaning of its own.
/// </summary>
/// <remarks>
/// Source: Bates, Mächler, Bolker and Walker 2015, section 2.2 (relative covariance factor). Near a singular G whose null directions do
/// not come last, the entries of a Cholesky factor follow curved valleys; along G's principal axes, largest first, they do not.
/// </remarks>
internal sealed class Unstructured : CovarianceStructure
{
    /// <summary>Principal variances further apart than this make adapting worth an evaluation.</summary>
    private const double NearlySingular = 1e-2;

    private readonly (int Row, int Column)[] entries;
    private readonly double[] basis;
    private readonly double[] inverseBasis;

    public Unstructured(int dimension)
        : this(dimension, [], [])
    {
    }

    /// <summary>The structure with its parameters in another basis.</summary>
    /// <param name="dimension">p.</param>
    /// <param name="basis">O, p×p.</param>
    /// <param name="inverseBasis">O⁻¹, p×p.</param>
    public Unstructured(int dimension, double[] basis, double[] inverseBasis)
        : base(dimension)
    {
        (this.basis, this.inverseBasis) = (basis, inverseBasis);
        entries = new (int, int)[dimension * (dimension + 1) / 2];
        var k = 0;
        for (var j = 0; j < dimension; j++)
        {
            for (var i = j; i < dimension; i++) entries[k++] = (i, j);
        }
    }

    public override string Name => "us";

    public override int ParameterCount => entries.Length;

    public override IEnumerable<int> ScaleParameters => Enumerable.Range(0, entries.Length).Where(k => entries[k].Row == entries[k].Column);

    public override ColumnFreedom Columns => ColumnFreedom.Mixed;

    public override IReadOnlyList<(int Row, int Column)> LinearEntries => entries;

    public override void Factor(ReadOnlySpan<double> theta, Span<double> T)
    {
        T.Clear();
        for (var k = 0; k < entries.Length; k++) T[entries[k].Row + (entries[k].Column * Dimension)] = theta[k];
        if (basis.Length == 0) return;

        var rotated = new double[Dimension * Dimension];
        Product.Add(1, basis, Dimension, false, T, Dimension, false, rotated, Dimension, Dimension, Dimension, Dimension);
        LowerFactor.Triangularize(rotated, Dimension);
        rotated.CopyTo(T);
    }

    public override void Derivative(int k, ReadOnlySpan<double> theta, Span<double> dG)
    {
        // dG = O(e_i c_j' + c_j e_i')O' with c_j = column j of C.
        var (i, j) = entries[k];
        Span<double> column = stackalloc double[Dimension];
        column.Clear();
        for (var l = 0; l < entries.Length; l++)
        {
            if (entries[l].Column == j) column[entries[l].Row] = theta[l];
        }

        Span<double> axis = stackalloc double[Dimension];
        axis.Clear();
        axis[i] = 1;
        Rotate(column);
        Rotate(axis);
        for (var b = 0; b < Dimension; b++)
        {
            for (var a = 0; a < Dimension; a++) dG[a + (b * Dimension)] = (axis[a] * column[b]) + (column[a] * axis[b]);
        }
    }

    public override double SecondDerivative(int k, int l, ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma)
    {
        if (entries[k].Column != entries[l].Column) return 0;
        if (basis.Length == 0) return 2 * Gamma[entries[k].Row + (entries[l].Row * Dimension)];

        var first = basis.AsSpan(entries[k].Row * Dimension, Dimension);
        var second = basis.AsSpan(entries[l].Row * Dimension, Dimension);
        var sum = 0.0;
        for (var b = 0; b < Dimension; b++) sum += second[b] * Vectors.Dot(Gamma.Slice(b * Dimension, Dimension), first);
        return 2 * sum;
    }

    public override CovarianceStructure AdaptedTo(ReadOnlySpan<double> G)
    {
        if (Dimension == 1) return this;
        var axes = G.ToArray();
        var values = new double[Dimension];
        if (!SymmetricEigen.Decompose(axes, Dimension, Dimension, values) || values[0] > NearlySingular * values[^1]) return this;

        var largestFirst = new double[axes.Length];
        for (var j = 0; j < Dimension; j++) axes.AsSpan((Dimension - 1 - j) * Dimension, Dimension).CopyTo(largestFirst.AsSpan(j * Dimension));
        var transposed = new double[axes.Length];
        for (var i = 0; i < axes.Length; i++) transposed[i] = largestFirst[(i / Dimension) + (i % Dimension * Dimension)];
        return new Unstructured(Dimension, largestFirst, transposed);
    }

    public override void FromCovariance(ReadOnlySpan<double> G, Span<double> theta)
    {
        var own = G.ToArray();
        if (basis.Length > 0)
        {
            var half = new double[own.Length];
            Product.Add(1, inverseBasis, Dimension, false, G, Dimension, false, half, Dimension, Dimension, Dimension, Dimension);
            Array.Clear(own);
            Product.Add(1, half, Dimension, false, inverseBasis, Dimension, true, own, Dimension, Dimension, Dimension, Dimension);
        }

        var C = new double[own.Length];
        SemidefiniteCholesky.Factor(own, Dimension, C);
        for (var k = 0; k < entries.Length; k++) theta[k] = C[entries[k].Row + (entries[k].Column * Dimension)];
    }

    // A factor with positive diagonal is the only one of its covariance; beside a zero others can stand.
    public override bool IsCanonical(ReadOnlySpan<double> theta)
    {
        for (var k = 0; k < entries.Length; k++)
        {
            if (entries[k].Row == entries[k].Column && !(theta[k] > 0)) return false;
        }

        return true;
    }

    public override double ConeEigenvalue(ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma, Span<double> D)
    {
        var values = new double[Dimension];
        var vectors = Gamma.ToArray();
        if (!SymmetricEigen.Decompose(vectors, Dimension, Dimension, values)) return double.NaN;
        for (var i = 0; i < D.Length; i++) D[i] = vectors[i % Dimension] * vectors[i / Dimension];
        return values[0];
    }

    /// <summary>v := O v.</summary>
    private void Rotate(Span<double> v)
    {
        if (basis.Length == 0) return;
        Span<double> result = stackalloc double[Dimension];
        result.Clear();
        for (var j = 0; j < Dimension; j++) Vectors.AddScaled(v[j], basis.AsSpan(j * Dimension, Dimension), result);
        result.CopyTo(v);
    }
}
