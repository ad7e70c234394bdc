using MixedModels.LinearAlgebra;

namespace MixedModels.Reporting;

/// <summary>What the reports say of a fit, apart from the fit itself: every number is there already, nothing is computed.</summary>
internal sealed record FitFacts
{
    /// <summary>The formula in canonical form.</summary>
    public required string Formula { get; init; }

    /// <summary>How the model was fitted.</summary>
    public LinearMixedModelOptions Options { get; init; } = new();

    /// <summary>The rows used.</summary>
    public int Observations { get; init; }

    /// <summary>The rows left out because a value they need is missing.</summary>
    public int DroppedRows { get; init; }

    /// <summary>The maximised log-likelihood, restricted under REML.</summary>
    public double LogLikelihood { get; init; }

    /// <summary>−2 times the log-likelihood: the deviance, or the REML criterion.</summary>
    public double Deviance { get; init; }

    /// <summary>Kept fixed effects, covariance parameters and the residual variance.</summary>
    public int ParameterCount { get; init; }

    /// <summary>Akaike's information criterion.</summary>
    public double Aic { get; init; }

    /// <summary>The Bayesian information criterion.</summary>
    public double Bic { get; init; }

    /// <summary>The residual standard deviation; null where the family has none.</summary>
    public double? Sigma { get; init; }

    /// <summary>The family's name.</summary>
    public string Family { get; init; } = "gaussian";

    /// <summary>The link's name.</summary>
    public string Link { get; init; } = "identity";

    /// <summary>How the random effects were integrated out of a generalized model; null for a linear one, whose criterion says it.</summary>
    public string? Integration { get; init; }

    /// <summary>The family's parameters by name, on their natural scale.</summary>
    public IReadOnlyList<(string Name, double Value)> FamilyParameters { get; init; } = [];

    /// <summary>The p fixed effects.</summary>
    public IReadOnlyList<Coefficient> Coefficients { get; init; } = [];

    /// <summary>How the degrees of freedom of <see cref="Coefficients"/> were found.</summary>
    public DegreesOfFreedom Method { get; init; } = DegreesOfFreedom.Satterthwaite;

    /// <summary>p×p covariance of the fixed effects, adjusted where the method adjusts it.</summary>
    public required Matrix CoefficientCovariance { get; init; }

    /// <summary>Columns of the fixed part that were left out.</summary>
    public IReadOnlyList<string> AliasedColumns { get; init; } = [];

    /// <summary>The random terms; empty for an ordinary linear model.</summary>
    public IReadOnlyList<RandomTermEstimate> RandomTerms { get; init; } = [];

    /// <summary>The residuals' covariance; null for independent ones of one variance.</summary>
    public ResidualEstimate? Residual { get; init; }

    /// <summary>The coefficients of the dispersion model; empty without one.</summary>
    public IReadOnlyList<Coefficient> Dispersion { get; init; } = [];

    /// <summary>R², marginal and conditional; null where it is not reported.</summary>
    public RSquared? RSquared { get; init; }

    /// <summary>What stands for the variance of an observation in these shares; null for a linear model, whose residual variance it is.</summary>
    public ObservationVariance? ObservationVariance { get; init; }

    /// <summary>The intraclass correlation of each grouping factor.</summary>
    public IReadOnlyList<IntraclassCorrelation> IntraclassCorrelations { get; init; } = [];

    /// <summary>Whether some random effect has no variance in some direction.</summary>
    public bool IsSingular { get; init; }

    /// <summary>The verdict on the optimum.</summary>
    public required ConvergenceReport Convergence { get; init; }

    /// <summary>What the fit found out about itself.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The facts of a fit.</summary>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    /// <exception cref="InferenceException">The fit's method for degrees of freedom does not apply to it.</exception>
    public static FitFacts Of(IMixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return fit switch
        {
            GeneralizedMixedModelFit generalized => Of(generalized),
            LinearMixedModelFit linear => Of(linear),
            _ => throw new ArgumentException($"There is no report for a {fit.GetType().Name}.", nameof(fit)),
        };
    }

    private static FitFacts Of(GeneralizedMixedModelFit fit)
    {
        var coefficients = fit.Coefficients();
        var options = fit.Model.Options;
        var isGaussian = string.Equals(fit.Family.Name, "gaussian", StringComparison.Ordinal);
        return new()
        {
            Formula = fit.Model.Formula,
            Options = new() { Criterion = options.Criterion, Weights = options.Weights, Offsets = options.Offsets },
            Family = fit.Family.Name,
            Link = fit.Family.Link.Name,
            Integration = fit.Method,
            FamilyParameters = isGaussian ? [] : [.. fit.Family.ParameterNames.Zip(fit.FamilyParameters)],
            Observations = fit.Observations,
            DroppedRows = fit.DroppedRows,
            LogLikelihood = fit.LogLikelihood,
            Deviance = fit.Deviance,
            ParameterCount = fit.ParameterCount,
            Aic = fit.Aic,
            Bic = fit.Bic,
            Sigma = isGaussian ? fit.FamilyParameters[0] : null,
            Coefficients = coefficients,
            Method = coefficients.Method,
            CoefficientCovariance = coefficients.Covariance,
            AliasedColumns = fit.AliasedColumns,
            RandomTerms = fit.RandomTerms,
            RSquared = fit.RSquared(),
            ObservationVariance = fit.ObservationVariance,
            IntraclassCorrelations = fit.IntraclassCorrelations(),
            IsSingular = fit.IsSingular,
            Convergence = fit.Convergence,
            Findings = fit.Findings,
        };
    }

    private static FitFacts Of(LinearMixedModelFit fit)
    {
        var coefficients = fit.Coefficients();
        return new()
        {
            Formula = fit.Model.Formula,
            Options = fit.Model.Options,
            Observations = fit.Observations,
            DroppedRows = fit.DroppedRows,
            LogLikelihood = fit.LogLikelihood,
            Deviance = fit.Deviance,
            ParameterCount = fit.ParameterCount,
            Aic = fit.Aic,
            Bic = fit.Bic,
            Sigma = fit.Model.Options.HasResidual ? fit.Sigma : null,
            Coefficients = coefficients,
            Method = coefficients.Method,
            CoefficientCovariance = coefficients.Covariance,
            AliasedColumns = fit.AliasedColumns,
            RandomTerms = fit.RandomTerms,
            Residual = fit.Residual,
            Dispersion = fit.Dispersion,
            RSquared = fit.RSquared(),
            IntraclassCorrelations = fit.IntraclassCorrelations(),
            IsSingular = fit.IsSingular,
            Convergence = fit.Convergence,
            Findings = [.. fit.Findings, .. coefficients.Findings],
        };
    }
}
