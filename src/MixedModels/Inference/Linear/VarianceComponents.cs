using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Inference.Linear;

/// <summary>
/// The variance of the responses in parts: fixed effects, each random term averaged over the rows, residual; shares of them, with intervals
/// by the delta method on the logit scale. Immutable.
/// </summary>
/// <remarks>
/// Part 0 is the sample variance of X beta, part 1 + t is sigma² Σ z_i'G_tz_i/n (Johnson 2014, Methods Ecol. Evol. 5), the last
/// sigma² Σ 1/(n w_i). beta is independent of the variances in large samples.
/// </remarks>
internal sealed class VarianceComponents
{
    /// <summary>Fixed effects that differ from their average by less than this share of it are constant but for the rounding of the average.</summary>
    private const double Rounding = 1e-12;

    private readonly LinearEstimate estimate;
    private readonly MarginalEstimate? marginal;
    private readonly double[] parts;
    private readonly double[] theta;

    /// <summary>Forms the parts. O(n (p + Σ p_t²)).</summary>
    /// <param name="estimate">The estimates.</param>
    /// <param name="theta">The random terms' parameters.</param>
    /// <param name="marginal">The rows before they were whitened and their residual variances, where residuals are dependent or unequal; else null.</param>
    public VarianceComponents(LinearEstimate estimate, double[] theta, MarginalEstimate? marginal = null)
    {
        (this.estimate, this.theta, this.marginal) = (estimate, theta, marginal);
        parts = estimate.AtOptimum((whitened, deviance) =>
        {
            var data = marginal?.Data ?? whitened;
            var variance = estimate.Sigma * estimate.Sigma;
            var random = deviance.Layout.Factors(theta).Select((_, t) =>
                variance * Vectors.Dot(RelativeCovariance.Of(deviance.Layout.Structure(t), deviance.Layout.Slice(theta, t)), MeanSquare(data, t)));
            return (double[])[Fixed(data.Data).Variance, .. random, data.Data.HasResidual ? variance * MeanInverseWeight(data.Data, marginal?.Deviations) : 0];
        });
    }

    /// <summary>A share: some parts over some parts.</summary>
    /// <param name="isCounted">Whether a part is in the numerator; all parts, fixed first, residual last.</param>
    /// <param name="hasFixed">Whether the fixed effects are in the denominator; all others are.</param>
    /// <param name="level">The level of an interval; null for none.</param>
    /// <param name="variances">The covariance of theta and sigma, called for an interval.</param>
    public VarianceShare Share(Func<int, bool> isCounted, bool hasFixed, double? level, Func<VarianceInformation> variances)
    {
        var (counted, rest) = (0.0, 0.0);
        for (var k = hasFixed ? 0 : 1; k < parts.Length; k++)
        {
            if (isCounted(k)) counted += parts[k];
            else rest += parts[k];
        }

        var share = counted / (counted + rest);
        if (level is not { } wanted) return new(share);
        if (counted == 0 || rest == 0 || parts[^1] == 0 || !variances().IsDefinite) return new(share, double.NaN, double.NaN);
        var weights = new double[parts.Length];
        for (var k = hasFixed ? 0 : 1; k < parts.Length; k++) weights[k] = isCounted(k) ? 1 / counted : -1 / rest;
        var half = Math.Sqrt(LogitVariance(weights, variances())) * TailProbability.StudentQuantile(1 - wanted, double.PositiveInfinity);
        var logit = Math.Log(counted / rest);
        return new(share, 1 / (1 + Math.Exp(half - logit)), 1 / (1 + Math.Exp(-half - logit)));
    }

    /// <summary>The variance of Σ weights·parts to first order.</summary>
    private double LogitVariance(double[] weights, VarianceInformation variances)
    {
        if (marginal is null) return LogitVarianceOfTheta(weights, variances);
        return marginal.AtOptimum((deviance, psi) => Variance(weights, MarginalGradient(weights, deviance, psi), variances, marginal.Data.Data));
    }

    /// <summary>The gradient in the parameters of V that move it, then sigma.</summary>
    private double[] MarginalGradient(double[] weights, MarginalDeviance deviance, double[] psi)
    {
        var (layout, variance) = (deviance.Layout, estimate.Sigma * estimate.Sigma);
        var gradient = new List<double>();
        foreach (var k in deviance.Information(psi).Active)
        {
            if (k >= layout.Count)
            {
                gradient.Add(weights[^1] * variance * ResidualSlope(deviance, psi, k - layout.Count));
                continue;
            }

            var t = layout.TermOf(k);
            var dG = new double[layout.Structure(t).Dimension * layout.Structure(t).Dimension];
            layout.Structure(t).Derivative(k - layout.Start(t), layout.Slice(psi, t), dG);
            gradient.Add(weights[1 + t] * variance * Vectors.Dot(dG, MeanSquare(marginal!.Data, t)));
        }

        gradient.Add(Enumerable.Range(1, parts.Length - 1).Sum(k => 2 * weights[k] * parts[k]) / Math.Sqrt(deviance.r2 / deviance.nu));
        return [.. gradient];
    }

    /// <summary>The mean over rows of the derivative of R_rr in a parameter.</summary>
    private double ResidualSlope(MarginalDeviance deviance, double[] psi, int parameter)
    {
        var (residual, data, sum) = (deviance.Residual, marginal!.Data.Data, 0.0);
        residual.Evaluate(psi.AsSpan(deviance.Layout.Count), wantsDerivatives: true);
        for (var r = 0; r < data.n; r++)
        {
            var cell = residual.Cells([r])[0];
            var slope = 0.0;
            if (parameter >= residual.ScaleStart) slope = 2 * cell.Value * residual.Scale.First[r + ((parameter - residual.ScaleStart) * data.n)];
            else if (parameter / residual.OwnCount == residual.Data.GroupOfRow[r] && cell.First.Length > 0) slope = cell.First[parameter % residual.OwnCount];
            sum += slope * residual.Scale.Factor[r] * residual.Scale.Factor[r] / (data.Weights.IsEmpty ? 1 : data.Weights.Span[r]);
        }

        return sum / data.n;
    }

    private double Variance(double[] weights, double[] gradient, VarianceInformation variances, LinearData data)
    {
        var sum = weights[0] * weights[0] * Fixed(data).VarianceOfVariance;
        for (var j = 0; j < gradient.Length; j++) sum += gradient[j] * Vectors.Dot(variances.Covariance.AsSpan(j * gradient.Length, gradient.Length), gradient);
        return sum;
    }

    private double LogitVarianceOfTheta(double[] weights, VarianceInformation variances) => estimate.AtOptimum((data, deviance) =>
    {
        var (directions, _) = VarianceDirections.OfTheta(deviance.Layout, theta);
        var gradient = new double[directions.Count + 1];
        for (var k = 0; k < directions.Count; k++)
            gradient[k] = weights[1 + directions[k].Term] * estimate.Sigma * estimate.Sigma * Vectors.Dot(directions[k].dG, MeanSquare(data, directions[k].Term));

        // Along sigma every part but the fixed one grows as sigma².
        for (var k = 1; k < parts.Length; k++) gradient[^1] += 2 * weights[k] * parts[k] / Math.Sqrt(deviance.r2 / deviance.nu);
        return Variance(weights, gradient, variances, data.Data);
    });

    /// <summary>beta'C beta with C the sample covariance of the columns of X, and its variance 4 beta'C Cov(beta) C beta.</summary>
    private (double Variance, double VarianceOfVariance) Fixed(LinearData data)
    {
        var (n, p) = (data.n, data.p);
        var mean = new double[n];
        for (var j = 0; j < p; j++) Vectors.AddScaled(estimate.Coefficients[j], data.X.Span.Slice(j * n, n), mean);
        var average = Vectors.Sum(mean) / n;
        for (var i = 0; i < n; i++) mean[i] = Math.Abs(mean[i] - average) <= Rounding * Math.Abs(average) ? 0 : mean[i] - average;
        var half = new double[p];
        for (var j = 0; j < p; j++) half[j] = Vectors.Dot(data.X.Span.Slice(j * n, n), mean) / (n - 1);
        var variance = 0.0;
        for (var j = 0; j < p; j++) variance += 4 * half[j] * Vectors.Dot(estimate.CoefficientCovariance.AsSpan(j * p, p), half);
        return (Vectors.SumOfSquares(mean) / (n - 1), variance);
    }

    /// <summary>Σ z_iz_i'/n in the engine's coordinates, the weights taken out again.</summary>
    private static double[] MeanSquare(StandardizedData data, int term)
    {
        var (n, own, Z) = (data.Data.n, data.Data.Terms[term], data.Z[term]);
        var (size, entries) = (own.Dimension, own.LevelOfRow.Length);
        var share = new double[entries];
        for (var r = 0; r < n; r++)
        {
            var (first, end) = own.Entries(r);
            share.AsSpan(first..end).Fill(1 / (n * (data.Data.Weights.IsEmpty ? 1 : data.Data.Weights.Span[r])));
        }

        var result = new double[size * size];
        var column = new double[entries];
        for (var j = 0; j < size; j++)
        {
            for (var i = 0; i < entries; i++) column[i] = Z[i + (j * entries)] * share[i];
            for (var k = 0; k < size; k++) result[k + (j * size)] = Vectors.Dot(Z.AsSpan(k * entries, entries), column);
        }

        return result;
    }

    private static double MeanInverseWeight(LinearData data, double[]? deviations)
    {
        if (data.Weights.IsEmpty && deviations is null) return 1;
        var sum = 0.0;
        for (var r = 0; r < data.n; r++) sum += (deviations is null ? 1 : deviations[r] * deviations[r]) / (data.Weights.IsEmpty ? 1 : data.Weights.Span[r]);
        return sum / data.n;
    }
}
