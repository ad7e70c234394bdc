namespace MixedModels.Numerics;

/// <summary>Quantiles of a distribution on the positive numbers of which the upper tail can be computed.</summary>
internal static class TailQuantile
{
    private const int MostSteps = 200;

    /// <summary>The x ≥ 0 with P(X ≥ x) = p.</summary>
    /// <param name="upper">P(X ≥ x), continuous and decreasing from 1.</param>
    /// <param name="p">In (0, 1).</param>
    /// <param name="guess">A positive number of the right size.</param>
    /// <param name="tolerance">Relative to the quantile.</param>
    /// <remarks>
    /// The logarithm of a tail is nearly straight, so Ridders' method, which keeps a bracket, needs a handful of steps.
    /// Source: Ridders 1979, A new algorithm for computing a single root of a real continuous function, IEEE Trans. Circuits Syst. 26.
    /// </remarks>
    public static double Find(Func<double, double> upper, double p, double guess, double tolerance)
    {
        var target = Math.Log(p);
        double Gap(double x) => x <= 0 ? -target : Math.Log(upper(x)) - target;
        var (low, fLow, high, fHigh) = (0.0, -target, guess, Gap(guess));
        while (fHigh > 0 && high < double.MaxValue / 4)
        {
            (low, fLow) = (high, fHigh);
            high *= 2;
            fHigh = Gap(high);
        }

        if (double.IsNaN(fHigh)) return double.NaN;
        for (var step = 0; step < MostSteps && high - low > tolerance * high; step++)
        {
            var middle = (low + high) / 2;
            var fMiddle = Gap(middle);
            if (fMiddle == 0 || middle <= low || middle >= high) return middle;

            // A tail that underflowed has no logarithm to draw a line through.
            var next = double.IsInfinity(fHigh) ? middle : middle + ((middle - low) * Math.Sign(fLow - fHigh) * fMiddle / Math.Sqrt((fMiddle * fMiddle) - (fLow * fHigh)));
            Narrow(middle, fMiddle);
            if (!(next > low && next < high)) continue;
            var fNext = Gap(next);
            if (fNext == 0) return next;
            Narrow(next, fNext);
        }

        return Math.Abs(fLow) < Math.Abs(fHigh) ? low : high;

        void Narrow(double x, double f)
        {
            if (f > 0) (low, fLow) = (x, f);
            else (high, fHigh) = (x, f);
        }
    }
}
