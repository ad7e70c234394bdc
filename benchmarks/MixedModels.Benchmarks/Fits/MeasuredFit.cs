using System.Text.Json.Serialization;

namespace MixedModels.Benchmarks.Fits;

/// <summary>What the process of one case found; times in seconds, warm ones medians.</summary>
/// <param name="Rows">The rows used.</param>
/// <param name="Deviance">The REML criterion at the optimum.</param>
/// <param name="Verdict">The verdict on the optimum.</param>
/// <param name="Evaluations">Evaluations of the criterion.</param>
/// <param name="Iterations">Accepted steps.</param>
/// <param name="GradientNorm">The gradient's norm at the optimum, in standardised parameters.</param>
/// <param name="Read">Reading the data.</param>
/// <param name="ColdDesign">The first design of the process, compilation included.</param>
/// <param name="ColdFit">The first fit of the process, compilation included.</param>
/// <param name="Design">A warm design.</param>
/// <param name="Fit">A warm fit, the design made.</param>
/// <param name="Both">A warm design and fit.</param>
/// <param name="Repetitions">The number of warm ones.</param>
/// <param name="PeakBytes">The most memory the process held up to the end of the first fit; 0 where the system does not tell.</param>
/// <param name="FollowUps">What came after the fit, in the catalogue's order.</param>
internal sealed record MeasuredFit(
    int Rows,
    double Deviance,
    ConvergenceVerdict Verdict,
    int Evaluations,
    int Iterations,
    double GradientNorm,
    double Read,
    double ColdDesign,
    double ColdFit,
    double Design,
    double Fit,
    double Both,
    int Repetitions,
    long PeakBytes,
    IReadOnlyList<MeasuredFollowUp> FollowUps)
{
    /// <summary>Whether the optimum was proved.</summary>
    [JsonIgnore]
    public bool Converged => Verdict is ConvergenceVerdict.Converged or ConvergenceVerdict.Boundary;
}

/// <summary>The median seconds of a follow-up and how often it ran.</summary>
internal sealed record MeasuredFollowUp(double Seconds, int Repetitions);

/// <summary>How a <see cref="MeasuredFit"/> goes from the process of a case to the one that asked.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(MeasuredFit))]
internal sealed partial class MeasuredFitJson : JsonSerializerContext;
