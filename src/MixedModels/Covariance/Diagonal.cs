namespace MixedModels.Covariance;

/// <summary><c>diag</c>: independent effects, a variance each. The parameters are the diagonal of T.</summary>
internal sealed class Diagonal : CovarianceStructure
{
    public Diagonal(int dimension)
        : base(dimension)
    {
    }

    public override string Name => "diag";

    public override int ParameterCount => Dimension;

    public override bool HasCorrelationBounds => false;

    public override IEnumerable<int> ScaleParameters => Enumerable.Range(0, Dimension);

    public override ColumnFreedom Columns => ColumnFreedom.Scaled;

    public override IReadOnlyList<(int Row, int Column)> LinearEntries => [.. Enumerable.Range(0, Dimension).Select(i => (i, i))];

    public override void Factor(ReadOnlySpan<double> theta, Span<double> T)
    {
        T.Clear();
        for (var i = 0; i < Dimension; i++) T[i + (i * Dimension)] = theta[i];
    }

    public override void Derivative(int k, ReadOnlySpan<double> theta, Span<double> dG)
    {
        dG.Clear();
        dG[k + (k * Dimension)] = 2 * theta[k];
    }

    public override double SecondDerivative(int k, int l, ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma) =>
        k == l ? 2 * Gamma[k + (k * Dimension)] : 0;

    public override void FromCovariance(ReadOnlySpan<double> G, Span<double> theta)
    {
        for (var i = 0; i < Dimension; i++) theta[i] = Math.Sqrt(Math.Max(0, G[i + (i * Dimension)]));
    }

    public override bool IsCanonical(ReadOnlySpan<double> theta) => !theta.ContainsAnyExceptInRange(0, double.MaxValue);

    public override double ConeEigenvalue(ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma, Span<double> D)
    {
        var least = 0;
        for (var i = 1; i < Dimension; i++)
        {
            if (Gamma[i + (i * Dimension)] < Gamma[least + (least * Dimension)]) least = i;
        }

        D.Clear();
        D[least + (least * Dimension)] = 1;
        return Gamma[least + (least * Dimension)];
    }
}
