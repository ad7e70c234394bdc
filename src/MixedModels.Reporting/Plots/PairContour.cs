namespace MixedModels.Reporting.Plots;

/// <summary>A contour of the profile likelihood of two parameters, from their two profiles.</summary>
/// <remarks>
/// On the scale of zeta a contour at c is written zeta_j = c cos(a + d/2), zeta_k = c cos(a − d/2), where d is a function of a; with a normal likelihood d is
/// constant, arc cosine of the correlation. Each trace meets the contour where its own parameter is at ±c: four places whose d is known,
/// between which it is interpolated. Source: Bates and Watts 1988, appendix A.6.
/// </remarks>
internal static class PairContour
{
    private const int Places = 96;

    /// <summary>The contour, closed, on the parameters' own scales; a zeta beyond a profile's end, at a bound, stays at the bound.</summary>
    /// <param name="across">The parameter of the horizontal axis.</param>
    /// <param name="acrossPlace">Its place among all parameters.</param>
    /// <param name="up">The parameter of the vertical axis.</param>
    /// <param name="upPlace">Its place.</param>
    /// <param name="c">How far out, as zeta.</param>
    public static (double[] X, double[] Y) Of(ParameterProfile across, int acrossPlace, ParameterProfile up, int upPlace, double c)
    {
        var right = Angle(Trace(across, up, upPlace, c) / c);
        var left = Angle(-Trace(across, up, upPlace, -c) / c);
        var top = Angle(Trace(up, across, acrossPlace, c) / c);
        var bottom = Angle(-Trace(up, across, acrossPlace, -c) / c);
        (double At, double Phase)[] known = [(-right / 2, right), (top / 2, top), (Math.PI - (left / 2), left), (Math.PI + (bottom / 2), bottom)];
        var (x, y) = (new double[Places + 1], new double[Places + 1]);
        for (var i = 0; i <= Places; i++)
        {
            var a = known[0].At + (2 * Math.PI * i / Places);
            var d = Phase(known, a);
            x[i] = across.ValueAt(c * Math.Cos(a + (d / 2)));
            y[i] = up.ValueAt(c * Math.Cos(a - (d / 2)));
        }

        return (x, y);
    }

    /// <summary>Zeta of one parameter where the other's is held at a value, along the other's profile; beyond its end in proportion.</summary>
    internal static double Trace(ParameterProfile held, ParameterProfile other, int place, double zeta)
    {
        // The ratio of the two zetas hardly changes along a trace, so that is what is interpolated.
        var side = held.Points.Where(point => point.Zeta * zeta > 0).OrderBy(point => Math.Abs(point.Zeta)).ToArray();
        if (side.Length == 0) return 0;
        double Ratio(ProfilePoint point) => other.Zeta(point.Parameters[place]) / point.Zeta;
        var beyond = Array.FindIndex(side, point => Math.Abs(point.Zeta) >= Math.Abs(zeta));
        if (beyond <= 0) return zeta * Ratio(beyond < 0 ? side[^1] : side[0]);
        var (low, high) = (side[beyond - 1], side[beyond]);
        var share = high.Zeta == low.Zeta ? 0 : (zeta - low.Zeta) / (high.Zeta - low.Zeta);
        return zeta * (Ratio(low) + (share * (Ratio(high) - Ratio(low))));
    }

    private static double Angle(double cosine) => Math.Acos(Math.Clamp(cosine, -1, 1));

    /// <summary>The phase at an angle: cubic between the known ones, round the circle, with the slopes of the neighbours' secants.</summary>
    private static double Phase((double At, double Phase)[] known, double a)
    {
        (double At, double Phase) Known(int i) => (known[((i % 4) + 4) % 4].At + (2 * Math.PI * Math.Floor(i / 4.0)), known[((i % 4) + 4) % 4].Phase);
        var next = 1;
        while (Known(next).At < a) next++;
        var (from, to) = (Known(next - 1), Known(next));
        var h = to.At - from.At;
        if (!(h > 1e-9)) return to.Phase;
        var t = (a - from.At) / h;
        var (first, second) = (h * Slope(Known(next - 2), to), h * Slope(from, Known(next + 1)));
        return ((1 + (2 * t)) * (1 - t) * (1 - t) * from.Phase) + (t * (1 - t) * (1 - t) * first) + (t * t * (3 - (2 * t)) * to.Phase) + (t * t * (t - 1) * second);
    }

    private static double Slope((double At, double Phase) from, (double At, double Phase) to) => to.At > from.At ? (to.Phase - from.Phase) / (to.At - from.At) : 0;
}
