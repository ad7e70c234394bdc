using MixedModels.Covariance;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The EM algorithm for linear mixed models with sigma² profiled (ECME), plain or parameter-expanded. The deviance falls at every
/// step; near a boundary the plain one crawls, the expanded one less so.
/// </summary>
/// <remarks>
/// With Gamma the derivative of the deviance in G_t and L_t levels, E[Σ b_lb_l' | y]/(L_t sigma²) = G − G Gamma G / L_t
/// (Laird and Ware 1982; Liu and Rubin 1994, Biometrika 81, 633–648, for the profile).
/// Parameter expansion (Liu, Rubin and Wu 1998, Biometrika 85, 755–770) adds a working matrix alpha, b = alpha b*, whose maximiser is
/// I − U⁻¹(Gamma G) with U = Σ_l A_l ⊗ E[b_lb_l' | y]/sigma², and maps G to alpha G alpha'. It is applied to one term a step, in turn,
/// because the terms' alphas are coupled.
/// </remarks>
internal sealed class ExpectationMaximization
{
    private readonly ProfiledDeviance deviance;
    private readonly bool expanded;

    /// <summary>An EM iteration on a deviance.</summary>
    /// <param name="deviance">The deviance; its terms must be unstructured or diagonal.</param>
    /// <param name="expanded">Whether parameters are expanded.</param>
    public ExpectationMaximization(ProfiledDeviance deviance, bool expanded) => (this.deviance, this.expanded) = (deviance, expanded);

    /// <summary>One step: returns the next parameters and gives the deviance at the present ones.</summary>
    /// <param name="theta">The present parameters.</param>
    /// <param name="step">The number of the step, which chooses the term that is expanded.</param>
    /// <param name="value">The deviance at <paramref name="theta"/>.</param>
    public double[] Step(double[] theta, int step, out double value)
    {
        value = deviance.Value(theta);
        var derivatives = deviance.Derivatives(theta);
        var next = new double[theta.Length];
        for (var t = 0; t < deviance.Layout.TermCount; t++)
        {
            var structure = deviance.Layout.Structure(t);
            var p = structure.Dimension;
            var G = RelativeCovariance.Of(structure, deviance.Layout.Slice(theta, t));
            var GammaG = Multiply(derivatives.Gamma(t), G, p);
            var updated = Multiply(G, GammaG, p);
            for (var i = 0; i < updated.Length; i++) updated[i] = G[i] - (updated[i] / deviance.System.Terms[t].LevelCount);
            if (expanded && step % deviance.Layout.TermCount == t) updated = Expand(t, derivatives, G, GammaG, updated);
            structure.FromCovariance(updated, deviance.Layout.Slice(next.AsSpan(), t));
        }

        return next;
    }

    /// <summary>alpha·G·alpha' with alpha = I − U⁻¹(Gamma G); only its diagonal is free for a diagonal structure.</summary>
    private double[] Expand(int term, LinearDerivatives derivatives, double[] G, double[] GammaG, double[] updated)
    {
        var structure = deviance.Layout.Structure(term);
        var p = structure.Dimension;
        var free = structure.Columns == ColumnFreedom.Mixed
            ? Enumerable.Range(0, p * p).ToArray()
            : [.. Enumerable.Range(0, p).Select(i => i * (p + 1))];
        var U = WorkingCurvature(term, derivatives, G, free);
        var right = free.Select(entry => GammaG[entry]).ToArray();
        if (!LinearSolve.InPlace(U, right, free.Length)) return updated;
        var alpha = new double[p * p];
        for (var i = 0; i < p; i++) alpha[i * (p + 1)] = 1;
        for (var k = 0; k < free.Length; k++) alpha[free[k]] -= right[k];
        var half = Multiply(alpha, updated, p);
        var result = new double[p * p];
        Product.Add(1, half, p, false, alpha, p, true, result, p, p, p, p);
        return result;
    }

    /// <summary>U[(i, j), (k, m)] = Σ_l A_l[i, k] E[b_lj b_lm | y]/sigma² over the free entries of alpha.</summary>
    private double[] WorkingCurvature(int term, LinearDerivatives derivatives, double[] G, int[] free)
    {
        var p = deviance.System.Terms[term].Dimension;
        var U = new double[free.Length * free.Length];
        var A = new double[p * p];
        var moment = new double[p * p];
        for (var l = 0; l < deviance.System.Terms[term].LevelCount; l++)
        {
            deviance.System.CrossProductBlock(term, l, A);
            derivatives.ConditionalMoment(term, l, G, moment);
            for (var c = 0; c < free.Length; c++)
            {
                var (k, m) = (free[c] % p, free[c] / p);
                for (var r = 0; r < free.Length; r++)
                {
                    var (i, j) = (free[r] % p, free[r] / p);
                    U[r + (c * free.Length)] += A[i + (k * p)] * moment[j + (m * p)];
                }
            }
        }

        return U;
    }

    private static double[] Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int p)
    {
        var result = new double[p * p];
        Product.Add(1, a, p, false, b, p, false, result, p, p, p, p);
        return result;
    }
}
