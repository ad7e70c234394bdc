using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>A fitted linear mixed model. Immutable and safe for concurrent reading.</summary>
public sealed class LinearMixedModelFit
{
    /// <summary>The model that was fitted.</summary>
    public required LinearMixedModel Model { get; init; }

    /// <summary>The rows used.</summary>
    public int Observations { get; internal init; }

    /// <summary>The rows left out because a value they need is missing.</summary>
    public int DroppedRows { get; internal init; }

    /// <summary>The maximised log-likelihood, restricted under REML, with every constant.</summary>
    public double LogLikelihood { get; internal init; }

    /// <summary>−2 times <see cref="LogLikelihood"/>: the deviance, or the REML criterion.</summary>
    public double Deviance => -2 * LogLikelihood;

    /// <summary>Kept fixed effects, covariance parameters and the residual variance.</summary>
    public int ParameterCount { get; internal init; }

    /// <summary>Akaike's information criterion.</summary>
    public double Aic => Deviance + (2 * ParameterCount);

    /// <summary>The Bayesian information criterion with the number of rows, under REML too.</summary>
    public double Bic => Deviance + (Math.Log(Observations) * ParameterCount);

    /// <summary>The residual standard deviation of a row of weight 1.</summary>
    public double Sigma { get; internal init; }

    /// <summary>The fixed effects.</summary>
    public IReadOnlyList<Coefficient> Coefficients { get; internal init; } = [];

    /// <summary>p×p covariance of the fixed effects.</summary>
    public required Matrix CoefficientCovariance { get; init; }

    /// <summary>Columns of the fixed part left out because earlier ones already span them.</summary>
    public IReadOnlyList<string> AliasedColumns { get; internal init; } = [];

    /// <summary>The random terms in the formula's order; empty for an ordinary linear model.</summary>
    public IReadOnlyList<RandomTermEstimate> RandomTerms { get; internal init; } = [];

    /// <summary>Whether some random effect has no variance in some direction.</summary>
    public bool IsSingular { get; internal init; }

    /// <summary>The verdict on the optimum.</summary>
    public required ConvergenceReport Convergence { get; init; }

    /// <summary>What the fit found out about itself.</summary>
    public IReadOnlyList<Finding> Findings { get; internal init; } = [];

    /// <summary>Conditional modes and their standard deviations, a term each.</summary>
    public IReadOnlyList<ConditionalModes> ConditionalModes() => throw new NotSupportedException();

    /// <summary>Residuals, one a used row.</summary>
    public ReadOnlyMemory<double> Residuals(ResidualKind kind = ResidualKind.Raw) => throw new NotSupportedException();

    /// <summary>Fitted values, one a used row.</summary>
    public ReadOnlyMemory<double> FittedValues => throw new NotSupportedException();

    /// <summary>Writes the fit to a file.</summary>
    public void Save(string path) => throw new NotSupportedException();

    /// <summary>Reads a fit from a file.</summary>
    public static LinearMixedModelFit Load(string path) => throw new NotSupportedException();
}
