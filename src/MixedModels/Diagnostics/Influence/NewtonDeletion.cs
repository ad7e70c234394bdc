using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Diagnostics.Influence;

/// <summary>What the parameters of a generalized model become without a set of rows, by one Newton step from the optimum: variances and family parameters move too. A workspace of one thread.</summary>
/// <remarks>
/// The likelihood is a product over sets of rows that no random effect ties together. With s and I what the log-likelihood loses in gradient and information without
/// the rows, the step is −(C⁻¹ − I)⁻¹s, C the covariance of all parameters. Sources: Pregibon 1981, Annals of Statistics 9, 705–724 (one step); Zhu and Lee 2001,
/// J. R. Stat. Soc. B 63, 111–126 (models with random effects).
/// </remarks>
internal sealed class NewtonDeletion
{
    private readonly ClusterScores scores;
    private readonly StandardizedData data;
    private readonly int first;
    private readonly double[] root;
    private readonly double[] rootOfEffects;
    private readonly int[] part;
    private readonly int[][] rowsOfPart;
    private (int Part, double[] Score, double[] Hessian)? known;

    /// <summary>Prepares the work at the optimum of a deviance that has the fixed effects among its parameters.</summary>
    public NewtonDeletion(StandardizedData data, LaplaceDeviance deviance, GeneralizedOptimum optimum, GeneralizedCovariance covariance, ModelDesign design)
    {
        (this.data, scores, first) = (data, new(data, deviance, optimum), deviance.Layout.Count);
        root = Root(covariance.Standardized);
        rootOfEffects = Root(covariance.StandardizedCoefficients);
        part = IndependentParts.Of(design);
        rowsOfPart = InfluenceAnalysis.RowsByLevel(part, part.Max() + 1);
    }

    /// <summary>The gradients, over rows and parameters, that the steps of all sets take.</summary>
    public double Work(IEnumerable<int[]> sets)
    {
        var k = Math.Sqrt(root.Length);
        return sets.Sum(set => set.Select(r => part[r]).Distinct().Sum(own => (double)rowsOfPart[own].Length)) * ((2 * k) + 1);
    }

    /// <summary>
    /// The change of the p fixed effects in the user's units, and Cook's distance: the squared change in the metric of their covariance, over p. Null where some
    /// parameter cannot be estimated without the rows.
    /// </summary>
    public (double[] Changes, double CookDistance)? Without(int[] rows)
    {
        var (k, p) = ((int)Math.Round(Math.Sqrt(root.Length)), data.Data.p);
        var (score, hessian) = (new double[k], new double[k * k]);
        foreach (var own in rows.GroupBy(r => part[r])) AddLoss(own.Key, [.. own], score, hessian);

        // With C = FF' the step is −F(1 − F'IF)⁻¹F's, I half the Hessian of the deviance.
        var (step, half, left) = (new double[k], new double[k * k], new double[k * k]);
        Product.Add(-1, root, k, true, score, k, false, step, k, k, 1, k);
        Product.Add(0.5, hessian, k, false, root, k, false, half, k, k, k, k);
        Product.Add(-1, root, k, true, half, k, false, left, k, k, k, k);
        for (var j = 0; j < k; j++) left[j * (k + 1)] += 1;
        if (Cholesky.Factor(left, k, k) >= 0 || !step.All(double.IsFinite)) return null;
        TriangularSolve.Lower(left, k, k, step, 1, k);
        TriangularSolve.LowerTransposed(left, k, k, step, 1, k);
        var delta = new double[k];
        Product.Add(1, root, k, false, step, k, false, delta, k, k, 1, k);
        return Effects(delta.AsSpan(first, p));
    }

    private (double[] Changes, double CookDistance)? Effects(ReadOnlySpan<double> delta)
    {
        var (p, n) = (delta.Length, data.Data.n);
        var (changes, white) = (delta.ToArray(), delta.ToArray());
        TriangularSolve.Lower(rootOfEffects, p, p, white, 1, p);
        Vectors.Scale(Math.Sqrt(n), changes);
        UserUnits.SolveUpper(data.R, p, changes);
        return changes.All(double.IsFinite) ? (changes, Vectors.Dot(white, white) / p) : null;
    }

    /// <summary>Adds what the log-likelihood loses in gradient, and the deviance in second derivatives, without some rows of one part.</summary>
    private void AddLoss(int own, int[] rows, double[] score, double[] hessian)
    {
        if (known is not { } whole || whole.Part != own)
        {
            var all = rowsOfPart[own];
            known = whole = (own, scores.Score(all, out _), scores.Hessian(all));
        }

        Vectors.AddScaled(1, whole.Score, score);
        Vectors.AddScaled(1, whole.Hessian, hessian);
        int[] kept = [.. rowsOfPart[own].Except(rows)];
        if (kept.Length == 0) return;
        Vectors.AddScaled(-1, scores.Score(kept, out _), score);
        Vectors.AddScaled(-1, scores.Hessian(kept), hessian);
    }

    private static double[] Root(double[] C)
    {
        var F = new double[C.Length];
        SemidefiniteCholesky.Factor((double[])C.Clone(), (int)Math.Round(Math.Sqrt(C.Length)), F);
        return F;
    }
}
