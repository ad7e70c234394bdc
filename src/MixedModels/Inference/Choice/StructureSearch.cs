using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;

namespace MixedModels.Inference.Choice;

/// <summary>
/// The search: correlations are left out, then effects, as long as the criterion allows it; at the end correlations may come back. A round fits every model one step away, side by
/// side, and takes the best one that is allowed. One use an instance.
/// </summary>
/// <remarks>Source: Bates, Kliegl, Vasishth and Baayen 2015, arXiv:1506.04967, section 4, with the decisions left to a criterion.</remarks>
internal sealed class StructureSearch
{
    /// <summary>The share of the machine's memory that models fitted side by side may take together.</summary>
    private const double MemoryShare = 0.8;

    private readonly CancellationToken cancellationToken;
    private readonly DataTable data;
    private readonly StepJudge judge;
    private readonly ChoosableModel model;
    private readonly IProgress<TriedModel>? progress;
    private readonly int threads;
    private readonly List<TriedModel> trail = [];
    private IMixedModelFit current;
    private int currentNumber = 1;
    private int round;
    private RandomStructure structure;

    private StructureSearch(
        RandomStructure start, ChoosableModel model, DataTable data, RandomEffectsChoiceOptions choice, IProgress<TriedModel>? progress, CancellationToken cancellationToken)
    {
        (structure, this.model, this.data, this.progress, this.cancellationToken) = (start, model, data, progress, cancellationToken);
        judge = new(choice);
        threads = choice.Threads ?? model.Threads ?? Environment.ProcessorCount;
        current = Fit(start.Text, threads, from: null);
        Record(StepJudge.Describe(current, "start") with { Number = 1 });
    }

    /// <summary>Searches from a structure on.</summary>
    /// <returns>The fit of the chosen model, that of the start, and every model tried.</returns>
    public static (IMixedModelFit Chosen, IMixedModelFit Start, IReadOnlyList<TriedModel> Tried) Run(
        RandomStructure start, ChoosableModel model, DataTable data, RandomEffectsChoiceOptions choice, IProgress<TriedModel>? progress, CancellationToken cancellationToken)
    {
        var search = new StructureSearch(start, model, data, choice, progress, cancellationToken);
        var first = search.current;
        search.Shrink();
        while (search.Step(StructureStep.WithCorrelations(search.structure)))
        {
            // One group's correlations after the other.
        }

        return (search.current, first, search.trail);
    }

    private void Shrink()
    {
        bool hasLostAnEffect;
        do
        {
            while (Step(StructureStep.WithoutCorrelations(structure)))
            {
                // One group's correlations after the other.
            }

            hasLostAnEffect = false;
            while (Step(StructureStep.WithoutAnEffect(structure))) hasLostAnEffect = true;
        }
        while (hasLostAnEffect);
    }

    /// <summary>Tries models and takes the best that is allowed; whether there is one.</summary>
    private bool Step(IEnumerable<StructureStep> steps)
    {
        // A pair of models is compared once.
        StructureStep[] candidates = [.. steps.Where(step => !trail.Any(line => IsSamePair(line, step.Structure.Text)))];
        if (candidates.Length == 0) return false;
        var isGrowing = candidates[0].IsGrowing;
        var lines = new TriedModel[candidates.Length];
        var best = -1;
        IMixedModelFit? bestFit = null;
        var choosing = new Lock();
        var atOnce = Math.Min(candidates.Length, MostAtOnce());
        using (var team = new ThreadTeam(atOnce))
        {
            team.Run(candidates.Length, part =>
            {
                var fit = Fit(candidates[part].Structure.Text, Math.Max(1, threads / atOnce), current);
                lines[part] = judge.Compare(candidates[part], current, fit);
                if (lines[part].Decision != ChoiceDecision.Accepted) return;
                lock (choosing)
                {
                    // The order of threads must not show: equals are decided by their place.
                    if (best >= 0 && !judge.IsBetter(lines[part], lines[best], isGrowing) && (part > best || judge.IsBetter(lines[best], lines[part], isGrowing))) return;
                    (best, bestFit) = (part, fit);
                }
            });
        }

        Record(lines, best);
        if (bestFit is null) return false;
        (current, structure, currentNumber) = (bestFit, candidates[best].Structure, trail.Count - lines.Length + best + 1);
        return true;
    }

    private bool IsSamePair(TriedModel line, string formula) =>
        (line.ComparedWith == currentNumber && line.Formula == formula) || (line.Number == currentNumber && line.ComparedWith is { } other && trail[other - 1].Formula == formula);

    private void Record(TriedModel[] lines, int best)
    {
        round++;
        for (var i = 0; i < lines.Length; i++)
        {
            var decision = lines[i].Decision == ChoiceDecision.Accepted && i != best ? ChoiceDecision.Outdone : lines[i].Decision;
            Record(lines[i] with { Number = trail.Count + 1, Round = round, ComparedWith = currentNumber, Decision = decision });
        }
    }

    private void Record(TriedModel line)
    {
        trail.Add(line);
        progress?.Report(line);
    }

    private int MostAtOnce()
    {
        var numbers = LinearData.From(current.Design);
        if (numbers.Terms.Count == 0) return threads;
        var room = MemoryShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BlockPlan.For(numbers).Bytes;
        return Math.Max(1, (int)Math.Min(threads, room));
    }

    private IMixedModelFit Fit(string formula, int most, IMixedModelFit? from)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return model.Fit(formula, data, most, from, cancellationToken);
    }
}
