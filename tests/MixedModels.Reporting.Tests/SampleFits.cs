using MixedModels.LinearAlgebra;

namespace MixedModels.Reporting.Tests;

/// <summary>Fits made by hand, so that what is written can be checked without fitting anything.</summary>
internal static class SampleFits
{
    /// <summary>The sleep study with random intercepts and slopes by REML.</summary>
    /// <remarks>Source: Bates, Mächler, Bolker &amp; Walker (2015), J. Stat. Softw. 67(1), section 5.2, printed summary of fm1, more digits by refitting.</remarks>
    public static FitFacts SleepStudy(
        ConvergenceVerdict verdict = ConvergenceVerdict.Converged,
        IReadOnlyList<Finding>? findings = null,
        LinearMixedModelOptions? options = null) => new()
        {
            Formula = "Reaction ~ 1 + Days + (1 + Days | Subject)",
            Options = options ?? new(),
            Observations = 180,
            LogLikelihood = -871.8141,
            Deviance = 1743.6282,
            Aic = 1755.6282,
            Bic = 1774.7859411,
            ParameterCount = 6,
            Sigma = 25.5918,
            Coefficients = [new("(Intercept)", 251.4051, 6.8246, 36.838, 17, 1.17e-17), new("Days", 10.4673, 1.5458, 6.771, 17, 3.26e-6)],
            CoefficientCovariance = new Matrix(2, 2, [46.5751, -1.4511, -1.4511, 2.3895]),
            RandomTerms =
            [
                new(
                    "Subject",
                    "us",
                    18,
                    ["(Intercept)", "Days"],
                    new Matrix(2, 2, [612.1002, 9.6044, 9.6044, 35.0717]),
                    [24.7407, 5.9221],
                    new Matrix(2, 2, [1, 0.0656, 0.0656, 1])),
            ],
            Convergence = new(verdict, "newton", 6, 8, 1.2e-9, -3.3e-9),
            Findings = findings ?? [],
        };

    /// <summary>A singular fit without correlations, with aliased columns, dropped rows, degrees of freedom and long names.</summary>
    public static FitFacts Awkward() => new()
    {
        Formula = "yield ~ 1 + treatment + covariate + (1 + covariate || site) + (1 | `plot id`)",
        Options = new() { Criterion = EstimationCriterion.MaximumLikelihood, Weights = "w" },
        Observations = 97,
        DroppedRows = 3,
        LogLikelihood = -12.345,
        Deviance = 24.69,
        Aic = 38.69,
        Bic = 56.7129768,
        ParameterCount = 7,
        Sigma = 0.5,
        Coefficients =
        [
            new("(Intercept)", 1234.5678, 12.25, 100.781, 5.25, 1.5e-9),
            new("treatmentA rather long level, with a comma", -0.00123, 0.0456, -0.027, 80.5, 0.9785),
            new("covariate", 1.25e-7, 3.5e-8, 3.571, 80, 0.00061),
        ],
        CoefficientCovariance = new Matrix(3, 3, [150.0625, 0.1, 0, 0.1, 0.00207936, double.NaN, 0, double.NaN, 1.225e-15]),
        AliasedColumns = ["treatmentB"],
        RandomTerms =
        [
            new("site", "diag", 6, ["(Intercept)", "covariate"], new Matrix(2, 2, [4, 0, 0, 0]), [2, 0], new Matrix(2, 2, [1, double.NaN, double.NaN, 1])),
            new("plot id", "us", 12, ["(Intercept)"], new Matrix(1, 1, [0.25]), [0.5], new Matrix(1, 1, [1])),
        ],
        IsSingular = true,
        Convergence = new(ConvergenceVerdict.Boundary, "newton", 1, 12, 3.4e-10, 0.0021),
        Findings =
        [
            new(
                "singular",
                FindingSeverity.Warning,
                "The random slope 'covariate' of 'site' has an estimated variance of 0.",
                "The data do not show that the slope differs between sites; its estimate is on the edge of what a variance can be, which is an ordinary result.",
                "Leave it as it is, or drop the slope: (1 | site)."),
            new("aliased", FindingSeverity.Note, "1 column of the fixed part was left out.", "", ""),
        ],
    };

    /// <summary>An ordinary linear model.</summary>
    public static FitFacts WithoutRandomEffects() => new()
    {
        Formula = "y ~ 1",
        Observations = 4,
        LogLikelihood = -5,
        ParameterCount = 2,
        Sigma = 1,
        Coefficients = [new("(Intercept)", 2, 0.5, 4)],
        CoefficientCovariance = new Matrix(1, 1, [0.25]),
        Convergence = new(ConvergenceVerdict.Converged, "newton", 0, 1, 0, null),
    };

    /// <summary>A model of random effects alone.</summary>
    public static FitFacts WithoutFixedEffects() => new()
    {
        Formula = "y ~ 0 + (1 | g)",
        Observations = 4,
        LogLikelihood = -5,
        ParameterCount = 2,
        Sigma = 1,
        CoefficientCovariance = new Matrix(0, 0, []),
        RandomTerms = [new("g", "us", 2, ["(Intercept)"], new Matrix(1, 1, [1]), [1], new Matrix(1, 1, [1]))],
        Convergence = new(ConvergenceVerdict.Converged, "newton", 0, 1, 0, null),
    };

    /// <summary>A fit with one unstructured term of the given SDs and correlations, column-major.</summary>
    public static FitFacts WithCorrelations(string[] names, double[] deviations, double[] correlations) => new()
    {
        Formula = "y ~ 1 + (1 + a + b | g)",
        Observations = 40,
        LogLikelihood = -5,
        ParameterCount = 8,
        Sigma = 1,
        Coefficients = [new("(Intercept)", 2, 0.5, 4)],
        CoefficientCovariance = new Matrix(1, 1, [0.25]),
        RandomTerms =
        [
            new("g", "us", 9, names, new Matrix(names.Length, names.Length, correlations), deviations, new Matrix(names.Length, names.Length, correlations)),
        ],
        Convergence = new(ConvergenceVerdict.Converged, "newton", 3, 4, 0, null),
    };

    /// <summary>A fit with the given rows of fixed effects.</summary>
    public static FitFacts WithCoefficients(IReadOnlyList<Coefficient> rows) => new()
    {
        Formula = "y ~ x",
        Observations = 10,
        Coefficients = rows,
        CoefficientCovariance = new Matrix(rows.Count, rows.Count, new double[rows.Count * rows.Count]),
        Convergence = new(ConvergenceVerdict.Converged, "newton", 1, 2, 0, null),
    };

    /// <summary>Conditional modes of two subjects.</summary>
    public static IReadOnlyList<ConditionalModes> Modes() =>
    [
        new(
            "Subject",
            ["(Intercept)", "Days"],
            ["308", "a \"b\", c"],
            new Matrix(2, 2, [2.2585, -40.3986, 9.1990, -8.6197]),
            new Matrix(2, 2, [12.0708, 12.0708, 2.3048, double.NaN])),
    ];
}
