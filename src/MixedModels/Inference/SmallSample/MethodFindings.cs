namespace MixedModels.Inference.SmallSample;

/// <summary>What a method based on the variances' information says where these are on the boundary or not at a minimum.</summary>
internal static class MethodFindings
{
    /// <summary>The findings; none at an ordinary optimum.</summary>
    /// <param name="method">The method's name, as the owner of the degrees of freedom.</param>
    /// <param name="isDefinite">Whether the information is positive definite.</param>
    /// <param name="held">Variance parameters held as known.</param>
    public static IReadOnlyList<Finding> For(string method, bool isDefinite, int held)
    {
        if (!isDefinite)
        {
            return
            [
                new(
                    "df-undefined",
                    FindingSeverity.Warning,
                    $"{method} degrees of freedom cannot be found: the criterion does not curve upwards in every direction of the variances.",
                    "The estimate is not at a proved minimum, so how well the variances are known is unknown.",
                    "Look at the convergence message first; or ask for --df residual or none, which need no variances of variances."),
            ];
        }

        return held == 0
            ? []
            :
            [
                new(
                    "df-boundary",
                    FindingSeverity.Note,
                    $"{method} degrees of freedom treat {held} covariance {(held == 1 ? "parameter" : "parameters")} on the boundary as known to be zero.",
                    "A variance estimated as zero has no curvature to tell how well it is known; degrees of freedom may then be too large.",
                    ""),
            ];
    }
}
