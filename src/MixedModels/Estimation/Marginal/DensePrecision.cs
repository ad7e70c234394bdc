using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Marginal;

/// <summary>R in full: R = LL', W = L⁻¹. O(n³).</summary>
internal sealed class DensePrecision(BlockPattern pattern, ResidualModel model) : SubjectPrecision(pattern, model)
{
    private readonly double[] L = new double[pattern.Order * pattern.Order];
    private double[]? inverse;

    /// <inheritdoc/>
    public override int Reach => n - 1;

    /// <inheritdoc/>
    public override bool Evaluate()
    {
        inverse = null;
        Array.Clear(L);
        Model.Add(First, Model.Cells(First), jet => jet.Value, L, n, 0);
        if (Cholesky.Factor(L, n, n) >= 0) return false;
        LogDeterminant = 0;
        for (var i = 0; i < n; i++) LogDeterminant += 2 * Math.Log(L[i * (n + 1)]);
        return double.IsFinite(LogDeterminant);
    }

    /// <inheritdoc/>
    public override double Weight(int i, int j)
    {
        if (inverse is null)
        {
            inverse = new double[n * n];
            for (var d = 0; d < n; d++) inverse[d * (n + 1)] = 1;
            TriangularSolve.Lower(L, n, n, inverse, n, n);
        }

        return inverse[i + (j * n)];
    }

    /// <inheritdoc/>
    public override void Whiten(Span<double> block, int columns) => TriangularSolve.Lower(L, n, n, block, columns, n);

    /// <inheritdoc/>
    public override void Colour(Span<double> block, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            for (var i = n - 1; i >= 0; i--)
            {
                var sum = 0.0;
                for (var k = 0; k <= i; k++) sum += L[i + (k * n)] * block[k + (j * n)];
                block[i + (j * n)] = sum;
            }
        }
    }
}
