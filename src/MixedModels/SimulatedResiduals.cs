using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>How simulated residuals are made.</summary>
public sealed record SimulatedResidualOptions
{
    /// <summary>Replicates, at most 2,000; fewer are drawn where rows × replicates would pass twenty million.</summary>
    public int Replicates { get; init; } = 250;

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether random effects stay at their conditional modes; by default they are drawn anew.</summary>
    public bool IsConditional { get; init; }
}

/// <summary>
/// Where each response stands among responses simulated from the fit: uniform between 0 and 1 for a right model of any family. Tests come with sizes,
/// and their p-values hold although rows of a group depend on each other. Immutable.
/// </summary>
/// <remarks>
/// In the manner of Dunn and Smyth 1996 (J. Comput. Graph. Stat. 5, 236–244) and the DHARMa package. The p-value of a statistic is its rank among those of
/// the replicates, each held against all others as the responses are: exact, for any dependence of rows, but for the estimation of the parameters. With
/// random effects held, responses are first moved away from their fitted values by 1/√(1 − leverage), as far as the estimation of the effects drew them
/// in; whole numbers are moved for the dispersion alone, since a rank among whole numbers needs one.
/// </remarks>
public sealed class SimulatedResiduals
{
    /// <summary>The most replicates that are drawn.</summary>
    public const int MostReplicates = 2000;

    private const int MostNumbers = 20_000_000;
    private const int LeastReplicates = 40;

    private SimulatedResiduals(double[] values, int replicates, Comparison comparison)
    {
        (Values, Replicates) = (values, replicates);
        UniformityDistance = comparison.Distances[^1];
        UniformityPValue = Share(comparison.Distances, own => value => value >= own);
        var mean = comparison.Dispersions.Average();
        DispersionRatio = comparison.Dispersions[^1] / mean;
        DispersionPValue = Math.Min(1, 2 * Math.Min(
            Share(comparison.Dispersions, own => value => value >= own), Share(comparison.Dispersions, own => value => value <= own)));
        OutlierCount = (int)comparison.Outliers[^1];
        ExpectedOutliers = 2.0 * values.Length / (replicates + 1);
        OutlierPValue = Share(comparison.Outliers, own => value => value >= own);
        SimulatedDispersions = [.. comparison.Dispersions[..^1].Select(dispersion => dispersion / mean)];
        ZeroCount = (int)comparison.Zeros[^1];
        SimulatedZeros = [.. comparison.Zeros[..^1].Select(zeros => (int)zeros)];
        ExpectedZeros = SimulatedZeros.Average();
        ZeroPValue = Math.Min(1, 2 * Math.Min(Share(comparison.Zeros, own => value => value >= own), Share(comparison.Zeros, own => value => value <= own)));
    }

    /// <summary>n residuals between 0 and 1: the share of simulations below the response, ties broken at random.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>The replicates drawn.</summary>
    public int Replicates { get; }

    /// <summary>The greatest difference of the residuals' distribution from the uniform one: the share that is misplaced.</summary>
    public double UniformityDistance { get; }

    /// <summary>How often a right model's responses are as far from uniform.</summary>
    public double UniformityPValue { get; }

    /// <summary>The variance of the responses about the simulations' mean over that of a simulation; 1 for a right model.</summary>
    public double DispersionRatio { get; }

    /// <summary>How often a right model's ratio is as far from 1, either way.</summary>
    public double DispersionPValue { get; }

    /// <summary>Responses below or above every simulation.</summary>
    public int OutlierCount { get; }

    /// <summary>How many of them are expected.</summary>
    public double ExpectedOutliers { get; }

    /// <summary>How often a right model has as many.</summary>
    public double OutlierPValue { get; }

    /// <summary>Responses that are exactly zero.</summary>
    public int ZeroCount { get; }

    /// <summary>How many are expected.</summary>
    public double ExpectedZeros { get; }

    /// <summary>How often a right model has a number as far from that, either way.</summary>
    public double ZeroPValue { get; }

    /// <summary>The variance ratio of each replicate, as <see cref="DispersionRatio"/> is that of the responses.</summary>
    public IReadOnlyList<double> SimulatedDispersions { get; }

    /// <summary>The zeros of each replicate.</summary>
    public IReadOnlyList<int> SimulatedZeros { get; }

    /// <summary>Compares the responses of a fit with simulations. O(rows × replicates × log replicates).</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Replicates, seed, and whether random effects are held; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no replicates, or more than 2,000.</exception>
    public static SimulatedResiduals Of(IInspectedFit fit, SimulatedResidualOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new();
        if (options.Replicates is < 1 or > MostReplicates)
            throw new ArgumentOutOfRangeException(nameof(options), options.Replicates, "Between 1 and 2000 replicates are wanted.");
        var n = fit.Design.Observations;
        var replicates = Math.Min(options.Replicates, Math.Max(LeastReplicates, MostNumbers / n));
        var simulated = fit.Simulate(replicates, options.Seed, new() { Conditional = options.IsConditional });
        var moved = options.IsConditional ? Deleveraged(fit) : fit.Design.Response.ToArray();
        var responses = fit.Generalized is { Family.IsDiscrete: true } ? fit.Design.Response.ToArray() : moved;
        var comparison = new Comparison(replicates + 1, n);
        var values = new double[n];
        var ties = new RandomStream(options.Seed, ulong.MaxValue);
        for (var row = 0; row < n; row++)
        {
            if (row % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            values[row] = (comparison.Add(simulated, row, responses[row], moved[row], ties) + ties.NextUniform()) / (replicates + 1);
        }

        comparison.Finish();
        return new(values, replicates, comparison);
    }

    private static double[] Deleveraged(IInspectedFit fit)
    {
        var responses = fit.Design.Response.ToArray();
        var leverages = fit.Leverages().Span;
        if (leverages.IsEmpty) return responses;

        // A row that fits itself exactly says nothing.
        for (var r = 0; r < responses.Length; r++)
        {
            var mean = fit.FittedMeans.Span[r] * (fit.Design.Trials.IsEmpty ? 1 : fit.Design.Trials.Span[r]);
            if (leverages[r] < 1 - 1e-8) responses[r] = mean + ((responses[r] - mean) / Math.Sqrt(1 - leverages[r]));
        }

        return responses;
    }

    private static double Share(double[] statistics, Func<double, Func<double, bool>> isAsFar) =>
        statistics.Count(isAsFar(statistics[^1])) / (double)statistics.Length;

    /// <summary>The statistics of every replicate and, last, of the responses; each is held against all others.</summary>
    private sealed class Comparison(int count, int n)
    {
        private readonly int[] ranks = new int[count * count];
        private readonly double[] row = new double[count];
        private readonly int[] order = new int[count];

        public double[] Distances { get; } = new double[count];

        public double[] Dispersions { get; } = new double[count];

        public double[] Outliers { get; } = new double[count];

        public double[] Zeros { get; } = new double[count];

        /// <summary>Takes one row in; the rank (from 0) of its response.</summary>
        public int Add(Matrix simulated, int index, double response, double moved, RandomStream ties)
        {
            var sum = response;
            for (var k = 0; k < count - 1; k++) sum += row[k] = simulated[index, k];
            row[count - 1] = response;
            var (mean, variance) = (sum / count, 0.0);
            foreach (var value in row) variance += (value - mean) * (value - mean) / count;
            for (var k = 0; k < count; k++)
            {
                var distance = (k == count - 1 ? moved : row[k]) - mean;
                if (variance > 0) Dispersions[k] += distance * distance / variance / n;
                if (row[k] == 0) Zeros[k]++;
                order[k] = k;
            }

            Array.Sort(row, order);
            ShuffleTies(ties);
            var own = 0;
            for (var rank = 0; rank < count; rank++)
            {
                ranks[(order[rank] * count) + rank]++;
                if (rank == 0 || rank == count - 1) Outliers[order[rank]]++;
                if (order[rank] == count - 1) own = rank;
            }

            return own;
        }

        /// <summary>Distances of all distributions of ranks from the uniform one.</summary>
        public void Finish()
        {
            for (var k = 0; k < count; k++)
            {
                var below = 0;
                for (var rank = 0; rank < count; rank++)
                {
                    below += ranks[(k * count) + rank];
                    Distances[k] = Math.Max(Distances[k], Math.Abs((below / (double)n) - ((rank + 1.0) / count)));
                }
            }
        }

        private void ShuffleTies(RandomStream ties)
        {
            for (var first = 0; first < count;)
            {
                var last = first;
                while (last + 1 < count && row[last + 1] == row[first]) last++;
                for (var k = last; k > first; k--)
                {
                    var other = first + (int)(ties.NextUniform() * (k - first + 1));
                    (order[k], order[other]) = (order[other], order[k]);
                }

                first = last + 1;
            }
        }
    }
}
