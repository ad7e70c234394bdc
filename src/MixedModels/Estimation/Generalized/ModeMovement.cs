using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>How the conditional modes b* = T u, in standardised coordinates, move with the outer parameters: J = db*/dphi, a column a parameter.</summary>
internal static class ModeMovement
{
    /// <summary>The step in units of a parameter's standard error: third differences enter at 1e-6, the modes' own error (1e-10) at 1e-7.</summary>
    private const double Step = 1e-3;

    /// <summary>The longest step, for parameters without curvature.</summary>
    private const double LongestStep = 0.1;

    /// <summary>In the fixed effects alone, q×p: −L M⁻¹L'Z'WX.</summary>
    public static double[] OfCoefficients(LaplaceDeviance deviance)
    {
        var (predictor, weights) = (deviance.Predictor, deviance.Mode.Densities.Weights);
        var (C, J, x) = (new double[predictor.q * predictor.p], new double[predictor.q * predictor.p], new double[predictor.n]);
        for (var j = 0; j < predictor.p; j++)
        {
            var column = predictor.Column(j);
            for (var i = 0; i < x.Length; i++) x[i] = -weights[i] * column[i];
            predictor.RandomProducts(x, C.AsSpan(j * predictor.q, predictor.q));
        }

        deviance.System.ApplyConditional(C, predictor.p, J);
        return J;
    }

    /// <summary>In all parameters (theta, beta*, psi), q×k: exact in beta*, by central differences of the mode in the others. Leaves the deviance at the optimum.</summary>
    public static double[] OfAll(LaplaceDeviance deviance, GeneralizedOptimum optimum)
    {
        var (k, q, phi) = (deviance.Dimension, deviance.Predictor.q, optimum.Phi);
        var (first, p, isInner) = (deviance.Layout.Count, deviance.Predictor.p, deviance.Mode.Inner is not null);
        deviance.Value(phi);
        var J = new double[q * (isInner ? k + p : k)];
        OfCoefficients(deviance).CopyTo(J, first * q);
        for (var j = 0; j < k; j++)
        {
            if (!isInner && j >= first && j < first + p) continue;
            var curvature = Math.Abs(optimum.Hessian[j * (k + 1)]);
            var step = curvature > 0 ? Math.Min(LongestStep, Step * Math.Sqrt(2 / curvature)) : Step;
            var (after, before) = (ModesAt(deviance, phi, j, step), ModesAt(deviance, phi, j, -step));
            var own = J.AsSpan((isInner && j >= first ? j + p : j) * q, q);
            for (var i = 0; i < q; i++) own[i] = (after[i] - before[i]) / (2 * step);

            // Inner fixed effects have moved too; what modes move by with these has its own columns.
            for (var c = 0; c < p && isInner; c++) Vectors.AddScaled((before[q + c] - after[q + c]) / (2 * step), J.AsSpan((first + c) * q, q), own);
        }

        deviance.Value(phi);
        return J;
    }

    /// <summary>Adds J_l Cov J_l' of one level's p effects to a p×p block.</summary>
    public static void AddCovariance(double[] J, int q, int first, double[] covariance, int p, Span<double> block)
    {
        var k = J.Length / q;
        var image = new double[k];
        for (var i = 0; i < p; i++)
        {
            Array.Clear(image);
            for (var c = 0; c < k; c++)
            {
                if (J[first + i + (c * q)] != 0) Vectors.AddScaled(J[first + i + (c * q)], covariance.AsSpan(c * k, k), image);
            }

            for (var j = 0; j < p; j++)
            {
                for (var c = 0; c < k; c++) block[j + (i * p)] += J[first + j + (c * q)] * image[c];
            }
        }
    }

    /// <summary>b* = T u at moved parameters, then inner fixed effects; NaN where there is no mode.</summary>
    private static double[] ModesAt(LaplaceDeviance deviance, double[] phi, int parameter, double step)
    {
        var moved = (double[])phi.Clone();
        moved[parameter] += step;
        var b = new double[deviance.Predictor.q + (deviance.Mode.Inner?.Beta.Length ?? 0)];
        if (!double.IsFinite(deviance.Value(moved)))
        {
            Array.Fill(b, double.NaN);
            return b;
        }

        var factors = deviance.Layout.Factors(deviance.Theta(moved));
        for (var t = 0; t < factors.Length; t++)
        {
            var (p, first) = (deviance.Layout.Structure(t).Dimension, deviance.Predictor.Offsets[t]);
            var levels = deviance.System.Terms[t].LevelCount;
            Product.Add(1, factors[t], p, false, deviance.Mode.u.AsSpan(first, levels * p), p, false, b.AsSpan(first, levels * p), p, p, levels, p);
        }

        deviance.Mode.Inner?.Beta.CopyTo(b, deviance.Predictor.q);
        return b;
    }
}
