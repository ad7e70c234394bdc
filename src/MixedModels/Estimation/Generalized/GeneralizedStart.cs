using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// Where the search begins: fixed effects and family parameters of the model without random effects, by iterated weighted least squares, from
/// its scores a moment estimate of each variance, and both carried over to the scale of a model with random effects (<see cref="ConditionalScale"/>).
/// Never at zero, where the gradient in T vanishes whatever the data say.
/// </summary>
/// <remarks>
/// With v = Z_a'l' and A_l = Z_al'WZ_al of column a at that fit: E Σ_l v_l² ≈ Σ_l A_l + g_a Σ_l A_l² to first order in the variance g_a.
/// </remarks>
internal static class GeneralizedStart
{
    /// <summary>The least variance a column starts with, as a share of what makes between- and within-level information equal.</summary>
    private const double LeastShare = 0.05;

    /// <summary>The largest start variance in units of the predictor's working variance; more is reached by steps.</summary>
    private const double MostShare = 20;

    private const int MostIterations = 30;

    /// <summary>The gain in log-density, relative to its size, at which a start is good enough.</summary>
    private const double SmallGain = 1e-4;

    /// <summary>The parameters phi of a deviance; null where no mean inside the family's range was found.</summary>
    public static double[]? Compute(LaplaceDeviance deviance)
    {
        var phi = new double[deviance.Dimension];
        var data = deviance.Data;
        var beta = deviance.Mode.Inner is { } inner ? inner.Start : phi.AsSpan(deviance.Layout.Count, deviance.Predictor.p);
        var psi = phi.AsSpan(deviance.FirstPsi);
        var eta = StartPredictors(data);
        StartParameters(data, eta, psi);
        if (!FitFixedEffects(deviance, eta, beta, psi)) return null;
        StartParameters(data, eta, psi);
        StartVariances(deviance, eta, beta, psi, phi);
        deviance.Mode.Reset();
        return phi;
    }

    /// <summary>
    /// Draws parameters towards one mean for all rows and no random effects until the deviance is defined: large effects may have no mode inside
    /// the range of the link, and fixed effects may stand on its edge. Returns the evaluations it took.
    /// </summary>
    public static int Shrink(LaplaceDeviance deviance, double[] phi, int most)
    {
        if (double.IsFinite(deviance.Value(phi))) return 0;
        var beta = deviance.Mode.Inner is { } inner ? inner.Start : phi.AsSpan(deviance.Layout.Count, deviance.Predictor.p);
        var constant = new double[beta.Length];
        if (!Constant(deviance, new double[deviance.Data.n], constant, deviance.Psi(phi))) return 0;
        for (var shrinkings = 1; ; shrinkings++)
        {
            Vectors.Scale(0.5, phi.AsSpan(0, deviance.Layout.Count));
            for (var j = 0; j < constant.Length; j++) beta[j] = (0.75 * beta[j]) + (0.25 * constant[j]);
            deviance.Mode.Reset();
            if (shrinkings == most || double.IsFinite(deviance.Value(phi))) return shrinkings;
        }
    }

    private static double[] StartPredictors(GeneralizedData data)
    {
        var (sum, weight) = (0.0, 0.0);
        foreach (var row in data.Rows)
        {
            sum += row.Weight * row.Response;
            weight += row.Weight * row.Trials;
        }

        return [.. data.Rows.Select(row => data.Family.Link.Predictor(data.Family.StartMean(row, sum / weight)))];
    }

    private static void StartParameters(GeneralizedData data, double[] eta, Span<double> psi)
    {
        if (psi.Length == 0) return;
        var means = new double[eta.Length];
        for (var i = 0; i < means.Length; i++) means[i] = data.Family.Link.Mean(eta[i]).Value;
        data.Family.StartParameters(data.Rows, means, psi);
        for (var k = 0; k < psi.Length; k++) psi[k] = double.IsFinite(psi[k]) ? Math.Clamp(psi[k], -20, 20) : 0;
    }

    /// <summary>Iterated weighted least squares with step halving; eta becomes the predictors of beta.</summary>
    private static bool FitFixedEffects(LaplaceDeviance deviance, double[] eta, Span<double> beta, ReadOnlySpan<double> psi)
    {
        var (densities, n) = (deviance.Mode.Densities, deviance.Data.n);
        var weights = new double[n];
        var response = new double[n];
        var current = densities.Evaluate(eta, psi);
        var found = false;
        var next = new double[beta.Length];
        var trial = new double[n];
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            densities.ExpectedWeights(eta, psi, weights);
            for (var i = 0; i < n; i++)
            {
                if (!(weights[i] > 0) || !double.IsFinite(weights[i])) weights[i] = 1e-10;
                response[i] = eta[i] + (densities.First[i] / weights[i]);
            }

            if (!Regress(deviance, weights, response, next)) return found;
            var density = double.NaN;
            for (var (halvings, alpha) = (0, 1.0); halvings < 30; halvings++, alpha *= 0.5)
            {
                // The first predictors are those of saturated means, so the first fit has nothing to be halved towards.
                for (var j = 0; j < next.Length; j++) next[j] = found && alpha < 1 ? 0.5 * (next[j] + beta[j]) : next[j];
                Predict(deviance, next, trial);
                density = densities.Evaluate(trial, psi);
                if (double.IsFinite(density) && (!found || density >= current)) break;
                if (!found) return Constant(deviance, eta, beta, psi);
            }

            if (!double.IsFinite(density) || (found && density < current)) break;
            next.CopyTo(beta);
            trial.CopyTo(eta, 0);
            var gain = density - current;
            current = density;
            if (found && gain <= SmallGain * (1 + Math.Abs(density - densities.Constant))) break;
            found = true;
        }

        return found && double.IsFinite(densities.Evaluate(eta, psi));
    }

    /// <summary>Where the first regression leaves the family's range: the fixed effects nearest to one mean for all rows.</summary>
    private static bool Constant(LaplaceDeviance deviance, double[] eta, Span<double> beta, ReadOnlySpan<double> psi)
    {
        var data = deviance.Data;
        var (n, sum, trials) = (data.n, 0.0, 0.0);
        foreach (var row in data.Rows) (sum, trials) = (sum + row.Response, trials + row.Trials);
        var ones = new double[n];
        Array.Fill(ones, 1);
        var response = new double[n];
        Array.Fill(response, data.Family.Link.Predictor(sum / trials));
        var solution = new double[beta.Length];
        if (!Regress(deviance, ones, response, solution)) return false;
        solution.CopyTo(beta);
        Predict(deviance, solution, eta);
        return double.IsFinite(deviance.Mode.Densities.Evaluate(eta, psi));
    }

    private static void Predict(LaplaceDeviance deviance, double[] beta, double[] eta)
    {
        if (deviance.Data.Offset.IsEmpty) Array.Clear(eta);
        else deviance.Data.Offset.Span.CopyTo(eta);
        deviance.Predictor.AddFixed(beta, eta);
    }

    /// <summary>Weighted least squares of a response less its offset on X; false where X'WX is singular.</summary>
    private static bool Regress(LaplaceDeviance deviance, double[] weights, double[] response, double[] beta)
    {
        var predictor = deviance.Predictor;
        var offset = deviance.Data.Offset.Span;
        var (n, p) = (predictor.n, predictor.p);
        if (p == 0) return true;
        var S = new double[p * p];
        var x = new double[n];
        for (var j = 0; j < p; j++)
        {
            var column = predictor.Column(j);
            Vectors.Multiply(weights, column, x);
            predictor.FixedProducts(x, S.AsSpan(j * p, p));
        }

        for (var i = 0; i < n; i++) x[i] = weights[i] * (response[i] - (offset.IsEmpty ? 0 : offset[i]));
        predictor.FixedProducts(x, beta);
        if (Cholesky.Factor(S, p, p) >= 0) return false;
        TriangularSolve.Lower(S, p, p, beta, 1, p);
        TriangularSolve.LowerTransposed(S, p, p, beta, 1, p);
        return true;
    }

    private static void StartVariances(LaplaceDeviance deviance, double[] eta, Span<double> beta, ReadOnlySpan<double> psi, double[] phi)
    {
        var (densities, predictor, layout) = (deviance.Mode.Densities, deviance.Predictor, deviance.Layout);
        if (layout.Count == 0) return;
        densities.Evaluate(eta, psi);
        var weights = new double[predictor.n];
        densities.ExpectedWeights(eta, psi, weights);
        var scores = new double[predictor.q];
        predictor.RandomProducts(densities.First, scores);
        var information = new double[predictor.q];
        predictor.RandomSquares(weights, information);
        var variances = new double[layout.TermCount][];
        var (total, totalWeight) = (0.0, Vectors.Sum(weights));
        for (var t = 0; t < variances.Length; t++)
        {
            var p = layout.Structure(t).Dimension;
            variances[t] = new double[p];
            for (var j = 0; j < p; j++)
            {
                var (variance, sum) = Variance(scores, information, predictor.Offsets[t] + j, predictor.Offsets[t + 1], p);
                variances[t][j] = variance;
                total += variance * sum / totalWeight;
            }
        }

        var factor = ToConditionalScale(deviance, eta, beta, Vectors.Dot(weights, eta) / totalWeight, total);
        for (var t = 0; t < variances.Length; t++)
        {
            Vectors.Scale(factor, variances[t]);
            layout.Structure(t).Start(variances[t], layout.Slice(phi.AsSpan(0, layout.Count), t));
        }
    }

    /// <summary>Carries fixed effects over to the conditional scale of an average row whose predictor varies by so much; returns what its variance is multiplied by there.</summary>
    private static double ToConditionalScale(LaplaceDeviance deviance, double[] eta, Span<double> beta, double average, double moment)
    {
        if (!(moment > 0) || !double.IsFinite(average)) return 1;
        var scale = ConditionalScale.Of(deviance.Data.Family.Link, average, moment);
        if (scale.Predictor == average && scale.Slope == 1) return 1;
        var (ones, target, conditional) = (new double[eta.Length], new double[eta.Length], new double[beta.Length]);
        Array.Fill(ones, 1);
        for (var i = 0; i < target.Length; i++) target[i] = scale.Predictor + ((eta[i] - average) / scale.Slope);
        if (!Regress(deviance, ones, target, conditional)) return 1;
        conditional.CopyTo(beta);
        return scale.Variance / moment;
    }

    /// <summary>The moment estimate of a column's variance, and the column's information.</summary>
    private static (double Variance, double Information) Variance(double[] scores, double[] information, int first, int end, int stride)
    {
        var (excess, sum, squares, levels) = (0.0, 0.0, 0.0, 0);
        for (var e = first; e < end; e += stride, levels++)
        {
            excess += (scores[e] * scores[e]) - information[e];
            sum += information[e];
            squares += information[e] * information[e];
        }

        if (!(sum > 0) || !double.IsFinite(sum + excess)) return (1, 0);
        var balanced = levels / sum;
        return (Math.Clamp(excess / squares, LeastShare * balanced, MostShare * Math.Max(balanced, 1)), sum);
    }
}
