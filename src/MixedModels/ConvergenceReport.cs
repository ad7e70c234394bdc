namespace MixedModels;

/// <summary>The one verdict on an optimum.</summary>
public enum ConvergenceVerdict
{
    /// <summary>An interior optimum: gradient zero, curvature positive.</summary>
    Converged,

    /// <summary>An optimum at which some direction of a random term has zero variance; an ordinary result.</summary>
    Boundary,

    /// <summary>The likelihood is flat in some direction of the parameters.</summary>
    NotIdentified,

    /// <summary>The optimiser stopped before an optimum was proved.</summary>
    NotConverged,
}

/// <summary>How the optimum was found and what proves it.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Optimizer">The optimiser's name.</param>
/// <param name="Iterations">Accepted steps.</param>
/// <param name="Evaluations">Evaluations of the deviance, with or without derivatives.</param>
/// <param name="GradientNorm">The Euclidean norm of the gradient of the deviance in the standardised parameters.</param>
/// <param name="MinimumConeEigenvalue">The least eigenvalue, over terms, of the derivative of the deviance in G on the cone of the term's structure,
/// as a share of its scale; at a proved optimum not below zero but for rounding. Null without random terms.</param>
public sealed record ConvergenceReport(
    ConvergenceVerdict Verdict, string Optimizer, int Iterations, int Evaluations, double GradientNorm, double? MinimumConeEigenvalue)
{
    /// <summary>Whether first-order optimality was proved, in the interior or on the boundary.</summary>
    public bool Converged => Verdict is ConvergenceVerdict.Converged or ConvergenceVerdict.Boundary;
}
