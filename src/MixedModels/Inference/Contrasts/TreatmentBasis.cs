using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Contrasts;

/// <summary>
/// The column space of a fixed part as seen from treatment contrasts, whatever coding was fitted: columns x_J of the indicator design that
/// span it, in p orthonormal coordinates a, and every indicator column as a combination A of them. Immutable.
/// </summary>
internal sealed class TreatmentBasis
{
    /// <summary>A column that leaves less than this share of its norm depends on those before it, as in the design.</summary>
    private const double Dependent = 1e-7;

    /// <summary>A coefficient whose part of its column is below this share is rounding of zero: true ones are ratios of small whole numbers.</summary>
    private const double Rounding = 1e-8;

    private readonly double[] basisR;
    private readonly double[] basisQ;
    private readonly double[] R;

    /// <summary>Expresses the indicator columns. O(n p (p + columns)).</summary>
    public TreatmentBasis(FixedDesign fitted, IndicatorDesign indicators)
    {
        (Design, p) = (indicators, fitted.ColumnNames.Count);
        var Q = fitted.X.ToArray();
        R = new double[p * p];
        OrthonormalBasis.Orthonormalize(Q, indicators.Rows, p, R, 0);
        Count = indicators.Assign.Count;
        Coordinates = new double[p * Count];
        Product.Add(1, Q, indicators.Rows, true, indicators.X, indicators.Rows, false, Coordinates, p, p, Count, indicators.Rows);
        (Columns, basisQ, basisR) = Choose();
        Scales = FindScales();
        A = new double[p * Count];
        for (var j = 0; j < Count; j++) Express(j);
    }

    /// <summary>The indicator design.</summary>
    public IndicatorDesign Design { get; }

    /// <summary>The number of independent columns.</summary>
    public int p { get; }

    /// <summary>The number of indicator columns.</summary>
    public int Count { get; }

    /// <summary>J: the p treatment columns among the indicator ones.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>p×Count: each indicator column in orthonormal coordinates of the column space.</summary>
    public double[] Coordinates { get; }

    /// <summary>A size for each indicator column, the same for all with the same covariates.</summary>
    public double[] Scales { get; }

    /// <summary>p×Count: x_j = Σ x_J A_Jj, of scaled columns.</summary>
    public double[] A { get; }

    /// <summary>The coordinates of one indicator column.</summary>
    public ReadOnlySpan<double> Coordinate(int column) => Coordinates.AsSpan(column * p, p);

    /// <summary>A function of treatment coefficients as one of the fitted coefficients: l = R'a_J⁻ᵀ l_T.</summary>
    public double[] ToFitted(ReadOnlySpan<double> treatment)
    {
        // a_J = basisQ basisR, so a_J⁻ᵀ l = basisQ basisR⁻ᵀ l.
        var solved = treatment.ToArray();
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < j; k++) solved[j] -= basisR[k + (j * p)] * solved[k];
            solved[j] /= basisR[j * (p + 1)];
        }

        var along = new double[p];
        for (var j = 0; j < p; j++) Vectors.AddScaled(solved[j], basisQ.AsSpan(j * p, p), along);
        var fitted = new double[p];
        for (var j = 0; j < p; j++) fitted[j] = Vectors.Dot(R.AsSpan(j * p, p), along);
        return fitted;
    }

    private (List<int> Columns, double[] Q, double[] R) Choose()
    {
        var candidates = Enumerable.Range(0, Count).Where(j => !Design.IsReference[j]).ToArray();
        var Q = new double[p * candidates.Length];
        for (var c = 0; c < candidates.Length; c++) Coordinate(candidates[c]).CopyTo(Q.AsSpan(c * p, p));
        var full = new double[candidates.Length * candidates.Length];
        OrthonormalBasis.Orthonormalize(Q, p, candidates.Length, full, Dependent);
        var kept = Enumerable.Range(0, candidates.Length).Where(c => full[c * (candidates.Length + 1)] != 0).ToList();
        var (keptQ, keptR) = (new double[p * p], new double[p * p]);
        for (var j = 0; j < kept.Count; j++)
        {
            Q.AsSpan(kept[j] * p, p).CopyTo(keptQ.AsSpan(j * p, p));
            for (var i = 0; i <= j; i++) keptR[i + (j * p)] = full[kept[i] + (kept[j] * candidates.Length)];
        }

        return ([.. kept.Select(c => candidates[c])], keptQ, keptR);
    }

    private double[] FindScales()
    {
        var largest = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var j = 0; j < Count; j++) largest[Covariates(j)] = Math.Max(largest.GetValueOrDefault(Covariates(j)), Vectors.Norm(Coordinate(j)));
        return [.. Enumerable.Range(0, Count).Select(j => largest[Covariates(j)] is var size && size > 0 ? size : 1)];
    }

    private string Covariates(int column) => Design.Assign[column] == 0
        ? ""
        : string.Join('\n', Design.Terms[Design.Assign[column] - 1].Covariates.Order(StringComparer.Ordinal));

    private void Express(int column)
    {
        var target = A.AsSpan(column * p, p);
        for (var i = 0; i < p; i++)
        {
            if (Columns[i] != column) continue;
            target[i] = 1;
            return;
        }

        for (var i = 0; i < p; i++) target[i] = Vectors.Dot(basisQ.AsSpan(i * p, p), Coordinate(column));
        for (var j = p - 1; j >= 0; j--)
        {
            for (var k = j + 1; k < p; k++) target[j] -= basisR[j + (k * p)] * target[k];
            target[j] /= basisR[j * (p + 1)];
        }

        for (var i = 0; i < p; i++)
        {
            var part = Math.Abs(target[i]) * Vectors.Norm(Coordinate(Columns[i]));
            target[i] = part <= Rounding * Scales[column] ? 0 : target[i] * Scales[Columns[i]] / Scales[column];
        }
    }
}
