namespace MixedModels.Numerics;

/// <summary>Elementary functions without the cancellation they have near a special point.</summary>
/// <remarks>Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 1.14.1 and problem 1.5.</remarks>
internal static class NearZero
{
    /// <summary>log(1 + x).</summary>
    public static double LogOnePlus(double x)
    {
        var u = 1 + x;
        return u == 1 || double.IsInfinity(u) ? Math.Min(x, u) : Math.Log(u) * x / (u - 1);
    }

    /// <summary>exp(x) − 1.</summary>
    public static double ExpMinusOne(double x)
    {
        var u = Math.Exp(x);
        if (u == 1) return x;
        return u - 1 == -1 || double.IsInfinity(u) ? u - 1 : (u - 1) * x / Math.Log(u);
    }
}
