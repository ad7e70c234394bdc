using System.Runtime.InteropServices;

namespace MixedModels.Diagnostics.Rules;

/// <summary>Skewness and kurtosis of a sample with the omnibus test K² of normality.</summary>
/// <param name="Skewness">Third standardised moment; 0 where normal.</param>
/// <param name="ExcessKurtosis">Fourth standardised moment less 3; 0 where normal.</param>
/// <param name="PValue">P of K² or larger in a normal sample.</param>
/// <remarks>Source: D'Agostino, Belanger and D'Agostino Jr 1990, The American Statistician 44, 316–321: equations for Z(√b₁) and Z(b₂).</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NormalityTest(double Skewness, double ExcessKurtosis, double PValue)
{
    /// <summary>The kurtosis' transform to normality needs so many values.</summary>
    private const int Least = 20;

    /// <summary>The test of a sample; null for fewer than 20 values or equal ones.</summary>
    public static NormalityTest? Of(IReadOnlyList<double> values)
    {
        var n = (double)values.Count;
        if (values.Count < Least) return null;
        var mean = values.Average();
        double m2 = 0, m3 = 0, m4 = 0;
        foreach (var value in values)
        {
            var d = value - mean;
            m2 += d * d / n;
            m3 += d * d * d / n;
            m4 += d * d * d * d / n;
        }

        if (!(m2 > 0)) return null;
        var (skewness, kurtosis) = (m3 / Math.Pow(m2, 1.5), m4 / (m2 * m2));
        var (z1, z2) = (SkewnessScore(skewness, n), KurtosisScore(kurtosis, n));

        // The upper tail of chi-square with 2 degrees of freedom is exp(−x/2).
        return new(skewness, kurtosis - 3, Math.Exp(-0.5 * ((z1 * z1) + (z2 * z2))));
    }

    private static double SkewnessScore(double skewness, double n)
    {
        var y = skewness * Math.Sqrt((n + 1) * (n + 3) / (6 * (n - 2)));
        var beta = 3 * ((n * n) + (27 * n) - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9));
        var w2 = -1 + Math.Sqrt(2 * (beta - 1));
        var delta = 1 / Math.Sqrt(0.5 * Math.Log(w2));
        var alpha = Math.Sqrt(2 / (w2 - 1));
        return delta * Math.Asinh(y / alpha);
    }

    private static double KurtosisScore(double kurtosis, double n)
    {
        var expected = 3 * (n - 1) / (n + 1);
        var variance = 24 * n * (n - 2) * (n - 3) / ((n + 1) * (n + 1) * (n + 3) * (n + 5));
        var x = (kurtosis - expected) / Math.Sqrt(variance);
        var beta = 6 * ((n * n) - (5 * n) + 2) / ((n + 7) * (n + 9)) * Math.Sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)));
        var A = 6 + (8 / beta * ((2 / beta) + Math.Sqrt(1 + (4 / (beta * beta)))));
        var root = Math.Cbrt((1 - (2 / A)) / (1 + (x * Math.Sqrt(2 / (A - 4)))));
        return (1 - (2 / (9 * A)) - root) / Math.Sqrt(2 / (9 * A));
    }
}
