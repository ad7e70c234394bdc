using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>Henderson's mixed model equations for given variances, dense, in the user's units. Immutable.</summary>
/// <remarks>
/// [X'R⁻¹X  X'R⁻¹Z; Z'R⁻¹X  Z'R⁻¹Z + G⁻¹] [beta; b] = [X'R⁻¹y; Z'R⁻¹y] with R = sigma² W⁻¹ and G = blockdiag(I ⊗ G_t).
/// Effect i of level l of term t is unknown p + offset_t + l·p_t + i.
/// Source: Henderson 1975, Best linear unbiased estimation and prediction under a selection model, Biometrics 31, eq. 2.
/// </remarks>
internal sealed class MixedModelEquations
{
    private readonly double[] factor;

    /// <summary>Forms the equations and solves them. O(n (p + Σ p_t)² + order³).</summary>
    /// <param name="data">The data.</param>
    /// <param name="inverseG">A term: p_t×p_t inverse covariance of a level's effects.</param>
    /// <param name="sigma">The residual standard deviation of a row of weight 1.</param>
    /// <param name="whiten">R⁻½ times the columns of a matrix of n rows, scaled by the roots of their weights, over sigma; null for independent residuals of one variance.</param>
    public MixedModelEquations(LinearData data, IReadOnlyList<double[]> inverseG, double sigma, Func<double[], double[]>? whiten = null)
    {
        Order = OrderOf(data);
        Coefficients = new double[Order * Order];
        RightHandSide = new double[Order];
        if (whiten is null) AddRows(data, sigma);
        else AddWhitened(data, sigma, whiten);
        AddInverseCovariances(data, inverseG);
        Symmetric.MirrorLower(Coefficients, Order, Order);

        factor = (double[])Coefficients.Clone();
        IsSolved = Cholesky.Factor(factor, Order, Order) < 0;
        Solution = (double[])RightHandSide.Clone();
        if (!IsSolved) return;
        TriangularSolve.Lower(factor, Order, Order, Solution, 1, Order);
        TriangularSolve.LowerTransposed(factor, Order, Order, Solution, 1, Order);
    }

    /// <summary>Fixed and random effects together.</summary>
    public int Order { get; }

    /// <summary>Order × order, column-major, symmetric.</summary>
    public double[] Coefficients { get; }

    /// <summary>[X'R⁻¹y; Z'R⁻¹y].</summary>
    public double[] RightHandSide { get; }

    /// <summary>BLUE of beta, then BLUP of b; undefined unless <see cref="IsSolved"/>.</summary>
    public double[] Solution { get; }

    /// <summary>Whether the coefficient matrix is positive definite in double precision.</summary>
    public bool IsSolved { get; }

    /// <summary>The number of unknowns that data lead to.</summary>
    public static int OrderOf(LinearData data) => data.p + data.Terms.Sum(term => term.LevelCount * term.Dimension);

    /// <summary>The inverse of the coefficient matrix: Var(beta-hat), Cov(beta-hat, b-hat − b), Var(b-hat − b).</summary>
    public double[] Inverse()
    {
        var inverse = (double[])factor.Clone();
        SymmetricInverse.FromCholesky(inverse, Order, Order);
        Symmetric.MirrorLower(inverse, Order, Order);
        return inverse;
    }

    // A row touches p unknowns and p_t for each of its levels; the lower triangle of their outer product is added.
    private void AddRows(LinearData data, double sigma)
    {
        var (places, values) = (new List<int>(), new List<double>());
        for (var r = 0; r < data.n; r++)
        {
            Gather(data, r, places, values);
            var precision = (data.Weights.IsEmpty ? 1 : data.Weights.Span[r]) / (sigma * sigma);
            for (var a = 0; a < places.Count; a++)
            {
                RightHandSide[places[a]] += precision * values[a] * data.y.Span[r];
                for (var b = 0; b <= a; b++)
                    Coefficients[Math.Max(places[a], places[b]) + (Math.Min(places[a], places[b]) * Order)] += precision * values[a] * values[b];
            }
        }
    }

    /// <summary>The products of R⁻½[X Z] and R⁻½y.</summary>
    private void AddWhitened(LinearData data, double sigma, Func<double[], double[]> whiten)
    {
        var n = data.n;
        var (columns, y) = (new double[n * Order], new double[n]);
        var (places, values) = (new List<int>(), new List<double>());
        for (var r = 0; r < n; r++)
        {
            var root = (data.Weights.IsEmpty ? 1 : Math.Sqrt(data.Weights.Span[r])) / sigma;
            Gather(data, r, places, values);
            for (var a = 0; a < places.Count; a++) columns[r + (places[a] * n)] = root * values[a];
            y[r] = root * data.y.Span[r];
        }

        (columns, y) = (whiten(columns), whiten(y));
        Product.AddSymmetricRankUpdate(1, columns, n, transposeA: true, Coefficients, Order, Order, n);
        Product.Add(1, columns, n, true, y, n, false, RightHandSide, Order, Order, 1, n);
    }

    // No place occurs twice, because a row has an entry a level.
    private static void Gather(LinearData data, int r, List<int> places, List<double> values)
    {
        places.Clear();
        values.Clear();
        for (var j = 0; j < data.p; j++) Add(j, data.X.Span[r + (j * data.n)]);
        var offset = data.p;
        foreach (var term in data.Terms)
        {
            var (first, end) = term.Entries(r);
            for (var e = first; e < end; e++)
            {
                for (var j = 0; j < term.Dimension; j++)
                    Add(offset + (term.LevelOfRow.Span[e] * term.Dimension) + j, term.Z.Span[e + (j * term.LevelOfRow.Length)]);
            }

            offset += term.LevelCount * term.Dimension;
        }

        void Add(int place, double value)
        {
            places.Add(place);
            values.Add(value);
        }
    }

    private void AddInverseCovariances(LinearData data, IReadOnlyList<double[]> inverseG)
    {
        var first = data.p;
        for (var t = 0; t < data.Terms.Count; t++)
        {
            var p = data.Terms[t].Dimension;
            for (var l = 0; l < data.Terms[t].LevelCount; l++, first += p)
            {
                for (var j = 0; j < p; j++)
                {
                    for (var i = j; i < p; i++) Coefficients[first + i + ((first + j) * Order)] += inverseG[t][i + (j * p)];
                }
            }
        }
    }
}
