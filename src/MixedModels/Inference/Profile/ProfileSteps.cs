using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Profile;

/// <summary>How far the first step on a profile goes.</summary>
internal static class ProfileSteps
{
    /// <summary>Where the curvature says nothing, the first step is this share of the way to a bound, or of the estimate.</summary>
    private const double BlindShare = 0.1;

    /// <summary>A parameter of several coordinates ends this near to a bound, relative to its range or to the estimate.</summary>
    private const double Near = 1e-7;

    /// <summary>The values that stand for the bounds of a parameter of several coordinates, which no coordinates reach.</summary>
    public static (double Lower, double Upper) Ends(ParameterRange range, double estimate)
    {
        var unit = double.IsFinite(range.Upper) ? range.Upper - range.Lower : Math.Abs(estimate);
        return (
            double.IsFinite(range.Lower) ? range.Lower + (Near * unit) : double.NegativeInfinity,
            double.IsFinite(range.Upper) ? range.Upper - (Near * unit) : double.IsFinite(range.Lower) ? Math.Abs(estimate) / Near : double.PositiveInfinity);
    }

    /// <summary>Half the standard error that the curvature of the deviance gives a function of Phi, at most half way to a bound.</summary>
    /// <param name="hessian">Second derivatives of the deviance at its optimum, to be overwritten; empty where there are none.</param>
    /// <param name="slopes">The function's derivatives there.</param>
    /// <param name="estimate">Its value there.</param>
    /// <param name="range">Its bounds.</param>
    public static double First(double[] hessian, double[] slopes, double estimate, ParameterRange range)
    {
        var room = Math.Min(estimate - range.Lower, range.Upper - estimate);
        if (room <= 0) room = Math.Max(estimate - range.Lower, range.Upper - estimate);
        var blind = BlindShare * (double.IsFinite(room) ? room : Math.Max(1, Math.Abs(estimate)));
        var solution = (double[])slopes.Clone();
        if (hessian.Length == 0 || !LinearSolve.InPlace(hessian, solution, slopes.Length)) return blind;
        var variance = 2 * Vectors.Dot(slopes, solution);
        return variance > 0 && double.IsFinite(variance) ? Math.Min(0.5 * Math.Sqrt(variance), 0.5 * (double.IsFinite(room) ? room : double.PositiveInfinity)) : blind;
    }
}
