using MixedModels.LinearAlgebra;

namespace MixedModels.Covariance;

/// <summary><c>us</c>: any covariance. The parameters are the entries of the lower triangle of T, column by column.</summary>
/// <remarks>Source: Bates, Mächler, Bolker and Walker 2015, section 2.2 (relative covariance factor).</remarks>
internal sealed class Unstructured : CovarianceStructure
{
    private readonly (int Row, int Column)[] entries;

    public Unstructured(int dimension)
        : base(dimension)
    {
        entries = new (int, int)[dimension * (dimension + 1) / 2];
        var k = 0;
        for (var j = 0; j < dimension; j++)
        {
            for (var i = j; i < dimension; i++) entries[k++] = (i, j);
        }
    }

    public override string Name => "us";

    public override int ParameterCount => entries.Length;

    public override bool AllowsMixingColumns => true;

    public override void Factor(ReadOnlySpan<double> theta, Span<double> T)
    {
        T.Clear();
        for (var k = 0; k < entries.Length; k++) T[entries[k].Row + (entries[k].Column * Dimension)] = theta[k];
    }

    public override void Derivative(int k, ReadOnlySpan<double> T, Span<double> dG)
    {
        // dG = e_i t_j' + t_j e_i' with t_j = column j of T.
        var (i, j) = entries[k];
        dG.Clear();
        for (var a = j; a < Dimension; a++)
        {
            dG[i + (a * Dimension)] += T[a + (j * Dimension)];
            dG[a + (i * Dimension)] += T[a + (j * Dimension)];
        }
    }

    public override double SecondDerivative(int k, int l, ReadOnlySpan<double> Gamma) =>
        entries[k].Column == entries[l].Column ? 2 * Gamma[entries[k].Row + (entries[l].Row * Dimension)] : 0;

    public override void FromCovariance(ReadOnlySpan<double> G, Span<double> theta)
    {
        Span<double> T = new double[Dimension * Dimension];
        SemidefiniteCholesky.Factor(G, Dimension, T);
        for (var k = 0; k < entries.Length; k++) theta[k] = T[entries[k].Row + (entries[k].Column * Dimension)];
    }

    public override double ConeEigenvalue(ReadOnlySpan<double> Gamma, Span<double> direction)
    {
        var values = new double[Dimension];
        var vectors = Gamma.ToArray();
        if (!SymmetricEigen.Decompose(vectors, Dimension, Dimension, values)) return double.NaN;
        vectors.AsSpan(0, Dimension).CopyTo(direction);
        return values[0];
    }
}
