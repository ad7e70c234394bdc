using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>Some terms on one grouping factor as one term of all their effects. Immutable.</summary>
internal sealed class StackedTerms
{
    /// <summary>The step by which the factor T of a structure is differentiated; it is linear in theta for most.</summary>
    private const double FactorStep = 1e-6;

    private readonly GeneralizedData data;

    /// <summary>Stacks terms.</summary>
    /// <param name="data">The data.</param>
    /// <param name="standardized">Its columns.</param>
    /// <param name="terms">The terms' numbers.</param>
    public StackedTerms(GeneralizedData data, StandardizedData standardized, int[] terms)
    {
        (this.data, Terms) = (data, terms);
        p = terms.Sum(t => data.Linear.Terms[t].Dimension);
        Z = [.. terms.SelectMany(t => Enumerable.Range(0, data.Linear.Terms[t].Dimension).Select(j => standardized.Z[t].AsSpan(j * data.n, data.n).ToArray()))];
    }

    /// <summary>The terms' numbers.</summary>
    public int[] Terms { get; }

    /// <summary>The effects of a level.</summary>
    public int p { get; }

    /// <summary>p columns of n.</summary>
    public double[][] Z { get; }

    /// <summary>The factors of the terms as one p×p block.</summary>
    public double[] Factor(IReadOnlyList<double[]> factors)
    {
        var T = new double[p * p];
        var at = 0;
        foreach (var t in Terms)
        {
            var own = data.Linear.Terms[t].Dimension;
            for (var j = 0; j < own; j++) factors[t].AsSpan(j * own, own).CopyTo(T.AsSpan(at + ((at + j) * p)));
            at += own;
        }

        return T;
    }

    /// <summary>The p entries of a level in a vector of all effects.</summary>
    public void Effects(ReadOnlySpan<int> offsets, ReadOnlySpan<double> all, int level, Span<double> own)
    {
        var at = 0;
        foreach (var t in Terms)
        {
            var dimension = data.Linear.Terms[t].Dimension;
            all.Slice(offsets[t] + (level * dimension), dimension).CopyTo(own[at..]);
            at += dimension;
        }
    }

    /// <summary>T'z of a row.</summary>
    public void Image(double[] T, int row, Span<double> image)
    {
        for (var j = 0; j < p; j++)
        {
            image[j] = 0;
            for (var k = j; k < p; k++) image[j] += T[k + (j * p)] * Z[k][row];
        }
    }

    /// <summary>Adds a row's z times a vector of p to a p×p matrix.</summary>
    public void AddOuter(double factor, int row, ReadOnlySpan<double> vector, double[] sum)
    {
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < p; k++) sum[k + (j * p)] += factor * Z[k][row] * vector[j];
        }
    }

    /// <summary>Adds &lt;slope, dT/dtheta_k&gt; of all terms' parameters: differences of T, exact where it is linear in theta.</summary>
    public void AddSlopes(ThetaLayout layout, ReadOnlySpan<double> theta, double[] slope, Span<double> gradient)
    {
        foreach (var t in Terms)
        {
            for (var k = layout.Start(t); k < layout.Start(t + 1); k++)
            {
                var moved = theta.ToArray();
                var step = FactorStep * Math.Max(1, Math.Abs(moved[k]));
                moved[k] += step;
                var after = Factor(layout.Factors(moved));
                moved[k] -= 2 * step;
                var before = Factor(layout.Factors(moved));
                for (var i = 0; i < after.Length; i++) gradient[k] += slope[i] * (after[i] - before[i]) / (2 * step);
            }
        }
    }
}
