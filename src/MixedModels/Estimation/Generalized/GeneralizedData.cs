using MixedModels.Estimation.Linear;
using MixedModels.Families;

namespace MixedModels.Estimation.Generalized;

/// <summary>A generalized linear mixed model's data as numbers. Immutable.</summary>
/// <param name="Linear">X, Z and levels in the user's units; its response and weights are not used.</param>
/// <param name="Rows">n responses with trials and weights.</param>
/// <param name="Offset">n offsets, or empty where all are 0.</param>
/// <param name="Family">The distribution of the response with its link.</param>
internal sealed record GeneralizedData(LinearData Linear, Observation[] Rows, ReadOnlyMemory<double> Offset, Family Family)
{
    /// <summary>The number of rows.</summary>
    public int n => Rows.Length;

    /// <summary>The part of the log-likelihood that no parameter touches.</summary>
    public double Constant()
    {
        var sum = 0.0;
        foreach (var row in Rows) sum += Family.Constant(row);
        return sum;
    }
}
