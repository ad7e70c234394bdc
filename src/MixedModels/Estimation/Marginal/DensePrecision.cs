using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Marginal;

/// <summary>R in full: R = LL', W = L⁻¹. O(n³).</summary>
internal sealed class DensePrecision(BlockPattern pattern, ResidualModel model) : BandedPrecision(pattern, model)
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
    public override void ColourTransposed(Span<double> block, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            var column = block.Slice(j * n, n);
            for (var i = 0; i < n; i++) column[i] = Vectors.Dot(L.AsSpan((i * n) + i, n - i), column[i..]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>With E = W dR W': dR⁻¹ = −W'EW, and the derivative of log|R| is tr E.</remarks>
    public override IReadOnlyList<PrecisionSlope> Slopes()
    {
        var (cells, slopes) = (Model.Cells(First), new List<PrecisionSlope>());
        var group = Model.Data.GroupOfRow[First[0]];
        for (var k = 0; k < Model.OwnCount; k++)
        {
            var (own, dR) = (k, new double[n * n]);
            Model.Add(First, cells, jet => jet.First.Length == 0 ? 0 : jet.First[own], dR, n, 0);
            slopes.Add(Slope((group * Model.OwnCount) + k, dR));
        }

        for (var k = 0; k < Model.Scale.ParameterCount; k++)
        {
            var logs = Array.ConvertAll(First, row => Model.Scale.First[row + (k * Model.Scale.Log.Length)]);
            if (!logs.AsSpan().ContainsAnyExcept(0)) continue;
            var dR = new double[n * n];
            Model.Add(First, cells, jet => jet.Value, dR, n, 0);
            for (var b = 0; b < n; b++)
            {
                for (var a = 0; a < n; a++) dR[a + (b * n)] *= logs[a] + logs[b];
            }

            slopes.Add(Slope(Model.ScaleStart + k, dR));
        }

        return slopes;
    }

    private PrecisionSlope Slope(int parameter, double[] dR)
    {
        var (trace, band) = (0.0, new double[n * n]);
        for (var side = 0; side < 2; side++)
        {
            TriangularSolve.Lower(L, n, n, dR, n, n);
            Transpose(dR);
        }

        for (var i = 0; i < n; i++) trace += dR[i * (n + 1)];
        for (var side = 0; side < 2; side++)
        {
            TriangularSolve.LowerTransposed(L, n, n, dR, n, n);
            Transpose(dR);
        }

        for (var i = 0; i < n; i++)
        {
            for (var d = 0; d <= i; d++) band[d + (i * n)] = -dR[i + ((i - d) * n)];
        }

        return new(parameter, trace, band);
    }

    private void Transpose(double[] A)
    {
        for (var j = 0; j < n; j++)
        {
            for (var i = 0; i < j; i++) (A[i + (j * n)], A[j + (i * n)]) = (A[j + (i * n)], A[i + (j * n)]);
        }
    }

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
