namespace MixedModels.Numerics;

/// <summary>A smooth curve through points that rises and falls only where they do. Immutable.</summary>
/// <remarks>
/// Piecewise cubic with slopes that are weighted harmonic means of the neighbouring secants. Source: Fritsch and Butland 1984, A method for
/// constructing local monotone piecewise cubic interpolants, SIAM J. Sci. Stat. Comput. 5, 300–304.
/// </remarks>
internal sealed class MonotoneCubic
{
    private readonly double[] slopes;
    private readonly double[] x;
    private readonly double[] y;

    /// <summary>Lays the curve.</summary>
    /// <param name="x">At least one abscissa, strictly ascending.</param>
    /// <param name="y">As many ordinates.</param>
    public MonotoneCubic(double[] x, double[] y)
    {
        (this.x, this.y) = (x, y);
        slopes = new double[x.Length];
        if (x.Length < 2) return;
        for (var i = 1; i + 1 < x.Length; i++) slopes[i] = Inner(Secant(i - 1), Secant(i), x[i] - x[i - 1], x[i + 1] - x[i]);
        slopes[0] = x.Length == 2 ? Secant(0) : Outer(Secant(0), Secant(1), x[1] - x[0], x[2] - x[1]);
        var last = x.Length - 2;
        slopes[^1] = x.Length == 2 ? Secant(0) : Outer(Secant(last), Secant(last - 1), x[last + 1] - x[last], x[last] - x[last - 1]);
    }

    /// <summary>The ordinate at an abscissa; beyond the ends those of the ends.</summary>
    public double At(double at)
    {
        if (at <= x[0]) return y[0];
        if (at >= x[^1]) return y[^1];
        var i = Array.BinarySearch(x, at);
        if (i >= 0) return y[i];
        i = ~i - 1;
        var h = x[i + 1] - x[i];
        var t = (at - x[i]) / h;
        var (s, u) = (1 - t, t * t);
        return (s * s * (((1 + (2 * t)) * y[i]) + (t * h * slopes[i]))) + (u * (((3 - (2 * t)) * y[i + 1]) - (s * h * slopes[i + 1])));
    }

    private double Secant(int i) => (y[i + 1] - y[i]) / (x[i + 1] - x[i]);

    private static double Inner(double before, double after, double h0, double h1)
    {
        if (before * after <= 0) return 0;
        var share = (h0 + (2 * h1)) / (3 * (h0 + h1));
        return before * after / ((share * after) + ((1 - share) * before));
    }

    /// <summary>The slope of the parabola through the three points of an end, no steeper than the curve may be.</summary>
    private static double Outer(double own, double next, double h0, double h1)
    {
        var slope = (((2 * h0) + h1) * own / (h0 + h1)) - (h0 * next / (h0 + h1));
        if (slope * own <= 0) return 0;
        return Math.Abs(slope) > 3 * Math.Abs(own) ? 3 * own : slope;
    }
}
