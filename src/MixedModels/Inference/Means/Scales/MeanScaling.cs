using System.Runtime.InteropServices;

namespace MixedModels.Inference.Means.Scales;

/// <summary>An estimate as it is shown.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Lower">The lower end of its interval.</param>
/// <param name="Upper">The upper end of its interval.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShownEstimate(double Value, double Error, double Lower, double Upper);

/// <summary>
/// On which scale means are compared and shown. A scale is a file: how contrasts of means are estimated, and what becomes of an estimate and half
/// the length of its interval. Immutable.
/// </summary>
internal abstract class MeanScaling
{
    /// <summary>What contrasts are.</summary>
    public virtual ContrastKind Kind => ContrastKind.Difference;

    /// <summary>What there is to say beside contrasts.</summary>
    public virtual IReadOnlyList<Finding> ContrastFindings => [];

    /// <summary>The scale that is asked for.</summary>
    /// <param name="functions">The means as functions of the linear predictor.</param>
    /// <param name="grid">The grid they are averages over.</param>
    /// <param name="means">The generalized model; null where the link is the identity and all scales are one.</param>
    /// <exception cref="InferenceException">The scale does not apply.</exception>
    public static MeanScaling Create(MeanFunctions functions, ReferenceGrid grid, GeneralizedMeans? means) => functions.Options.Scale switch
    {
        _ when means is null || means.Link is { Name: "identity" } => new LinkScale(),
        MeanScale.Link => new LinkScale(),
        _ when functions.Options.Trend is { } trend => throw new InferenceException(
            $"The slope of {trend} is one of the linear predictor: on the response's scale it is another at every mean. Leave the scale out, or ask for means at values of {trend}."),
        MeanScale.Response => new ResponseScale(means.Link),
        MeanScale.BiasAdjusted => new BiasAdjustedScale(functions, grid, means),
        MeanScale.Averaged => new AveragedScale(functions, grid, means),
        var other => throw new ArgumentOutOfRangeException(nameof(functions), other, "No such scale."),
    };

    /// <summary>Contrasts of the means of one group, in the units they are tested in.</summary>
    /// <param name="functions">The means as functions of the linear predictor.</param>
    /// <param name="group">The by-group.</param>
    /// <param name="contrasts">A weight a mean of the group.</param>
    public virtual MeanEstimates Estimate(MeanFunctions functions, MeanGroup group, IReadOnlyList<WeightedContrast> contrasts) => functions.Estimate(group, contrasts);

    /// <summary>A mean as it is shown.</summary>
    /// <param name="cell">Its cell of the grid.</param>
    /// <param name="value">The estimate.</param>
    /// <param name="error">Its standard error.</param>
    /// <param name="half">Half the length of its interval.</param>
    public virtual ShownEstimate Mean(int cell, double value, double error, double half) => new(value, error, value - half, value + half);

    /// <summary>A contrast as it is shown.</summary>
    /// <param name="value">The estimate.</param>
    /// <param name="error">Its standard error.</param>
    /// <param name="half">Half the length of its interval.</param>
    public virtual ShownEstimate Contrast(double value, double error, double half) => new(value, error, value - half, value + half);

    /// <summary>A contrast's name.</summary>
    public virtual string Label(WeightedContrast contrast) => contrast.Label;
}
