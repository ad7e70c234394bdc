using System.Collections;
using MixedModels.Inference.Means;

namespace MixedModels;

/// <summary>Marginal means, or slopes, by-group after by-group; within a group the first factor varies fastest. Immutable.</summary>
public sealed class MarginalMeanTable : IReadOnlyList<MarginalMean>
{
    private readonly MeanFunctions functions;
    private readonly IReadOnlyList<MarginalMean> rows;

    internal MarginalMeanTable(MeanFunctions functions, IReadOnlyList<MarginalMean> rows, Adjustment adjustment, IReadOnlyList<Finding> findings) =>
        (this.functions, this.rows, Adjustment, Findings) = (functions, rows, adjustment, findings);

    /// <summary>The factors the means are over.</summary>
    public IReadOnlyList<string> Over => functions.Over;

    /// <summary>The factors within whose levels contrasts are taken.</summary>
    public IReadOnlyList<string> By => functions.By;

    /// <summary>What was asked for.</summary>
    public MarginalMeansOptions Options => functions.Options;

    /// <summary>How degrees of freedom were found; with a <see cref="Robust"/> covariance, by its own rule unless this is none.</summary>
    public DegreesOfFreedom Method => functions.Method;

    /// <summary>The cluster-robust covariance behind the errors, its cluster named; null for the model's own.</summary>
    public RobustCovariance? Robust => functions.Robust;

    /// <summary>How the intervals are adjusted for their number.</summary>
    public Adjustment Adjustment { get; }

    /// <summary>The factors averaged over, and the covariates with the value they are held at, in words.</summary>
    public IReadOnlyList<string> Averaged => functions.Averaged;

    /// <summary>What contrasts of the means are.</summary>
    internal ContrastKind ContrastKind => functions.Scaling.Kind;

    /// <summary>What there is to say, such as a mean that cannot be estimated.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public MarginalMean this[int index] => rows[index];

    /// <summary>All pairwise differences within each by-group.</summary>
    /// <param name="adjustment">How they are adjusted for their number.</param>
    /// <exception cref="InferenceException">There is one mean only.</exception>
    public MeanContrastTable Pairwise(Adjustment adjustment = Adjustment.Tukey) => Contrast("pairwise", adjustment);

    /// <summary>Contrasts of a name within each by-group.</summary>
    /// <param name="name"><c>pairwise</c>, <c>revpairwise</c>, <c>trt.vs.ctrl</c>, <c>trt.vs.ctrlk</c>, <c>consec</c>, <c>mean_chg</c>, <c>poly</c>, <c>eff</c>, <c>del.eff</c> or <c>identity</c>.</param>
    /// <param name="adjustment">How they are adjusted; null for what the contrasts usually have.</param>
    /// <param name="control">The mean compared with, by its label; null for the first (<c>trt.vs.ctrl</c>) or last (<c>trt.vs.ctrlk</c>).</param>
    /// <exception cref="InferenceException">There are no contrasts of that name, no such control, or the adjustment is not for them.</exception>
    public MeanContrastTable Contrast(string name, Adjustment? adjustment = null, string? control = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return MeanContrasts.Named(this, functions, name, adjustment, control);
    }

    /// <summary>Contrasts with weights of one's own within each by-group.</summary>
    /// <param name="weights">For each label a weight a mean of a group, in the order of the means.</param>
    /// <param name="adjustment">How they are adjusted for their number.</param>
    /// <exception cref="InferenceException">The number of weights is not that of the means, or the adjustment is not for them.</exception>
    public MeanContrastTable Contrast(IReadOnlyDictionary<string, IReadOnlyList<double>> weights, Adjustment adjustment = Adjustment.None)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return MeanContrasts.Custom(this, functions, weights, adjustment);
    }

    /// <summary>The same means with intervals that hold together within each by-group.</summary>
    /// <param name="adjustment">How they are adjusted for their number.</param>
    /// <exception cref="InferenceException">The adjustment is for comparisons only.</exception>
    public MarginalMeanTable Simultaneous(Adjustment adjustment) => MeanContrasts.Simultaneous(functions, adjustment);

    /// <inheritdoc/>
    public IEnumerator<MarginalMean> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
