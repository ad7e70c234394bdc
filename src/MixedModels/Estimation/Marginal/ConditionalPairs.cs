using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// z_r'N z_s of every two rows that one row of W reaches over, N = LM⁻¹L': the conditional covariances over sigma² of what the random effects say of
/// them. A workspace of one thread.
/// </summary>
internal sealed class ConditionalPairs
{
    private readonly StandardizedData data;
    private readonly RowWhitening whitening;
    private readonly SparseSystem system;
    private readonly RowPairs rows;
    private readonly double[] z;
    private readonly int[] places;
    private readonly long[] starts;

    /// <summary>Looks up where each pair of effects stands. O(pairs of rows × effects²).</summary>
    public ConditionalPairs(StandardizedData data, RowWhitening whitening, SparseSystem system)
    {
        (this.data, this.whitening, this.system) = (data, whitening, system);
        rows = new(data.Data.Terms, data.Data.n);
        z = Numbers();
        var (W, found) = (whitening.W, new List<int>());
        starts = new long[data.Data.n + 1];
        for (var r = 0; r < data.Data.n; r++)
        {
            foreach (var s in W.Rows(r))
            {
                for (var a = rows.RowStart[r]; a < rows.RowStart[r + 1]; a++)
                {
                    for (var b = rows.RowStart[s]; b < rows.RowStart[s + 1]; b++) found.Add(system.PlaceOf(rows.Effects[a], rows.Effects[b]));
                }
            }

            starts[r + 1] = found.Count;
        }

        places = [.. found];
    }

    /// <summary>Adds tr D_k ZNZ' = Σ dR⁻¹_rs z_r'N z_s for the slopes of every pattern of subjects.</summary>
    /// <param name="slopes">A pattern: its slopes.</param>
    /// <param name="first">The place of R's first parameter.</param>
    /// <param name="sums">A number a parameter.</param>
    public void AddTraces(IReadOnlyList<IReadOnlyList<PrecisionSlope>> slopes, int first, double[] sums)
    {
        var N = system.ConditionalEntries;
        for (var i = 0; i < slopes.Count; i++)
        {
            if (slopes[i].Count == 0) continue;
            var pattern = whitening.Subjects[i].Pattern;
            var width = slopes[i][0].Band.Length / pattern.Order;
            var covariances = new double[slopes[i][0].Band.Length];
            foreach (var block in pattern.Blocks) AddCovariances(N, block, width, covariances);
            foreach (var slope in slopes[i])
            {
                var sum = 0.0;
                for (var e = 0; e < covariances.Length; e++) sum += covariances[e] * slope.Band[e];
                sums[first + slope.Parameter] += sum;
            }
        }
    }

    /// <summary>The pairs of one subject at d + i·width, those of two rows twice.</summary>
    private void AddCovariances(ReadOnlySpan<double> N, int[] block, int width, double[] sums)
    {
        for (var i = 0; i < block.Length; i++)
        {
            var r = block[i];
            var window = whitening.W.Rows(r);
            var next = starts[r];
            for (var w = 0; w < window.Length; w++)
            {
                var (s, sum) = (window[w], 0.0);
                for (var a = rows.RowStart[r]; a < rows.RowStart[r + 1]; a++)
                {
                    var inner = 0.0;
                    for (var b = rows.RowStart[s]; b < rows.RowStart[s + 1]; b++) inner += N[places[next++]] * z[b];
                    sum += z[a] * inner;
                }

                var d = window.Length - 1 - w;
                sums[d + (i * width)] += d == 0 ? sum : 2 * sum;
            }
        }
    }

    private double[] Numbers()
    {
        var (numbers, next) = (new double[rows.Effects.Length], 0);
        for (var r = 0; r < data.Data.n; r++)
        {
            for (var t = 0; t < data.Data.Terms.Count; t++)
            {
                var term = data.Data.Terms[t];
                var (first, end) = term.Entries(r);
                for (var e = first; e < end; e++)
                {
                    for (var j = 0; j < term.Dimension; j++) numbers[next++] = data.Z[t][e + (j * term.LevelOfRow.Length)];
                }
            }
        }

        return numbers;
    }
}
