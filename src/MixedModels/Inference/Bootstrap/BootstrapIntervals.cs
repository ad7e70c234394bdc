using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Inference.Bootstrap;

/// <summary>Intervals from draws t* with the estimate t.</summary>
/// <remarks>
/// The quantile at α is the (B + 1)α-th smallest of B draws, with straight lines between (Davison and Hinkley 1997, section 2.2.1).
/// BCa reads it at Φ(z0 + (z0 + z)/(1 − a(z0 + z))) with z the normal quantile, z0 that of the share of draws below t, and the
/// acceleration a = skewness/6 of the score in the direction in which the statistic moves (Efron 1987, Better bootstrap confidence intervals, JASA 82,
/// 171–185, sections 3 and 6). That direction is found by regression of the draws on the scores.
/// </remarks>
internal static class BootstrapIntervals
{
    /// <summary>Intervals of every number of the statistic.</summary>
    public static IReadOnlyList<ConfidenceInterval> Of(BootstrapDraws draws, BootstrapInterval kind, double level)
    {
        int[] replicates = [.. draws.Successful()];
        return [.. Enumerable.Range(0, draws.Names.Count).Select(k => Interval(draws, replicates, k, kind, level))];
    }

    /// <summary>The acceleration of one number; 0 where its draws do not vary.</summary>
    public static double Acceleration(BootstrapDraws draws, IReadOnlyList<int> replicates, int k)
    {
        int[] used = [.. replicates.Where(r => double.IsFinite(draws.Row(r)![k]) && draws.Scores(r)!.Length > 0)];
        if (used.Length < 3) return 0;
        double[] t = Centred([.. used.Select(r => draws.Row(r)![k])]);
        var explained = Explained(Standardised([.. used.Select(r => draws.Scores(r)!)]), t);
        var (square, cube) = (explained.Sum(value => value * value) / used.Length, explained.Sum(value => value * value * value) / used.Length);
        return square > 0 ? cube / (6 * Math.Pow(square, 1.5)) : 0;
    }

    private static ConfidenceInterval Interval(BootstrapDraws draws, int[] replicates, int k, BootstrapInterval kind, double level)
    {
        var (name, t) = (draws.Names[k], draws.Estimates[k]);
        double[] sorted = [.. replicates.Select(r => draws.Row(r)![k]).Where(double.IsFinite).Order()];
        if (sorted.Length < 2 || !double.IsFinite(t)) return new(name, t, double.NaN, double.NaN);
        var tail = (1 - level) / 2;
        var (lower, upper) = kind switch
        {
            BootstrapInterval.Percentile => (Quantile(sorted, tail), Quantile(sorted, 1 - tail)),
            BootstrapInterval.Basic => ((2 * t) - Quantile(sorted, 1 - tail), (2 * t) - Quantile(sorted, tail)),
            _ => BiasCorrected(sorted, t, Acceleration(draws, replicates, k), tail),
        };
        var (least, most) = Range(name);
        return new(name, t, Math.Clamp(lower, least, most), Math.Clamp(upper, least, most));
    }

    private static (double Lower, double Upper) BiasCorrected(double[] sorted, double t, double acceleration, double tail)
    {
        var below = (sorted.Count(value => value < t) + (0.5 * sorted.Count(value => value == t))) / sorted.Length;
        if (below is 0 or 1) return (double.NaN, double.NaN);
        var z0 = NormalQuantile(below);
        return (Quantile(sorted, Moved(NormalQuantile(tail))), Quantile(sorted, Moved(NormalQuantile(1 - tail))));

        double Moved(double z) => NormalCumulative(z0 + ((z0 + z) / (1 - (acceleration * (z0 + z)))));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = (share * (sorted.Length + 1)) - 1;
        if (place <= 0) return sorted[0];
        if (place >= sorted.Length - 1) return sorted[^1];
        var below = (int)place;
        return sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>What a parameter can be, by its name; a statistic of the caller's own may be anything.</summary>
    private static (double Least, double Most) Range(string name)
    {
        if (name == "sigma") return (0, double.PositiveInfinity);
        return name.IndexOf('[', StringComparison.Ordinal) is var end and > 0 ? RangeOf(name[..end]) : (double.NegativeInfinity, double.PositiveInfinity);

        // A fixed effect of a column called rate has no bracket.
        static (double Least, double Most) RangeOf(string kind) => kind switch
        {
            "sigma" or "sd" or "range" or "rate" or "shape" or "ident" or "const" or "theta" or "phi" or "dispersion" => (0, double.PositiveInfinity),
            "cor" or "rho" => (-1, 1),
            "nugget" => (0, 1),
            _ => (double.NegativeInfinity, double.PositiveInfinity),
        };
    }

    private static double NormalCumulative(double z)
    {
        var tail = 0.5 * TailProbability.NormalTwoSided(Math.Abs(z));
        return z < 0 ? tail : 1 - tail;
    }

    private static double NormalQuantile(double share)
    {
        if (share == 0.5) return 0;
        var quantile = TailProbability.StudentQuantile(2 * Math.Min(share, 1 - share), double.PositiveInfinity);
        return share < 0.5 ? -quantile : quantile;
    }

    private static double[] Centred(double[] values)
    {
        var mean = values.Average();
        return [.. values.Select(value => value - mean)];
    }

    /// <summary>Columns of mean 0 and length 1, one after the other; a constant one is left at 0.</summary>
    private static double[] Standardised(double[][] rows)
    {
        var (n, p) = (rows.Length, rows[0].Length);
        var columns = new double[n * p];
        for (var j = 0; j < p; j++)
        {
            var column = Centred([.. rows.Select(row => row[j])]);
            var length = Vectors.Norm(column);
            if (length > 0) Vectors.Scale(1 / length, column);
            column.CopyTo(columns, j * n);
        }

        return columns;
    }

    /// <summary>The part of t in the space of the columns.</summary>
    private static double[] Explained(double[] columns, double[] t)
    {
        // Columns that are nearly a combination of others (scores of a singular model) add nothing but noise.
        const double Dependent = 1e-6;
        var n = t.Length;
        var p = columns.Length / n;
        OrthonormalBasis.Orthonormalize(columns, n, p, new double[p * p], Dependent);
        var explained = new double[n];
        for (var j = 0; j < p; j++)
        {
            var q = columns.AsSpan(j * n, n);
            Vectors.AddScaled(Vectors.Dot(q, t), q, explained);
        }

        return explained;
    }
}
