using MixedModels.Numerics;

namespace MixedModels.Tests.Numerics;

/// <summary>The largest |t| by its two routes, against closed forms, tables and each other.</summary>
public sealed class MaximumModulusTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2.5, 8)]
    [InlineData(6, 2)]
    public void OneFactor_NoCorrelationScaleKnown_IsSidaks(double c, int K)
    {
        var p = TailProbability.NormalTwoSided(c);
        var expected = -NearZero.ExpMinusOne(K * NearZero.LogOnePlus(-p));
        OneFactorModulus.Upper(c, new double[K], double.PositiveInfinity).ShouldBe(expected, 1e-12 * expected);
        var (probability, error) = new DirectionalModulus(Identity(K), K).Upper(c, double.PositiveInfinity);
        Math.Abs(probability - expected).ShouldBeLessThan((5 * error) + (1e-6 * expected));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(11, 1e7)]
    public void OneFactor_OneComparison_IsStudents(double c, double df)
    {
        foreach (var loading in new[] { 0, 0.6, -0.99 })
        {
            var expected = TailProbability.StudentTwoSided(c, df);
            OneFactorModulus.Upper(c, [loading], df).ShouldBe(expected, 1e-11 * expected);
        }
    }

    /// <summary>Two-sided 5 % points for comparisons with a control, ρ = ½: Dunnett 1964, Biometrics 20, table II.</summary>
    [Theory]
    [InlineData(2, 10, 2.57)]
    [InlineData(3, 20, 2.54)]
    [InlineData(9, double.PositiveInfinity, 2.69)]
    [InlineData(2, double.PositiveInfinity, 2.21)]
    public void OneFactor_Control_IsDunnettsTable(int K, double df, double expected)
    {
        double[] loadings = [.. Enumerable.Repeat(Math.Sqrt(0.5), K)];
        TailQuantile.Find(c => OneFactorModulus.Upper(c, loadings, df), 0.05, 2, 1e-9).ShouldBe(expected, 0.006);
    }

    /// <summary>All pairs of k equal means: the studentized range over √2, a singular correlation matrix.</summary>
    [Theory]
    [InlineData(3, 10, 2.0)]
    [InlineData(4, 25, 2.7)]
    [InlineData(6, 12, 3.5)]
    [InlineData(5, 40, 7.0)]
    [InlineData(3, double.PositiveInfinity, 9.0)]
    public void Directional_AllPairs_IsTheStudentizedRange(int k, double df, double c)
    {
        var expected = StudentizedRange.Upper(c * Math.Sqrt(2), k, df);
        var (probability, error) = new DirectionalModulus(Pairs(k), k - 1).Upper(c, df);
        error.ShouldBeLessThan(2e-3 * expected);
        Math.Abs(probability - expected).ShouldBeLessThan((5 * error) + (1e-6 * expected));
    }

    [Theory]
    [InlineData(1.5, 6)]
    [InlineData(2.4, 30)]
    [InlineData(5.5, 30)]
    [InlineData(12, 3)]
    [InlineData(30, 200)]
    public void Directional_OneFactor_IsTheOneDimensionalIntegral(double c, double df)
    {
        double[] loadings = [0.7, -0.5, 0.9, 0.2];
        var expected = OneFactorModulus.Upper(c, loadings, df);
        var B = new double[4 * 5];
        for (var i = 0; i < 4; i++) (B[i * 5], B[(i * 5) + i + 1]) = (loadings[i], Math.Sqrt(1 - (loadings[i] * loadings[i])));
        var (probability, error) = new DirectionalModulus(B, 5).Upper(c, df);
        Math.Abs(probability - expected).ShouldBeLessThan((5 * error) + (1e-6 * expected));
    }

    /// <summary>1 − pmvt(…) of R's mvtnorm 1.1-3 with abseps = 1e-8.</summary>
    [Theory]
    [InlineData(1, 0.66142855730035)]
    [InlineData(2.5, 0.100716684345068)]
    [InlineData(4, 0.0135477620028667)]
    public void Directional_IsGenzAndBretzs(double c, double expected)
    {
        // Lower factor of [1 −.3 .2; −.3 1 .5; .2 .5 1].
        var l22 = Math.Sqrt(1 - 0.09);
        var l32 = (0.5 + 0.06) / l22;
        double[] B = [1, 0, 0, -0.3, l22, 0, 0.2, l32, Math.Sqrt(1 - 0.04 - (l32 * l32))];
        var (probability, error) = new DirectionalModulus(B, 3).Upper(c, 7);
        Math.Abs(probability - expected).ShouldBeLessThan((5 * error) + 1e-7);
    }

    [Fact]
    public void Directional_Quantile_InvertsUpperAndIsTheStudentizedRanges()
    {
        var pairs = new DirectionalModulus(Pairs(5), 4);
        var c = pairs.Quantile(0.05, 17);
        c.ShouldBe(StudentizedRange.Quantile(0.05, 5, 17) / Math.Sqrt(2), 1e-3);
        pairs.Upper(c, 17).Probability.ShouldBe(0.05, 1e-4);
    }

    [Fact]
    public void Directional_SameQuestion_SameBits()
    {
        var (first, second) = (new DirectionalModulus(Pairs(4), 3), new DirectionalModulus(Pairs(4), 3));
        first.Upper(2.2, 9).ShouldBe(second.Upper(2.2, 9));
    }

    [Fact]
    public void Upper_Ends_AreOneZeroAndMissing()
    {
        OneFactorModulus.Upper(0, [0.5, 0.5], 5).ShouldBe(1);
        OneFactorModulus.Upper(double.NaN, [0.5, 0.5], 5).ShouldBe(double.NaN);
        var pairs = new DirectionalModulus(Pairs(3), 2);
        pairs.Upper(0, 5).Probability.ShouldBe(1);
        pairs.Upper(1e-3, 5).Probability.ShouldBe(1, 1e-3);
        pairs.Upper(1e9, double.PositiveInfinity).Probability.ShouldBe(0);
        pairs.Upper(double.NaN, 5).Probability.ShouldBe(double.NaN);
    }

    private static double[] Identity(int K) => [.. Enumerable.Range(0, K * K).Select(i => i % (K + 1) == 0 ? 1.0 : 0)];

    /// <summary>(e_i − e_j)/√2 in an orthonormal basis of the vectors that sum to zero (Helmert's).</summary>
    private static double[] Pairs(int k)
    {
        double Basis(int level, int column) =>
            level <= column ? 1 / Math.Sqrt((column + 1) * (column + 2.0)) : level == column + 1 ? -Math.Sqrt((column + 1) / (column + 2.0)) : 0;
        var rows = new List<double>();
        for (var i = 0; i < k; i++)
        {
            for (var j = i + 1; j < k; j++)
            {
                for (var c = 0; c < k - 1; c++) rows.Add((Basis(i, c) - Basis(j, c)) / Math.Sqrt(2));
            }
        }

        return [.. rows];
    }
}
