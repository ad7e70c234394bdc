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

        return new(rows, name, Adjusted(method, name, covariance), method.Findings);
    }

    /// <summary>One estimate with its two-sided test against zero.</summary>
    public static Coefficient Row(string name, double estimate, double error, double df) =>
        new(name, estimate, error, estimate / error, double.IsPositiveInfinity(df) ? null : df, TailProbability.StudentTwoSided(estimate / error, df));

    private static Matrix Adjusted(SmallSampleMethod method, DegreesOfFreedom name, Matrix covariance)
    {
        if (name is not (DegreesOfFreedom.KenwardRoger or DegreesOfFreedom.KenwardRogerObserved)) return covariance;
        var p = covariance.Rows;
        var identity = new double[p * p];
        for (var j = 0; j < p; j++) identity[j * (p + 1)] = 1;
        return new(p, p, method.Covariance(new(method.Fit, identity)));
    }
}
