using MixedModels.Estimation.Linear;

namespace MixedModels.Diagnostics;

/// <summary>Turns what the optimiser proved into the one verdict a user reads.</summary>
internal static class ConvergenceVerdicts
{
    /// <summary>The report of an optimum.</summary>
    public static ConvergenceReport Report(LinearOptimum optimum, bool isSingular, OptimizationMethod method)
    {
        var verdict = (optimum.Proved, isSingular, optimum.FlatParameter >= 0 || optimum.IsResidualFlat) switch
        {
            (false, _, _) => ConvergenceVerdict.NotConverged,
            (true, true, _) => ConvergenceVerdict.Boundary,
            (true, false, true) => ConvergenceVerdict.NotIdentified,
            _ => ConvergenceVerdict.Converged,
        };
        return new(verdict, Name(method), optimum.Iterations, optimum.Evaluations, optimum.GradientNorm, optimum.ConeEigenvalue);
    }

    private static string Name(OptimizationMethod method) => method switch
    {
        OptimizationMethod.ExpectationMaximization => "em",
        OptimizationMethod.ParameterExpandedEm => "px-em",
        OptimizationMethod.DerivativeFree => "derivative-free",
        _ => "newton",
    };
}
