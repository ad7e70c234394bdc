using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Inference;

/// <summary>The table of fixed effects under one method.</summary>
internal static class CoefficientTests
{
    /// <summary>A row a coefficient.</summary>
    /// <param name="method">The method at the fit.</param>
    /// <param name="name">Which method it is.</param>
    /// <param name="estimates">p fixed effects.</param>
    /// <param name="covariance">p×p covariance of the fixed effects before any adjustment.</param>
    public static CoefficientTable Table(SmallSampleMethod method, DegreesOfFreedom name, double[] estimates, Matrix covariance)
    {
        var names = method.Fit.Design.Fixed.ColumnNames;
        var rows = new Coefficient[names.Count];
        for (var j = 0; j < rows.Length; j++)
        {
            var c = ContrastRows.Single(method.Fit, j);
            rows[j] = Row(names[j], estimates[j], Math.Sqrt(method.Variance(c)), method.Df(c));
        }

        return new(rows, name, Adjusted(method, name, covariance), method.Findings) { Robust = method.Robust };
    }

    /// <summary>One estimate with its two-sided test against zero.</summary>
    public static Coefficient Row(string name, double estimate, double error, double df) =>
        new(name, estimate, error, estimate / error, double.IsPositiveInfinity(df) ? null : df, TailProbability.StudentTwoSided(estimate / error, df));

    /// <summary>Estimate ± quantile × standard error.</summary>
    public static ConfidenceIntervalTable WaldIntervals(CoefficientTable table, double level)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1, such as 0.95.");
        var intervals = table.Select(row =>
        {
            var half = row.StandardError * TailProbability.StudentQuantile(1 - level, row.DegreesOfFreedom ?? double.PositiveInfinity);
            return new ConfidenceInterval(row.Name, row.Estimate, row.Estimate - half, row.Estimate + half);
        });
        return new([.. intervals], level, table.Method, table.Findings) { Robust = table.Robust };
    }

    private static Matrix Adjusted(SmallSampleMethod method, DegreesOfFreedom name, Matrix covariance)
    {
        if (method.Robust is null && !name.AdjustsStandardErrors()) return covariance;
        var p = covariance.Rows;
        var identity = new double[p * p];
        for (var j = 0; j < p; j++) identity[j * (p + 1)] = 1;
        return new(p, p, method.Covariance(new(method.Fit, identity)));
    }
}
