using MixedModels.Covariance;

namespace MixedModels.Tests.Covariance;

/// <summary>Each structure's 3×3 covariance worked by hand, and structures that coincide.</summary>
public sealed class KnownCovarianceTests
{
    private static readonly double[] line = [0, 1, 3];

    public static TheoryData<string, double[], double[]> Known => new()
    {
        { "homdiag", [2], [4, 0, 0, 0, 4, 0, 0, 0, 4] },
        { "homcs", [2, Sine(0.5, -0.5, 1)], [4, 2, 2, 2, 4, 2, 2, 2, 4] },
        { "cs", [1, Math.Sqrt(2), Math.Sqrt(3), Sine(0.5, -0.5, 1)], [1, 1, 1.5, 1, 4, 3, 1.5, 3, 9] },
        { "ar1", [2, Sine(0.5, -1, 1)], [4, 2, 1, 2, 4, 2, 1, 2, 4] },
        { "ar1", [2, Sine(-0.5, -1, 1)], [4, -2, 1, -2, 4, -2, 1, -2, 4] },
        { "hetar1", [1, Math.Sqrt(2), Math.Sqrt(3), Sine(0.5, -1, 1)], [1, 1, 0.75, 1, 4, 3, 0.75, 3, 9] },

        // r1 = a1 and r2 = a1² + a2(1 − a1²): 0.25 + 0.2·0.75.
        { "homtoep", [2, Sine(0.5, -1, 1), Sine(0.2, -1, 1)], [4, 2, 1.6, 2, 4, 2, 1.6, 2, 4] },
        { "toep", [1, Math.Sqrt(2), Math.Sqrt(3), Sine(0.5, -1, 1), Sine(0.2, -1, 1)], [1, 1, 1.2, 1, 4, 3, 1.2, 3, 9] },
        { "ou", [2, Math.Log(0.5)], Distances(4, d => Math.Exp(-0.5 * d)) },
        { "exp", [2, Math.Log(2)], Distances(4, d => Math.Exp(-d / 2)) },
        { "gau", [2, Math.Log(2)], Distances(4, d => Math.Exp(-d * d / 4)) },

        // Matérn at shape ½, 3/2 and 5/2 in closed form (Rasmussen and Williams 2006, eq. 4.16, in the scale x = d/range).
        { "mat", [2, Math.Log(2), Math.Log(0.5)], Distances(4, d => Math.Exp(-d / 2)) },
        { "mat", [2, Math.Log(2), Math.Log(1.5)], Distances(4, d => (1 + (d / 2)) * Math.Exp(-d / 2)) },
        { "mat", [2, Math.Log(2), Math.Log(2.5)], Distances(4, d => (1 + (d / 2) + (d * d / 12)) * Math.Exp(-d / 2)) },

        // Lambda = (1 2 3; 0 1 1)'.
        { "rr", [1, 2, 3, 1, 1], [1, 2, 3, 2, 5, 7, 3, 7, 10] },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Factor_OfThreeEffects_IsTheCovarianceWorkedByHand(string name, double[] theta, double[] expected)
    {
        var G = RelativeCovariance.Of(CovarianceCatalogue.Create(name, 3, 2, line), theta);
        for (var i = 0; i < 9; i++) G[i].ShouldBe(expected[i], 1e-12);
    }

    /// <summary>x K₁(x) at shape 1: from tables, K₁(1) = 0.6019072301972346 and K₁(0.1) = 9.853844780870606 (Abramowitz and Stegun, table 9.8).</summary>
    [Theory]
    [InlineData(1, 0.6019072301972346)]
    [InlineData(0.1, 0.9853844780870606)]
    public void Factor_OfMaternWithShapeOne_IsBesselsFunction(double distance, double expected)
    {
        var G = RelativeCovariance.Of(CovarianceCatalogue.Create("mat", 2, 2, [0, distance]), [1, 0, 0]);
        G[1].ShouldBe(expected, 1e-13);
    }

    /// <summary>x^ν K_ν(x)/(2^(ν−1)Γ(ν)) at ν = 0.3, x = 0.7, by integrating K_ν(x) = ∫ exp(−x cosh t) cosh(νt) dt finely; Γ(0.3) = 2.991568987687590.</summary>
    [Fact]
    public void Factor_OfMaternWithFractionalShape_AgreesWithBesselsIntegral()
    {
        const double Shape = 0.3;
        const double X = 0.7;
        var bessel = 0.0;
        for (var t = 0.0005; t < 12; t += 0.001) bessel += 0.001 * Math.Exp(-X * Math.Cosh(t)) * Math.Cosh(Shape * t);
        var G = RelativeCovariance.Of(CovarianceCatalogue.Create("mat", 2, 2, [0, X]), [1, 0, Math.Log(Shape)]);
        G[1].ShouldBe(Math.Pow(X, Shape) * bessel / (Math.Pow(2, Shape - 1) * 2.991568987687590), 1e-9);
    }

    [Fact]
    public void Ou_AtEquidistantTimes_IsAr1()
    {
        var ou = RelativeCovariance.Of(CovarianceCatalogue.Create("ou", 4, 2, [0, 2, 4, 6]), [1.5, Math.Log(0.3)]);
        var ar1 = RelativeCovariance.Of(CovarianceCatalogue.Create("ar1", 4), [1.5, Sine(Math.Exp(-0.6), -1, 1)]);
        for (var i = 0; i < ou.Length; i++) ou[i].ShouldBe(ar1[i], 1e-13);
    }

    [Theory]
    [InlineData("ar1")]
    [InlineData("homtoep")]
    public void Homogeneous_WithoutCorrelation_IsHomdiag(string name)
    {
        var structure = CovarianceCatalogue.Create(name, 3);
        var theta = new double[structure.ParameterCount];
        theta[0] = 1.5;
        var G = RelativeCovariance.Of(structure, theta);
        var expected = RelativeCovariance.Of(CovarianceCatalogue.Create("homdiag", 3), [1.5]);
        for (var i = 0; i < 9; i++) G[i].ShouldBe(expected[i], 1e-15);
    }

    /// <summary>All of G is positive semidefinite wherever the parameters go, the bounds included: the factor gives back what the entries say.</summary>
    [Theory]
    [InlineData("cs")]
    [InlineData("homcs")]
    [InlineData("ar1")]
    [InlineData("hetar1")]
    [InlineData("toep")]
    [InlineData("homtoep")]
    public void Factor_AtTheBoundsOfCorrelations_GivesTheEntriesBack(string name)
    {
        var structure = CovarianceCatalogue.Create(name, 4);
        var scales = name is "homcs" or "ar1" or "homtoep" ? 1 : 4;
        foreach (var angle in new[] { -0.5 * Math.PI, 0.5 * Math.PI, 3, 40 })
        {
            var theta = Enumerable.Range(0, structure.ParameterCount).Select(k => k < scales ? 1.0 : angle).ToArray();
            var G = RelativeCovariance.Of(structure, theta);
            var again = new double[theta.Length];
            structure.FromCovariance(G, again);
            var same = RelativeCovariance.Of(structure, again);
            for (var i = 0; i < G.Length; i++)
            {
                same[i].ShouldBe(G[i], 1e-7);
                Math.Abs(G[i]).ShouldBeLessThanOrEqualTo(1 + 1e-12);
            }
        }
    }

    [Fact]
    public void MakeCanonical_OfAngles_KeepsTheCovariance()
    {
        var structure = CovarianceCatalogue.Create("toep", 4);
        double[] theta = [-1, 0.5, -2, 1, 2.5, -4, 8];
        var canonical = (double[])theta.Clone();
        structure.MakeCanonical(canonical);
        structure.IsCanonical(canonical).ShouldBeTrue();
        var (before, after) = (RelativeCovariance.Of(structure, theta), RelativeCovariance.Of(structure, canonical));
        for (var i = 0; i < before.Length; i++) after[i].ShouldBe(before[i], 1e-12);
    }

    /// <summary>At rho = 1 the derivative vanishes, and the way back is told by the curvature: d²G/dphi² = −(1 − lower)/2 off the diagonal.</summary>
    [Fact]
    public void ConeEigenvalue_AtACorrelationOfOne_IsTheSlopeTowardsLess()
    {
        var structure = CovarianceCatalogue.Create("homcs", 3);
        double[] theta = [2, 0.5 * Math.PI];
        double[] Gamma = [1, 0.3, 0.2, 0.3, 1, 0.1, 0.2, 0.1, 1];
        var D = new double[9];
        structure.ConeEigenvalue(theta, Gamma, D).ShouldBe(0.5 * 4 * -0.75 * 2 * (0.3 + 0.2 + 0.1), 1e-12);
        var moved = new double[2];
        structure.Leave(theta, Gamma, D, 0.01, moved);
        structure.NaturalParameters(moved)[0].Value.ShouldBeLessThan(1);
    }

    [Fact]
    public void NaturalParameters_HaveTheirNames()
    {
        var positions = new double[] { 0, 1, 3 };
        Names("us").ShouldBeEmpty();
        Names("cs").ShouldBe("rho");
        Names("homtoep").ShouldBe("rho1 rho2");
        Names("ou").ShouldBe("rate");
        Names("gau").ShouldBe("range");
        Names("mat").ShouldBe("range shape");

        string Names(string name)
        {
            var structure = CovarianceCatalogue.Create(name, 3, 2, positions);
            return string.Join(' ', structure.NaturalParameters(new double[structure.ParameterCount]).Select(parameter => parameter.Name));
        }
    }

    /// <summary>The angle of a correlation between two bounds.</summary>
    private static double Sine(double rho, double lower, double upper) => Math.Asin((rho - (0.5 * (upper + lower))) / (0.5 * (upper - lower)));

    private static double[] Distances(double variance, Func<double, double> correlation) =>
        [.. Enumerable.Range(0, 9).Select(e => variance * correlation(Math.Abs(line[e % 3] - line[e / 3])))];
}
