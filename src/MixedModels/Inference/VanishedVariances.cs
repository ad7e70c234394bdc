using MixedModels.Estimation.Linear;

namespace MixedModels.Inference;

/// <summary>
/// Standard deviations that have vanished get a start from which steps can leave: at 0 the gradient vanishes whatever the data say, and on
/// a profile a variance may come back.
/// </summary>
internal static class VanishedVariances
{
    /// <summary>A standard deviation below this share of sigma has vanished (lme4's rule).</summary>
    private const double Vanished = 1e-4;

    /// <summary>The share of sigma it starts with: a variance of a thousandth, as in a fit started from another.</summary>
    private const double Start = 0.03;

    /// <summary>Where the parameters stand that are diagonal entries of a factor.</summary>
    public static int[] DiagonalEntries(ThetaLayout layout)
    {
        var entries = new List<int>();
        for (var t = 0; t < layout.TermCount; t++)
        {
            foreach (var k in layout.Structure(t).ScaleParameters) entries.Add(layout.Start(t) + k);
        }

        return [.. entries];
    }

    /// <summary>A copy with vanished entries at their start.</summary>
    /// <param name="factor">Entries of factors, and perhaps others.</param>
    /// <param name="diagonal">The diagonal ones.</param>
    /// <param name="sigma">The residual standard deviation in the entries' unit.</param>
    public static double[] Enliven(double[] factor, int[] diagonal, double sigma)
    {
        var result = (double[])factor.Clone();
        foreach (var entry in diagonal)
        {
            if (Math.Abs(result[entry]) < Vanished * sigma) result[entry] = Start * sigma;
        }

        return result;
    }
}
