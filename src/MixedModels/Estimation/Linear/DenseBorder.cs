using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The effects outside the leading term, stored densely: S0 = Z_b'V1⁻¹Z_b, S = L_b'S0L_b + I and N = L_bS⁻¹L_b'.
/// Square matrices are q2×q2, column-major.
/// </summary>
internal sealed class DenseBorder
{
    private readonly Coupling coupling;
    private readonly int p;
    private readonly double[] S;

    public DenseBorder(int order, int p, Coupling coupling)
    {
        Order = order;
        this.p = p;
        this.coupling = coupling;
        A = new double[order * order];
        S0 = new double[order * order];
        S = new double[order * order];
    }

    /// <summary>q2, the number of border effects.</summary>
    public int Order { get; }

    /// <summary>Z_b'Z_b, lower triangle.</summary>
    public double[] A { get; }

    /// <summary>Z_b'V1⁻¹Z_b; the lower triangle after <see cref="Factor"/>, both after <see cref="Invert"/>.</summary>
    public double[] S0 { get; }

    /// <summary>L_bS⁻¹L_b', both triangles, after <see cref="Invert"/>.</summary>
    public ReadOnlySpan<double> N => S;

    /// <summary>Forms S0 and the factor of S for the given row-scaling blocks; returns log|S|, or NaN.</summary>
    public double Factor(IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> offsets, IReadOnlyList<double[]> T)
    {
        Accumulate();
        S0.CopyTo(S, 0);
        BlockScaling.ScaleBothSides(S, Order, terms, offsets, T);
        for (var j = 0; j < Order; j++) S[j + (j * Order)] += 1;
        if (Cholesky.Factor(S, Order, Order) >= 0) return double.NaN;
        var logDeterminant = 0.0;
        for (var j = 0; j < Order; j++) logDeterminant += Math.Log(S[j + (j * Order)]);
        return 2 * logDeterminant;
    }

    /// <summary>B := S⁻¹B for B q2×columns, between <see cref="Factor"/> and <see cref="Invert"/>.</summary>
    public void Solve(Span<double> B, int columns)
    {
        TriangularSolve.Lower(S, Order, Order, B, columns, Order);
        TriangularSolve.LowerTransposed(S, Order, Order, B, columns, Order);
    }

    /// <summary>Replaces the factor by N.</summary>
    public void Invert(IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> offsets, IReadOnlyList<double[]> T)
    {
        SymmetricInverse.FromCholesky(S, Order, Order);
        Symmetric.MirrorLower(S, Order, Order);
        BlockScaling.ScaleRows(S, Order, Order, terms, offsets, T, transpose: false);
        BlockScaling.ScaleColumns(S, Order, terms, offsets, T);
        Symmetric.MirrorLower(S, Order, Order);
        Symmetric.MirrorLower(S0, Order, Order);
    }

    /// <summary>S0 = A_bb − Σ_l A_bl H_l A_lb, one column of the lower triangle after the other.</summary>
    private void Accumulate()
    {
        for (var j = 0; j < Order; j++)
        {
            var column = S0.AsSpan(j * Order, Order);
            A.AsSpan((j * Order) + j, Order - j).CopyTo(column[j..]);
            for (var k = coupling.EffectStart[j]; k < coupling.EffectStart[j + 1]; k++)
            {
                var entry = coupling.EntryOfEffect[k];
                var end = coupling.LevelStart[coupling.LevelOfEntry[entry] + 1];
                if (p == 1) SubtractScalar(column, entry, end);
                else SubtractVector(column, entry, end);
            }
        }
    }

    private void SubtractScalar(Span<double> column, int entry, int end)
    {
        var h = coupling.HValues[entry];
        var values = coupling.Values.AsSpan(entry, end - entry);
        var effects = coupling.Effect.AsSpan(entry, end - entry);
        for (var f = 0; f < effects.Length; f++) column[effects[f]] -= h * values[f];
    }

    private void SubtractVector(Span<double> column, int entry, int end)
    {
        var h = coupling.HValues.AsSpan(entry * p, p);
        for (var f = entry; f < end; f++)
        {
            var value = coupling.Values.AsSpan(f * p, p);
            var sum = 0.0;
            for (var a = 0; a < p; a++) sum += h[a] * value[a];
            column[coupling.Effect[f]] -= sum;
        }
    }
}
