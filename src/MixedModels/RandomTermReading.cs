using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>Numbers of a random term in the shapes that fits show.</summary>
internal static class RandomTermReading
{
    /// <summary>The estimate of a term.</summary>
    /// <param name="term">The term.</param>
    /// <param name="covariance">p×p covariance of its effects.</param>
    /// <param name="parameters">What its structure has beyond standard deviations and correlations.</param>
    public static RandomTermEstimate Estimate(RandomTermDesign term, double[] covariance, IReadOnlyList<NamedParameter> parameters)
    {
        var p = term.ColumnNames.Count;
        var correlations = new double[p * p];
        var deviations = new double[p];
        for (var j = 0; j < p; j++) deviations[j] = Math.Sqrt(covariance[j * (p + 1)]);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) correlations[i + (j * p)] = i == j ? 1 : Math.Clamp(covariance[i + (j * p)] / (deviations[i] * deviations[j]), -1, 1);
        }

        return new(term.Group, term.Structure, term.Levels.Count, term.ColumnNames, new(p, p, covariance), deviations, new(p, p, correlations)) { Parameters = parameters, Rank = term.Rank };
    }

    /// <summary>The conditional modes of a term.</summary>
    /// <param name="term">The term.</param>
    /// <param name="effects">Effect i of level l at i + l·p.</param>
    /// <param name="covariances">Their conditional covariances, p×p a level.</param>
    public static ConditionalModes Modes(RandomTermDesign term, double[] effects, double[] covariances)
    {
        var (p, levels) = (term.ColumnNames.Count, term.Levels.Count);
        var values = new double[levels * p];
        var deviations = new double[levels * p];
        for (var l = 0; l < levels; l++)
        {
            for (var i = 0; i < p; i++)
            {
                values[l + (i * levels)] = effects[(l * p) + i];
                deviations[l + (i * levels)] = Math.Sqrt(Math.Max(0, covariances[(l * p * p) + (i * (p + 1))]));
            }
        }

        return new(term.Group, term.ColumnNames, term.Levels, new(levels, p, values), new(levels, p, deviations))
        {
            Covariances = [.. Enumerable.Range(0, levels).Select(l => new Matrix(p, p, covariances[(l * p * p)..((l + 1) * p * p)]))],
        };
    }
}
