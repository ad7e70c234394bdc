using MixedModels.Data;
using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>What every fitted mixed model can say, whatever its family: the part that reports and the command rest on.</summary>
public interface IMixedModelFit
{
    /// <summary>The design it was fitted to: columns, levels and the rows used.</summary>
    ModelDesign Design { get; }

    /// <summary>The number of rows used.</summary>
    int Observations { get; }

    /// <summary>The number of rows left out because a value they need is missing.</summary>
    int DroppedRows { get; }

    /// <summary>The maximised log-likelihood with every constant; the restricted one under REML.</summary>
    double LogLikelihood { get; }

    /// <summary>−2 times <see cref="LogLikelihood"/>.</summary>
    double Deviance { get; }

    /// <summary>Kept fixed effects, covariance parameters and parameters of the residual or family.</summary>
    int ParameterCount { get; }

    /// <summary>Akaike's information criterion.</summary>
    double Aic { get; }

    /// <summary>The Bayesian information criterion with the number of rows.</summary>
    double Bic { get; }

    /// <summary>p×p covariance of the fixed effects.</summary>
    Matrix CoefficientCovariance { get; }

    /// <summary>Columns of the fixed part left out because earlier ones already span them.</summary>
    IReadOnlyList<string> AliasedColumns { get; }

    /// <summary>The random terms in the formula's order.</summary>
    IReadOnlyList<RandomTermEstimate> RandomTerms { get; }

    /// <summary>Whether some random effect has no variance in some direction.</summary>
    bool IsSingular { get; }

    /// <summary>The principal components of each random term, and how many directions of it have variance.</summary>
    IReadOnlyList<RandomTermComponents> PrincipalComponents();

    /// <summary>The verdict on the optimum.</summary>
    ConvergenceReport Convergence { get; }

    /// <summary>What the fit found out about itself.</summary>
    IReadOnlyList<Finding> Findings { get; }

    /// <summary>The p fixed effects in the design's order, with tests against zero.</summary>
    /// <param name="method">How degrees of freedom are found; null for the model's own.</param>
    /// <param name="robust">A cluster-robust covariance; null for the model's.</param>
    /// <exception cref="InferenceException">The method does not apply to this fit.</exception>
    CoefficientTable Coefficients(DegreesOfFreedom? method = null, RobustCovariance? robust = null);

    /// <summary>The p×p covariance of the fixed effects that a method's standard errors come from.</summary>
    /// <param name="method">How degrees of freedom are found; null for the model's own.</param>
    /// <param name="robust">A cluster-robust covariance; null for the model's.</param>
    /// <exception cref="InferenceException">The method does not apply to this fit.</exception>
    Matrix CoefficientCovarianceOf(DegreesOfFreedom? method, RobustCovariance? robust = null);

    /// <summary>A test of each term of the fixed part.</summary>
    /// <param name="type">Which hypotheses.</param>
    /// <param name="statistic">F, or Wald's chi-square.</param>
    /// <param name="method">How denominator degrees of freedom are found; null for the model's own.</param>
    /// <param name="robust">A cluster-robust covariance; null for the model's.</param>
    /// <exception cref="InferenceException">The method does not apply to this fit.</exception>
    TermTestTable TestTerms(AnovaType type, TestStatistic statistic, DegreesOfFreedom? method = null, RobustCovariance? robust = null);

    /// <summary>Tests linear hypotheses of the fixed effects by their names.</summary>
    /// <param name="hypotheses">Such as <c>"A - B = 0"</c>.</param>
    /// <param name="method">How degrees of freedom are found; null for the model's own.</param>
    /// <param name="robust">A cluster-robust covariance; null for the model's.</param>
    /// <exception cref="InferenceException">A hypothesis cannot be read or estimated; or the method does not apply to this fit.</exception>
    HypothesisTestTable Test(IReadOnlyList<string> hypotheses, DegreesOfFreedom? method = null, RobustCovariance? robust = null);

    /// <summary>Tests the hypotheses contrasts × beta = values, each and all together.</summary>
    /// <param name="contrasts">Rows × p, a column a fixed effect in the design's order.</param>
    /// <param name="values">A value a row; null for zeros.</param>
    /// <param name="method">How degrees of freedom are found; null for the model's own.</param>
    /// <param name="robust">A cluster-robust covariance; null for the model's.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or a row is zero or not finite.</exception>
    /// <exception cref="InferenceException">The rows contradict each other, or the method does not apply to this fit.</exception>
    HypothesisTestTable Test(Matrix contrasts, IReadOnlyList<double>? values = null, DegreesOfFreedom? method = null, RobustCovariance? robust = null);

    /// <summary>Marginal means of the fixed part over a reference grid, on the scale of the linear predictor.</summary>
    /// <param name="over">The factors the means are over.</param>
    /// <param name="by">Factors within whose combinations contrasts are taken; null for none.</param>
    /// <param name="options">Values of covariates, weights, slopes, intervals; null for the defaults.</param>
    /// <exception cref="InferenceException">A factor is not in the fixed part, or the method does not apply to this fit.</exception>
    MarginalMeanTable MarginalMeans(IReadOnlyList<string> over, IReadOnlyList<string>? by = null, MarginalMeansOptions? options = null);

    /// <summary>The conditional modes and their standard deviations given the parameters, a term each.</summary>
    IReadOnlyList<ConditionalModes> ConditionalModes();

    /// <summary>Predictions for the rows of another table.</summary>
    /// <param name="newData">The table.</param>
    /// <param name="options">What is predicted; null for the mean of each row's own groups.</param>
    /// <returns>One a row of the table, in its order; NaN in rows with a missing value.</returns>
    /// <exception cref="DataException">A column is absent, or a factor has a level the fit has not seen.</exception>
    /// <exception cref="InferenceException">What is asked for does not apply to this fit.</exception>
    IReadOnlyList<PredictedValue> Predict(DataTable newData, PredictionOptions? options = null);

    /// <summary>Draws responses from the fitted model.</summary>
    /// <param name="replicates">How many, at least 1.</param>
    /// <param name="seed">Same seed, same numbers.</param>
    /// <param name="options">What is drawn; null for everything.</param>
    /// <returns>n×replicates.</returns>
    Matrix Simulate(int replicates, ulong seed, SimulationOptions? options = null);

    /// <summary>What was fitted: algebra, storage, and the code that fits it again in three languages.</summary>
    ModelExplanation Explain();

    /// <summary>Writes the fit to a file.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    void Save(string path);
}
