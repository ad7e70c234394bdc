namespace MixedModels;

/// <summary>What became of a model that was tried.</summary>
public enum ChoiceDecision
{
    /// <summary>It is where the search begins.</summary>
    Start,

    /// <summary>It took the place of the model it was compared with.</summary>
    Accepted,

    /// <summary>It would have been accepted, but another model of its round was better.</summary>
    Outdone,

    /// <summary>The criterion speaks against it.</summary>
    Rejected,

    /// <summary>No optimum was proved for it, so that its likelihood says nothing.</summary>
    Failed,
}

/// <summary>One line of the audit trail of a search for random effects.</summary>
/// <param name="Number">Counted from 1 in the order of the search.</param>
/// <param name="Round">0 for the start; models of one round are compared with the same model.</param>
/// <param name="ComparedWith">The number of that model; null for the start.</param>
/// <param name="Step">What distinguishes the two, in words.</param>
/// <param name="Formula">The formula.</param>
/// <param name="ParameterCount">Fixed effects, covariance parameters and the residual variance.</param>
/// <param name="LogLikelihood">By the search's criterion, ML or REML.</param>
/// <param name="Aic">Akaike's criterion.</param>
/// <param name="Bic">The Bayesian criterion with the number of rows.</param>
/// <param name="ChiSquare">Twice the difference of the log-likelihoods, larger model less smaller; null for the start.</param>
/// <param name="DegreesOfFreedom">The difference of the numbers of parameters; null for the start.</param>
/// <param name="PValue">P(χ²_df ≥ chi-square); null for the start.</param>
/// <param name="MixturePValue">P under ½χ²_{df−1} + ½χ²_df where one random effect distinguishes the models; null elsewhere.</param>
/// <param name="IsSingular">Whether some direction of its random effects has no variance.</param>
/// <param name="Verdict">The verdict on its optimum.</param>
/// <param name="Evaluations">Evaluations of the criterion that its search took.</param>
/// <param name="Decision">What became of it.</param>
public sealed record TriedModel(
    int Number,
    int Round,
    int? ComparedWith,
    string Step,
    string Formula,
    int ParameterCount,
    double LogLikelihood,
    double Aic,
    double Bic,
    double? ChiSquare,
    int? DegreesOfFreedom,
    double? PValue,
    double? MixturePValue,
    bool IsSingular,
    ConvergenceVerdict Verdict,
    int Evaluations,
    ChoiceDecision Decision);
