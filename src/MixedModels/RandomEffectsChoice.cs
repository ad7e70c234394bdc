using MixedModels.Data;
using MixedModels.Formula;
using MixedModels.Inference.Choice;

namespace MixedModels;

/// <summary>
/// Random effects chosen for a model: the maximal structure that its design justifies, what of it the data support, and every model tried on the way down. Immutable.
/// </summary>
/// <remarks>docs/choosing.md says what is tried in which order, and what the choice is good for.</remarks>
public sealed class RandomEffectsChoice
{
    private RandomEffectsChoice(
        ChoosableModel model, IReadOnlyList<JustifiedEffect> effects, IMixedModelFit start, IMixedModelFit chosen, IReadOnlyList<TriedModel> tried, IReadOnlyList<Finding> findings)
    {
        (Effects, Fit, Tried, Findings, Criterion) = (effects, chosen, tried, findings, model.Criterion);
        (StartComponents, Components) = (start.PrincipalComponents(), chosen.PrincipalComponents());
    }

    /// <summary>Which effects the design lets vary between the levels of each group, and why not the others.</summary>
    public IReadOnlyList<JustifiedEffect> Effects { get; }

    /// <summary>The chosen model, fitted: a fit of the class of the model that was asked for.</summary>
    public IMixedModelFit Fit { get; }

    /// <summary>The formula of the chosen model.</summary>
    public string Formula => Fit.Design.Formula.ToString();

    /// <summary>The criterion all models were fitted by.</summary>
    public EstimationCriterion Criterion { get; }

    /// <summary>Every model tried, in order; the first is where the search began.</summary>
    public IReadOnlyList<TriedModel> Tried { get; }

    /// <summary>The principal components of the random effects where the search began.</summary>
    public IReadOnlyList<RandomTermComponents> StartComponents { get; }

    /// <summary>The principal components of the chosen random effects.</summary>
    public IReadOnlyList<RandomTermComponents> Components { get; }

    /// <summary>What a reader of the choice should know.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Searches. Costs a fit a model tried, each from the estimates of the model it is compared with.</summary>
    /// <param name="model">The fixed part, the groups and how models are fitted; by REML or ML, which all models of a search share.</param>
    /// <param name="table">The data.</param>
    /// <param name="options">Criterion, start and threads; null for the defaults.</param>
    /// <param name="progress">Told of each model after its round, by one thread at a time; null for nobody.</param>
    /// <param name="cancellationToken">Cancels between evaluations.</param>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used, or the model the search begins with is too large.</exception>
    /// <exception cref="InferenceException">The formula has no random term whose effects could be chosen.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option has no such value.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static RandomEffectsChoice Search(
        LinearMixedModel model, DataTable table, RandomEffectsChoiceOptions? options = null, IProgress<TriedModel>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Search(new ChoosableLinearModel(model), table, options, progress, cancellationToken);
    }

    /// <summary>Searches for a generalized model, every model by the same approximation of the likelihood. Costs a fit a model tried, each from the estimates of the model it is compared with.</summary>
    /// <param name="model">The fixed part, the groups, the family and how models are fitted.</param>
    /// <param name="table">The data.</param>
    /// <param name="options">Criterion, start and threads; null for the defaults.</param>
    /// <param name="progress">Told of each model after its round, by one thread at a time; null for nobody.</param>
    /// <param name="cancellationToken">Cancels between evaluations.</param>
    /// <exception cref="FormulaException">The formula names what the table or this version does not have.</exception>
    /// <exception cref="DataException">The data cannot be used, or the model the search begins with is too large.</exception>
    /// <exception cref="InferenceException">The formula has no random term whose effects could be chosen, or the quadrature does not apply.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option has no such value.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static RandomEffectsChoice Search(
        GeneralizedMixedModel model, DataTable table, RandomEffectsChoiceOptions? options = null, IProgress<TriedModel>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Search(new ChoosableGeneralizedModel(model), table, options, progress, cancellationToken);
    }

    private static RandomEffectsChoice Search(
        ChoosableModel model, DataTable table, RandomEffectsChoiceOptions? options, IProgress<TriedModel>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new();
        RequireValid(options);
        var formula = ModelFormula.Parse(model.Formula);
        var written = JustifiedEffects.AsWritten(formula);
        if (written.Groups.Count == 0)
        {
            if (formula.RandomTerms.Count > 0)
            {
                throw new InferenceException(
                    $"Effects are chosen of terms such as (x | group) and (x || group); {string.Join(" and ", formula.RandomTerms.Select(term => term.Text))} would stay as written, so nothing is left to choose. "
                    + "Add such a term, or compare fits by hand (mixed anova of two models).");
            }

            throw new InferenceException(
                $"The model {model.Formula} has no random term to choose effects for; name the groups, as in {formula.TextWithRandomTerms(["(1 | group)"])}.");
        }

        var rows = ChoiceRows.Of(model, formula, written, table);
        var effects = JustifiedEffects.Find(rows.Design, model.DesignOptions(), rows.Data, model.RowVariation(rows.Design));
        var start = options.Start == ChoiceStart.Formula ? written : JustifiedEffects.Maximal(rows.Design, effects);
        var (chosen, first, tried) = StructureSearch.Run(start, model, rows.Data, options, progress, cancellationToken);
        return new(model, effects, first, chosen, tried, ChoiceFindings.List(first, chosen, tried, rows.LeftOut));
    }

    private static void RequireValid(RandomEffectsChoiceOptions options)
    {
        if (!Enum.IsDefined(options.Criterion)) throw new ArgumentOutOfRangeException(nameof(options), options.Criterion, "The criteria are the likelihood ratio, AIC and BIC.");
        if (!Enum.IsDefined(options.Start)) throw new ArgumentOutOfRangeException(nameof(options), options.Start, "A search begins at the design's maximal structure or at the formula.");
        if (!(options.Alpha > 0 && options.Alpha < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Alpha, "A level between 0 and 1 is wanted, such as 0.2.");
        if (options.Threads is { } threads) ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(options));
    }
}
