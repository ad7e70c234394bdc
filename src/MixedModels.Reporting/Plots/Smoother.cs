namespace MixedModels.Reporting.Plots;

/// <summary>A line through a cloud: local straight lines with tricube weights over the nearest part of the points.</summary>
/// <remarks>Source: Cleveland 1979, Robust locally weighted regression, JASA 74, section 2, without robustness.</remarks>
internal static class Smoother
{
    private const int Places = 60;

    /// <summary>The line at places spread over the points' order. O(n log n).</summary>
    /// <param name="x">Places.</param>
    /// <param name="y">Heights.</param>
    /// <param name="span">The share of the points that a local line sees.</param>
    public static (double[] X, double[] Y) Of(double[] x, double[] y, double span = 0.67)
    {
        var n = x.Length;
        var (sorted, heights) = ((double[])x.Clone(), (double[])y.Clone());
        Array.Sort(sorted, heights);
        var window = Math.Clamp((int)Math.Ceiling(span * n), Math.Min(3, n), n);
        var (places, line) = (new List<double>(), new List<double>());
        for (var k = 0; k < Places; k++)
        {
            var at = sorted[0] + ((sorted[^1] - sorted[0]) * k / (Places - 1));
            if (places.Count > 0 && at <= places[^1]) continue;
            places.Add(at);
            line.Add(At(sorted, heights, at, window));
        }

        return ([.. places], [.. line]);
    }

    private static double At(double[] x, double[] y, double at, int window)
    {
        var first = FirstOfNearest(x, at, window);
        var reach = Math.Max(at - x[first], x[first + window - 1] - at) * 1.0001;
        double s = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
        for (var i = first; i < first + window; i++)
        {
            var u = reach > 0 ? Math.Abs(x[i] - at) / reach : 0;
            var tricube = 1 - (u * u * u);
            var w = tricube * tricube * tricube;
            var d = x[i] - at;
            s += w;
            sx += w * d;
            sy += w * y[i];
            sxx += w * d * d;
            sxy += w * d * y[i];
        }

        // All weight on one place: the line is not determined, its height there is.
        var spread = (s * sxx) - (sx * sx);
        return spread > 1e-10 * s * sxx ? ((sxx * sy) - (sx * sxy)) / spread : sy / s;
    }

    /// <summary>The first of the window's points nearest to a place.</summary>
    private static int FirstOfNearest(double[] x, double at, int window)
    {
        var (lower, upper) = (0, x.Length - window);
        while (lower < upper)
        {
            var middle = (lower + upper) / 2;
            if (at - x[middle] > x[middle + window] - at) lower = middle + 1;
            else upper = middle;
        }

        return lower;
    }
}
