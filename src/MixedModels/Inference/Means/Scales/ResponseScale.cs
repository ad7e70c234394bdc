using MixedModels.Families;

namespace MixedModels.Inference.Means.Scales;

/// <summary>
/// The link's means carried back, g⁻¹(l'beta), with the standard error |dmu/deta|·SE and the ends of the interval carried back. Tests are those of the
/// link's scale; its differences become ratios under a log link and odds ratios under a logit.
/// </summary>
internal sealed class ResponseScale(Link link) : MeanScaling
{
    /// <inheritdoc/>
    public override ContrastKind Kind => link.Name switch
    {
        "log" => ContrastKind.Ratio,
        "logit" => ContrastKind.OddsRatio,
        _ => ContrastKind.Difference,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> ContrastFindings => Kind != ContrastKind.Difference ? [] :
    [
        new(
            "contrasts-on-link",
            FindingSeverity.Note,
            $"The contrasts are on the scale of the link ({link.Name}).",
            "A difference on this scale is no function of the two means alone that has a name, as a ratio is under a log link.",
            "Ask for the averaged scale (--scale averaged): there contrasts are differences of means of the response."),
    ];

    /// <inheritdoc/>
    public override ShownEstimate Mean(int cell, double value, double error, double half)
    {
        var mean = link.Mean(value);
        var (lower, upper) = link.MeanInterval(value - half, value + half);
        return new(mean.Value, Math.Abs(mean.First) * error, lower, upper);
    }

    /// <inheritdoc/>
    public override ShownEstimate Contrast(double value, double error, double half)
    {
        if (Kind == ContrastKind.Difference) return base.Contrast(value, error, half);
        var ratio = Math.Exp(value);
        return new(ratio, ratio * error, Math.Exp(value - half), Math.Exp(value + half));
    }

    /// <inheritdoc/>
    public override string Label(WeightedContrast contrast) => Kind == ContrastKind.Difference ? contrast.Label : contrast.RatioLabel ?? contrast.Label;
}
