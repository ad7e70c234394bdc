using MixedModels.Numerics;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A parameter that is a function of several coordinates of Phi: of the residuals' covariance, of a Toeplitz or a reduced rank structure. It is held on a
/// scale without bounds; values there stand for the bounds that lie beyond any number.
/// </summary>
internal sealed class ProfiledFunction : HeldParameter
{
    /// <summary>How far a coordinate that alone makes the parameter goes: e^±15 and tanh ±15 are their limits but for rounding.</summary>
    private const double Far = 15;

    private readonly Func<double[], Jet> function;

    /// <summary>Puts a model's optimum into coordinates.</summary>
    /// <param name="problem">The problem, by the criterion of the profile.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="psi">The optimum.</param>
    /// <param name="estimate">The parameter there.</param>
    /// <param name="function">The parameter, with derivatives in all of Phi.</param>
    /// <param name="range">Its bounds.</param>
    public ProfiledFunction(CriterionProblem problem, ParameterList list, double[] psi, double estimate, Func<double[], Jet> function, ParameterRange range)
        : base(problem, list, problem.Criterion.Layout, psi, estimate)
    {
        (this.function, Limits) = (function, range);
        var slopes = function(OptimalState).First;
        (LowerBound, UpperBound) = Ends(slopes);
        FirstStep = ProfileSteps.First(Deviance.Evaluate(OptimalState).Hessian, slopes, Estimate, range);
    }

    /// <inheritdoc/>
    public override double LowerBound { get; }

    /// <inheritdoc/>
    public override double UpperBound { get; }

    /// <inheritdoc/>
    public override double FirstStep { get; }

    /// <inheritdoc/>
    public override ParameterRange Limits { get; }

    /// <inheritdoc/>
    protected override IDevianceSlice? Hold(double[] Phi, double value)
    {
        var slice = new ImplicitSlice(Deviance, Phi, at => Limits.Free(function(at)), Limits.Free(value).Value);
        return slice.IsFeasible ? slice : null;
    }

    private (double Lower, double Upper) Ends(double[] slopes)
    {
        int[] moved = [.. Enumerable.Range(0, slopes.Length).Where(k => slopes[k] != 0)];
        var phi = Deviance.Profiled.Layout.Count;
        if (moved.Length == 1 && (double.IsFinite(Limits.Lower) || double.IsFinite(Limits.Upper)) && moved[0] >= phi && moved[0] != slopes.Length - 1)
        {
            var Phi = (double[])OptimalState.Clone();
            Phi[moved[0]] = -Far;
            var low = function(Phi).Value;
            Phi[moved[0]] = Far;
            var high = function(Phi).Value;
            return (Math.Min(low, high), Math.Max(low, high));
        }

        return ProfileSteps.Ends(Limits, Estimate);
    }
}
