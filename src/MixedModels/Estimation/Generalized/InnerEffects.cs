using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// Fixed effects as a part of the inner search: with C = L'Z'WX, U = M⁻¹C and S = X'WX − C'U = X'V⁻¹X, the Hessian of −log f(y | u, beta) + ½u'u
/// in both is [M C; C' X'WX], and its determinant |M|·|S|. A work space of one thread.
/// </summary>
internal sealed class InnerEffects
{
    private readonly double[] C;
    private readonly PredictorRows predictor;
    private readonly double[] score;
    private readonly double[] step;

    public InnerEffects(PredictorRows predictor)
    {
        this.predictor = predictor;
        var (p, q) = (predictor.p, predictor.q);
        (Beta, Start, score, step) = (new double[p], new double[p], new double[p], new double[p]);
        (C, U, RX) = (new double[q * p], new double[q * p], new double[p * p]);
    }

    /// <summary>p fixed effects at the mode.</summary>
    public double[] Beta { get; }

    /// <summary>Where a search begins that knows no earlier mode.</summary>
    public double[] Start { get; }

    /// <summary>U = M⁻¹L'Z'WX (q×p) at the last factor.</summary>
    public double[] U { get; }

    /// <summary>The lower factor of S = RX RX' (p×p) at the last factor.</summary>
    public double[] RX { get; }

    /// <summary>log|S|.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>Forms U and S of a system that has just been factored with some weights; false where S is not positive definite.</summary>
    public bool Factor(PenalizedSystem system, IReadOnlyList<double[]> T, double[] weights)
    {
        var (n, p, q) = (predictor.n, predictor.p, predictor.q);
        var x = new double[n];
        for (var j = 0; j < p; j++)
        {
            var column = predictor.Column(j);
            Vectors.Multiply(weights, column, x);
            predictor.FixedProducts(x, RX.AsSpan(j * p, p));
            predictor.RandomProducts(x, C.AsSpan(j * q, q));
        }

        if (q > 0 && p > 0)
        {
            BlockScaling.ScaleRows(C, q, p, system.Terms, predictor.Offsets, T, transpose: true);
            system.SolvePenalized(C, p, U);
            Product.Add(-1, C, q, true, U, q, false, RX, p, p, p, q);
        }

        if (p > 0 && Cholesky.Factor(RX, p, p) >= 0) return false;
        LogDeterminant = 0;
        for (var j = 0; j < p; j++) LogDeterminant += 2 * Math.Log(RX[j * (p + 1)]);
        return true;
    }

    /// <summary>Makes of the step M⁻¹g in u the joint Newton step; what X'l' adds to the decrement.</summary>
    /// <param name="first">n derivatives l'.</param>
    /// <param name="ofU">The step in u, corrected here.</param>
    /// <param name="gradient">g = L'Z'l' − u.</param>
    /// <returns>The joint decrement.</returns>
    public double Complete(double[] first, double[] ofU, double[] gradient)
    {
        var (p, q) = (predictor.p, predictor.q);
        predictor.FixedProducts(first, score);
        for (var j = 0; j < p; j++) step[j] = score[j] - (q > 0 ? Vectors.Dot(C.AsSpan(j * q, q), ofU) : 0);
        Solve(step);
        for (var j = 0; j < p && q > 0; j++) Vectors.AddScaled(-step[j], U.AsSpan(j * q, q), ofU);
        return Vectors.Dot(gradient, ofU) + Vectors.Dot(score, step);
    }

    /// <summary>rise += X times the step.</summary>
    public void AddStep(double[] rise) => predictor.AddFixed(step, rise);

    /// <summary>Takes a share of the step.</summary>
    public void Advance(double alpha) => Vectors.AddScaled(alpha, step, Beta);

    /// <summary>S⁻¹ in place, a vector of p.</summary>
    public void Solve(Span<double> vector)
    {
        var p = predictor.p;
        if (p == 0) return;
        TriangularSolve.Lower(RX, p, p, vector, 1, p);
        TriangularSolve.LowerTransposed(RX, p, p, vector, 1, p);
    }
}
