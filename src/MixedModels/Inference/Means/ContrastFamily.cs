namespace MixedModels.Inference.Means;

/// <summary>The tests that are adjusted together: those of one by-group that can be estimated. Immutable.</summary>
/// <param name="Statistics">t, a contrast each.</param>
/// <param name="Df">Degrees of freedom, a contrast each; infinite for the normal distribution.</param>
/// <param name="Correlation">K×K correlation of the estimates.</param>
/// <param name="Means">The number of means the contrasts are of.</param>
internal sealed record ContrastFamily(double[] Statistics, double[] Df, double[] Correlation, int Means)
{
    /// <summary>K.</summary>
    public int Count => Statistics.Length;

    /// <summary>The p-value of a contrast by itself.</summary>
    public double Single(int i) => Numerics.TailProbability.StudentTwoSided(Statistics[i], Df[i]);
}
