namespace MixedModels.Reporting.Plots;

/// <summary>Half-lengths a_i such that means i and j differ about where |m_i − m_j| &gt; a_i + a_j.</summary>
/// <remarks>
/// a_i + a_j = half the width of the interval of the difference, for all pairs of a by-group, by least squares: with k means and row sums s_i of those
/// half-widths, a_i = (s_i − Σs/(2(k − 1)))/(k − 2) for k &gt; 2. For equal standard errors it is exact. Idea: Lenth's emmeans.
/// </remarks>
internal static class ComparisonArrows
{
    /// <summary>The half-length of each mean; null where there is one mean only or one that is not estimable.</summary>
    public static IReadOnlyDictionary<MarginalMean, double>? Of(MarginalMeanTable table, double level)
    {
        if (table.Any(mean => !mean.IsEstimable)) return null;
        var groups = table.GroupBy(mean => string.Join('\u001f', table.By.Select(name => mean.Levels[name])), StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
        if (groups.Any(group => group.Length < 2)) return null;
        var contrasts = table.Pairwise();
        var next = 0;
        var found = new Dictionary<MarginalMean, double>();
        foreach (var group in groups)
        {
            var k = group.Length;
            var halves = new double[k, k];
            for (var i = 0; i < k; i++)
            {
                for (var j = i + 1; j < k; j++)
                {
                    var contrast = contrasts[next++];
                    halves[i, j] = halves[j, i] = 0.5 * (contrast.Upper - contrast.Lower);
                }
            }

            var reach = Solve(halves, k);
            for (var i = 0; i < k; i++) found[group[i]] = Math.Max(0, reach[i]);
        }

        return found;
    }

    /// <summary>The least squares solution of a_i + a_j = h_ij.</summary>
    internal static double[] Solve(double[,] halves, int k)
    {
        if (k == 2) return [halves[0, 1] / 2, halves[0, 1] / 2];
        var sums = new double[k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++) sums[i] += halves[i, j];
        }

        // Normal equations: (k − 2) a_i + Σa = s_i, and so Σa = Σs/(2k − 2).
        var total = sums.Sum() / (2 * (k - 1));
        return [.. sums.Select(sum => (sum - total) / (k - 2))];
    }
}
