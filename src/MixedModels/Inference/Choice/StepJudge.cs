using MixedModels.Inference.Comparison;
using MixedModels.Numerics;

namespace MixedModels.Inference.Choice;

/// <summary>Compares a model with the one it would replace. Immutable.</summary>
/// <param name="options">The criterion and its level.</param>
internal sealed class StepJudge(RandomEffectsChoiceOptions options)
{
    /// <summary>A chi-square below this is none: two optima proved to 1e-10 of their deviances, which may be some tens of thousands.</summary>
    private const double NoDifference = 1e-5;

    /// <summary>The line of the trail, with Accepted where the criterion allows the step.</summary>
    public TriedModel Compare(StructureStep step, IMixedModelFit current, IMixedModelFit tried)
    {
        var (small, large) = step.IsGrowing ? (current, tried) : (tried, current);
        var (chiSquare, df) = (small.Deviance - large.Deviance, large.ParameterCount - small.ParameterCount);
        var counted = chiSquare < NoDifference ? 0 : chiSquare;
        double? mixture = Effects(large) - Effects(small) == 1 ? ChiBarSquare.HalfAndHalf(counted, df) : null;
        var line = Describe(tried, step.What) with
        {
            ChiSquare = chiSquare,
            DegreesOfFreedom = df,
            PValue = TailProbability.ChiSquared(counted, df),
            MixturePValue = mixture,
        };
        var decision = !tried.Convergence.Converged && tried.Convergence.Verdict != ConvergenceVerdict.NotIdentified ? ChoiceDecision.Failed
            : IsAllowed(line, current, step.IsGrowing) ? ChoiceDecision.Accepted : ChoiceDecision.Rejected;
        return line with { Decision = decision };
    }

    /// <summary>The line of a model by itself.</summary>
    public static TriedModel Describe(IMixedModelFit fit, string what) => new(
        0,
        0,
        null,
        what,
        fit.Design.Formula.ToString(),
        fit.ParameterCount,
        fit.LogLikelihood,
        fit.Aic,
        fit.Bic,
        null,
        null,
        null,
        null,
        fit.IsSingular,
        fit.Convergence.Verdict,
        fit.Convergence.Evaluations,
        ChoiceDecision.Start);

    /// <summary>Whether the first is the better of two models of one round; the fewer parameters decide between equals.</summary>
    public bool IsBetter(TriedModel first, TriedModel second, bool isGrowing)
    {
        var (one, other) = (Score(first, isGrowing), Score(second, isGrowing));
        return one > other || (one == other && first.ParameterCount < second.ParameterCount);
    }

    /// <summary>The p-value that decides: that of the mixture where there is one, as the boundary is then allowed for.</summary>
    private static double Decisive(TriedModel line) => line.MixturePValue ?? line.PValue!.Value;

    private static int Effects(IMixedModelFit fit) => fit.RandomTerms.Sum(term => term.ColumnNames.Count);

    private bool IsAllowed(TriedModel line, IMixedModelFit current, bool isGrowing) => options.Criterion switch
    {
        ChoiceCriterion.Aic => isGrowing ? line.Aic < current.Aic : line.Aic <= current.Aic,
        ChoiceCriterion.Bic => isGrowing ? line.Bic < current.Bic : line.Bic <= current.Bic,
        _ => isGrowing ? Decisive(line) <= options.Alpha : Decisive(line) > options.Alpha,
    };

    private double Score(TriedModel line, bool isGrowing) => options.Criterion switch
    {
        ChoiceCriterion.Aic => -line.Aic,
        ChoiceCriterion.Bic => -line.Bic,
        _ => isGrowing ? -Decisive(line) : Decisive(line),
    };
}
