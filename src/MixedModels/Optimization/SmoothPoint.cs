namespace MixedModels.Optimization;

/// <summary>A function at a point with its derivatives there.</summary>
/// <param name="Theta">The point, k parameters.</param>
/// <param name="Value">The value; not finite where the function is not defined.</param>
/// <param name="Gradient">k first derivatives.</param>
/// <param name="Hessian">k×k second derivatives or a positive approximation of them, column-major.</param>
internal sealed record SmoothPoint(double[] Theta, double Value, double[] Gradient, double[] Hessian);

/// <summary>A smooth function to minimise.</summary>
internal interface ISmoothObjective
{
    /// <summary>k, the number of parameters.</summary>
    int Dimension { get; }

    /// <summary>Evaluates the function and its derivatives.</summary>
    SmoothPoint Evaluate(ReadOnlySpan<double> theta);
}
