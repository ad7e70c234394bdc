using MixedModels.Covariance;
using MixedModels.LinearAlgebra;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Covariance;

/// <summary>What every structure of the catalogue must do, whatever it is.</summary>
public sealed class CovarianceConformanceTests
{
    private static readonly string[] names =
        ["us", "diag", "us adapted", "homdiag", "cs", "homcs", "ar1", "hetar1", "toep", "homtoep", "ou", "exp", "gau", "mat", "rr"];

    /// <summary>Structures whose least slope at G = 0 is found exactly and not by a sample of correlations.</summary>
    private static readonly string[] exactAtZero = ["us", "diag", "us adapted", "homdiag", "homcs", "rr"];

    /// <summary>Positions in the plane, no two alike and no two distances equal: effect i at (i + i²/7, √i).</summary>
    private static double[] Positions(int p) =>
        [.. Enumerable.Range(0, p).Select(i => i + (i * i / 7.0)), .. Enumerable.Range(0, p).Select(i => Math.Sqrt(i))];

    public static TheoryData<string, int> Structures
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var name in names)
            {
                for (var p = 1; p <= 4; p++)
                {
                    // Two effects have one distance, from which Matérn's range and shape cannot both be told.
                    if (name != "mat" || p != 2) data.Add(name, p);
                }
            }

            return data;
        }
    }

    /// <summary>A structure by name; an adapted one is turned to the axes of a nearly singular covariance.</summary>
    private static CovarianceStructure Create(string name, int p)
    {
        if (name != "us adapted") return CovarianceCatalogue.Create(name, p, rank: 2, Positions(p));
        var plain = CovarianceCatalogue.Create("us", p);
        var theta = Theta(plain, 9);
        theta[^1] = 1e-4;
        return plain.AdaptedTo(G(plain, theta));
    }

    [Theory]
    [InlineData("us", 4, 10)]
    [InlineData("diag", 4, 4)]
    [InlineData("homdiag", 4, 1)]
    [InlineData("cs", 4, 5)]
    [InlineData("homcs", 4, 2)]
    [InlineData("ar1", 4, 2)]
    [InlineData("hetar1", 4, 5)]
    [InlineData("toep", 4, 7)]
    [InlineData("homtoep", 4, 4)]
    [InlineData("ou", 4, 2)]
    [InlineData("exp", 4, 2)]
    [InlineData("gau", 4, 2)]
    [InlineData("mat", 4, 3)]
    [InlineData("rr", 4, 7)]
    public void ParameterCount_OfFourEffects_IsTheStructures(string name, int p, int count) => Create(name, p).ParameterCount.ShouldBe(count);

    [Fact]
    public void Create_PositionsMissing_IsAWrongCall() =>
        Should.Throw<ArgumentException>(() => CovarianceCatalogue.Create("exp", 3)).Message.ShouldContain("position");

    [Theory]
    [MemberData(nameof(Structures))]
    public void Create_Name_GivesTheStructureOfThatName(string name, int p)
    {
        var structure = Create(name, p);
        structure.Name.ShouldBe(name.Split(' ')[0]);
        structure.Dimension.ShouldBe(p);
        structure.FullRank.ShouldBe(name == "rr" ? Math.Min(2, p) : p);
    }

    [Fact]
    public void Create_UnknownName_IsAWrongCall() =>
        Should.Throw<ArgumentException>(() => CovarianceCatalogue.Create("usual", 2)).Message.ShouldContain("'usual'");

    [Theory]
    [MemberData(nameof(Structures))]
    public void Factor_AnyParameters_IsLowerTriangularAndWritesEveryEntry(string name, int p)
    {
        var structure = Create(name, p);
        var T = Enumerable.Repeat(double.NaN, p * p).ToArray();
        structure.Factor(Theta(structure, 1), T);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                double.IsFinite(T[i + (j * p)]).ShouldBeTrue();
                if (i < j) T[i + (j * p)].ShouldBe(0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void Derivative_EqualsDifferencesOfG(string name, int p)
    {
        const double Step = 1e-6;
        var structure = Create(name, p);
        var theta = Theta(structure, 2);
        var jacobian = new double[p * p * structure.ParameterCount];
        for (var k = 0; k < structure.ParameterCount; k++)
        {
            var dG = jacobian.AsSpan(k * p * p, p * p);
            structure.Derivative(k, theta, dG);
            var (above, below) = (G(structure, Moved(theta, k, Step)), G(structure, Moved(theta, k, -Step)));
            for (var i = 0; i < p * p; i++) dG[i].ShouldBe((above[i] - below[i]) / (2 * Step), 1e-8 * (1 + Math.Abs(dG[i])));
        }

        // No parameter is idle or a copy of others.
        OrthonormalBasis.Orthonormalize(jacobian, p * p, structure.ParameterCount, new double[structure.ParameterCount * structure.ParameterCount], 1e-9)
            .ShouldBe(structure.ParameterCount);
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void SecondDerivative_EqualsDifferencesOfTheDerivative(string name, int p)
    {
        const double Step = 1e-6;
        var structure = Create(name, p);
        var theta = Theta(structure, 3);
        var Gamma = Symmetric(p, 4);
        for (var k = 0; k < structure.ParameterCount; k++)
        {
            for (var l = 0; l < structure.ParameterCount; l++)
            {
                var difference = (Slope(Moved(theta, l, Step), k) - Slope(Moved(theta, l, -Step), k)) / (2 * Step);
                structure.SecondDerivative(k, l, theta, Gamma).ShouldBe(difference, 1e-7 * (1 + Math.Abs(difference)));
            }
        }

        double Slope(double[] at, int k)
        {
            var dG = new double[p * p];
            structure.Derivative(k, at, dG);
            return Vectors.Dot(Gamma, dG);
        }
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void FromCovariance_OfItsOwnG_IsCanonicalAndGivesGBack(string name, int p)
    {
        var structure = Create(name, p);
        for (var seed = 0; seed < 20; seed++)
        {
            // Signs at random, and in every second case a parameter of zero, so that G is singular.
            var theta = Theta(structure, seed);
            if (seed % 2 == 1) theta[seed % theta.Length] = 0;
            var expected = G(structure, theta);
            var canonical = new double[structure.ParameterCount];
            structure.FromCovariance(expected, canonical);
            var actual = G(structure, canonical);
            for (var i = 0; i < p * p; i++) actual[i].ShouldBe(expected[i], 1e-7);
            var factor = T(structure, canonical);
            for (var i = 0; i < p; i++) factor[i * (p + 1)].ShouldBeGreaterThanOrEqualTo(0);
            var again = new double[structure.ParameterCount];
            structure.FromCovariance(actual, again);
            for (var k = 0; k < again.Length; k++) again[k].ShouldBe(canonical[k], 1e-6);
        }
    }

    /// <summary>With every sign turned the covariance is the same and the parameters are not those it would be given.</summary>
    [Theory]
    [MemberData(nameof(Structures))]
    public void IsCanonical_OfParameters_SaysWhetherTheirCovarianceGivesThemBack(string name, int p)
    {
        var structure = Create(name, p);
        var canonical = new double[structure.ParameterCount];
        structure.FromCovariance(G(structure, Theta(structure, 3)), canonical);
        structure.IsCanonical(canonical).ShouldBeTrue();
        structure.IsCanonical(Array.ConvertAll(canonical, value => -value)).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void FromCovariance_AfterTheColumnChangesItAllows_StaysInTheStructure(string name, int p)
    {
        var structure = Create(name, p);
        var random = new Random(p);
        var change = new double[p * p];
        var common = 0.1 + random.NextDouble();
        for (var i = 0; i < p * p; i++)
        {
            // Columns that may not be mixed keep their sign: they are scaled to unit mean square.
            change[i] = structure.Columns switch
            {
                ColumnFreedom.Mixed => 1 + RandomProblem.Normal(random),
                ColumnFreedom.Scaled => i % (p + 1) == 0 ? 0.1 + random.NextDouble() : 0,
                _ => i % (p + 1) == 0 ? common : 0,
            };
        }

        var (half, changed) = (new double[p * p], new double[p * p]);
        Product.Add(1, change, p, false, G(structure, Theta(structure, 5)), p, false, half, p, p, p, p);
        Product.Add(1, half, p, false, change, p, true, changed, p, p, p, p);
        var theta = new double[structure.ParameterCount];
        structure.FromCovariance(changed, theta);
        var actual = G(structure, theta);
        for (var i = 0; i < p * p; i++) actual[i].ShouldBe(changed[i], 1e-9);
    }

    [Theory]
    [MemberData(nameof(Structures))]
    public void ConeEigenvalue_IsTheLeastSlopeOverTheStructure(string name, int p)
    {
        var structure = Create(name, p);
        for (var seed = 0; seed < 10; seed++)
        {
            var Gamma = Symmetric(p, seed);
            var direction = new double[p * p];
            var eigenvalue = structure.ConeEigenvalue(new double[structure.ParameterCount], Gamma, direction);
            Enumerable.Range(0, p).Sum(i => direction[i * (p + 1)]).ShouldBe(1, 1e-12);
            Vectors.Dot(Gamma, direction).ShouldBe(eigenvalue, 1e-12);

            var attained = new double[structure.ParameterCount];
            structure.FromCovariance(direction, attained);
            var reached = G(structure, attained);
            for (var i = 0; i < p * p; i++) reached[i].ShouldBe(direction[i], 1e-7, "the steepest direction is a covariance of the structure");

            for (var trial = 0; trial < 50 && exactAtZero.Contains(name); trial++)
            {
                var other = G(structure, Theta(structure, (100 * seed) + trial));
                var trace = Enumerable.Range(0, p).Sum(i => other[i * (p + 1)]);
                if (trace > 1e-9) (Vectors.Dot(Gamma, other) / trace).ShouldBeGreaterThanOrEqualTo(eigenvalue - 1e-12);
            }
        }
    }

    private static double[] Theta(CovarianceStructure structure, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, structure.ParameterCount).Select(_ => RandomProblem.Normal(random))];
    }

    private static double[] Symmetric(int p, int seed)
    {
        var random = new Random(seed);
        var S = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++) S[i + (j * p)] = S[j + (i * p)] = RandomProblem.Normal(random);
        }

        return S;
    }

    private static double[] Moved(double[] theta, int k, double step)
    {
        var moved = (double[])theta.Clone();
        moved[k] += step;
        return moved;
    }

    private static double[] T(CovarianceStructure structure, double[] theta)
    {
        var T = new double[structure.Dimension * structure.Dimension];
        structure.Factor(theta, T);
        return T;
    }

    private static double[] G(CovarianceStructure structure, double[] theta) => RelativeCovariance.Of(structure, theta);
}
