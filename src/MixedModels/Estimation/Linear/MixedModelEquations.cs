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
    public MixedModelEquations(LinearData data, IReadOnlyList<double[]> inverseG, double sigma)
    {
        Order = OrderOf(data);
        Coefficients = new double[Order * Order];
        RightHandSide = new double[Order];
        AddRows(data, sigma);
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

    // A row touches p + Σ p_t unknowns; the lower triangle of their outer product is added.
    private void AddRows(LinearData data, double sigma)
    {
        var width = data.p + data.Terms.Sum(term => term.Dimension);
        var places = new int[width];
        var values = new double[width];
        for (var r = 0; r < data.n; r++)
        {
            Gather(data, r, places, values);
            var precision = (data.Weights.IsEmpty ? 1 : data.Weights.Span[r]) / (sigma * sigma);
            for (var a = 0; a < width; a++)
            {
                RightHandSide[places[a]] += precision * values[a] * data.y.Span[r];
                for (var b = 0; b <= a; b++) Coefficients[places[a] + (places[b] * Order)] += precision * values[a] * values[b];
            }
        }
    }

    // Places ascend with the terms, so that a pair (a ≥ b) always lands in the lower triangle.
    private static void Gather(LinearData data, int r, int[] places, double[] values)
    {
        var next = 0;
        for (var j = 0; j < data.p; j++, next++) (places[next], values[next]) = (j, data.X.Span[r + (j * data.n)]);
        var offset = data.p;
        foreach (var term in data.Terms)
        {
            var first = offset + (term.LevelOfRow.Span[r] * term.Dimension);
            for (var j = 0; j < term.Dimension; j++, next++) (places[next], values[next]) = (first + j, term.Z.Span[r + (j * data.n)]);
            offset += term.LevelCount * term.Dimension;
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
