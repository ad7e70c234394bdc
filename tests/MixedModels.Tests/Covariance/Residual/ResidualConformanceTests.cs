using MixedModels.Covariance.Residual;
using MixedModels.Formula;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Tests.Covariance.Residual;

/// <summary>What every residual structure of the catalogue must do, whatever it is.</summary>
public sealed class ResidualConformanceTests
{
    private static readonly double[] visits = [1, 2, 4, 5, 7];

    public static TheoryData<string> Names => [.. ResidualNames.All];

    private static ResidualStructure Create(string name, double[]? times = null)
    {
        var x = times ?? visits;
        double[][] coordinates = ResidualNames.MostCoordinates(name) > 1 ? [x, [.. x.Select(value => Math.Sin(3 * value))]] : [x];
        var sites = new ResidualSites(coordinates, [.. x.Select(value => $"v{value}")]);
        return ResidualCatalogue.Create(name, sites, new(P: 2, Q: 1, HasNugget: name is "sp_exp" or "car1"));
    }

    private static double[] Phi(ResidualStructure structure, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, structure.ParameterCount).Select(_ => (2 * random.NextDouble()) - 1.1)];
    }

    private static double[] Dense(ResidualStructure structure, double[] phi)
    {
        var v = structure.Sites.Count;
        var (cells, R) = (structure.Evaluate(Jet.Variables(phi)), new double[v * v]);
        for (var a = 0; a < v; a++)
        {
            for (var b = 0; b <= a; b++) R[a + (b * v)] = R[b + (a * v)] = cells[Jet.Pair(a, b)].Value;
        }

        return R;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluate_AnyParameters_IsPositiveDefiniteWithFirstVarianceOne(string name)
    {
        var structure = Create(name);
        for (var seed = 1; seed <= 20; seed++)
        {
            var phi = Array.ConvertAll(Phi(structure, seed), value => 3 * value);
            var R = Dense(structure, phi);
            R[0].ShouldBe(1, 1e-15);
            if (structure.IsCorrelation)
            {
                for (var i = 0; i < visits.Length; i++) R[i * (visits.Length + 1)].ShouldBe(1, 1e-12);
            }

            var values = new double[visits.Length];
            SymmetricEigen.Decompose(R, visits.Length, visits.Length, values).ShouldBeTrue();
            values[0].ShouldBeGreaterThan(-1e-12, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluate_Derivatives_AreThoseOfDifferences(string name)
    {
        var structure = Create(name);
        var (phi, k) = (Phi(structure, 5), structure.ParameterCount);
        const double h = 1e-5;
        var cells = structure.Evaluate(Jet.Variables(phi));
        for (var i = 0; i < k; i++)
        {
            var (up, down) = ((double[])phi.Clone(), (double[])phi.Clone());
            up[i] += h;
            down[i] -= h;
            var (above, below) = (structure.Evaluate(Jet.Variables(up)), structure.Evaluate(Jet.Variables(down)));
            for (var c = 0; c < cells.Length; c++)
            {
                var first = cells[c].First.Length == 0 ? 0 : cells[c].First[i];
                first.ShouldBe((above[c].Value - below[c].Value) / (2 * h), 2e-9 * (1 + Math.Abs(first)));
                for (var j = 0; j <= i; j++)
                {
                    var second = cells[c].Second.Length == 0 ? 0 : cells[c].Second[Jet.Pair(i, j)];
                    var (a, b) = (above[c].First.Length == 0 ? 0 : above[c].First[j], below[c].First.Length == 0 ? 0 : below[c].First[j]);
                    second.ShouldBe((a - b) / (2 * h), 2e-9 * (1 + Math.Abs(second)));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Starts_AnyMoments_AreFiniteAndOfTheRightNumber(string name)
    {
        var structure = Create(name);
        var moments = Dense(Create("ar1"), [0.5]);
        moments[3] = moments[15] = double.NaN;
        var starts = structure.Starts(moments).ToArray();
        starts.ShouldNotBeEmpty();
        foreach (var start in starts)
        {
            start.Length.ShouldBe(structure.ParameterCount);
            start.ShouldAllBe(value => double.IsFinite(value));
            var values = new double[visits.Length];
            SymmetricEigen.Decompose(Dense(structure, start), visits.Length, visits.Length, values);
            values[0].ShouldBeGreaterThan(1e-4);
        }
    }

    [Theory]
    [InlineData("us", 14)]
    [InlineData("corus", 10)]
    [InlineData("cs", 1)]
    [InlineData("csh", 1)]
    [InlineData("ar1", 1)]
    [InlineData("ar1h", 1)]
    [InlineData("toep", 6)]
    [InlineData("toeph", 6)]
    [InlineData("ad", 4)]
    [InlineData("adh", 4)]
    [InlineData("arma", 3)]
    [InlineData("car1", 2)]
    [InlineData("sp_exp", 2)]
    [InlineData("sp_gau", 1)]
    [InlineData("sp_sph", 1)]
    [InlineData("sp_lin", 1)]
    [InlineData("sp_ratio", 1)]
    [InlineData("rw", 0)]
    public void ParameterCount_OfFiveVisits_IsTheStructures(string name, int count)
    {
        var structure = Create(name);
        structure.ParameterCount.ShouldBe(count);
        structure.Natural(Jet.Variables(Phi(structure, 3))).Count.ShouldBe(count);
        structure.Words.ShouldNotBeEmpty();
        structure.Name.ShouldBe(ResidualCatalogue.IsHeterogeneous(name) ? name[..^1] : name);
    }

    [Fact]
    public void ParameterCounts_CoverTheCatalogue() => ResidualNames.All.Count.ShouldBe(18);

    [Theory]
    [InlineData("ar1", new[] { 0.5 }, new[] { 1, 0.5, 1, 0.125, 0.25, 1 })]
    [InlineData("cs", new[] { -0.4 }, new[] { 1, -0.4, 1, -0.4, -0.4, 1 })]
    [InlineData("ad", new[] { 0.5, -0.2 }, new[] { 1, 0.5, 1, -0.1, -0.2, 1 })]
    [InlineData("toep", new[] { 0.5, 0.3, 0.2 }, new[] { 1, 0.5, 1, 0.2, 0.3, 1 })]
    [InlineData("sp_gau", new[] { 2.0 }, new[] { 1, 0.77880078307140487, 1, 0.10539922456186433, 0.36787944117144233, 1 })]
    [InlineData("sp_sph", new[] { 2.0 }, new[] { 1, 0.3125, 1, 0, 0, 1 })]
    [InlineData("sp_lin", new[] { 2.0 }, new[] { 1, 0.5, 1, 0, 0, 1 })]
    [InlineData("sp_ratio", new[] { 2.0 }, new[] { 1, 0.8, 1, 0.30769230769230771, 0.5, 1 })]
    [InlineData("rw", new double[0], new[] { 1.0, 1, 2, 1, 2, 4 })]
    public void Evaluate_ThreeVisitsAtOneTwoFour_IsTheKnownMatrix(string name, double[] natural, double[] expected)
    {
        // The free parameters with those natural values, by Newton's method on the structure's own report of them.
        double[] times = [1, 2, 4];
        var structure = ResidualCatalogue.Create(name, new([times], ["a", "b", "c"]), new());
        var phi = new double[structure.ParameterCount];
        for (var round = 0; round < 60; round++)
        {
            var values = structure.Natural(Jet.Variables(phi));
            for (var k = 0; k < phi.Length; k++) phi[k] += Math.Clamp((natural[k] - values[k].Value.Value) / values[k].Value.First[k], -0.5, 0.5);
        }

        var cells = structure.Evaluate(Jet.Variables(phi));
        for (var c = 0; c < expected.Length; c++) cells[c].Value.ShouldBe(expected[c], 1e-10);
    }

    [Fact]
    public void Evaluate_ArmaOneOne_IsTheTextbookAutocorrelation()
    {
        // Brockwell and Davis 1991, section 3.3, for ARMA(1, 1): rho_1 = (1 + phi theta)(phi + theta)/(1 + 2 phi theta + theta²), then phi a lag.
        var structure = ResidualCatalogue.Create("arma", new([[1, 2, 3]], ["1", "2", "3"]), new(P: 1, Q: 1));
        double[] free = [Math.Atanh(0.7), Math.Atanh(0.4)];
        var natural = structure.Natural(Jet.Variables(free));
        var (phi, theta) = (natural[0].Value.Value, natural[1].Value.Value);
        phi.ShouldBe(0.7, 1e-14);
        theta.ShouldBe(-0.4, 1e-14);
        var cells = structure.Evaluate(Jet.Variables(free));
        var rho = (1 + (phi * theta)) * (phi + theta) / (1 + (2 * phi * theta) + (theta * theta));
        cells[Jet.Pair(1, 0)].Value.ShouldBe(rho, 1e-14);
        cells[Jet.Pair(2, 0)].Value.ShouldBe(phi * rho, 1e-14);
    }

    [Fact]
    public void Evaluate_ArmaOneZero_IsAr1()
    {
        var arma = ResidualCatalogue.Create("arma", Create("ar1").Sites, new(P: 1, Q: 0));
        var (first, second) = (arma.Evaluate(Jet.Variables([0.8])), Create("ar1").Evaluate(Jet.Variables([0.8])));
        for (var c = 0; c < first.Length; c++) first[c].Value.ShouldBe(second[c].Value, 1e-14);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Over_SomeOfTheSites_IsThatPartOfTheMatrix(string name)
    {
        var structure = Create(name);
        int[] places = [0, 2, 3];
        if (structure.Over(structure.Sites.Subset(places)) is not { } part) return;
        var phi = Phi(structure, 11);
        var (whole, own) = (structure.Evaluate(Jet.Variables(phi)), part.Evaluate(Jet.Variables(phi)));
        for (var a = 0; a < places.Length; a++)
        {
            for (var b = 0; b <= a; b++) own[Jet.Pair(a, b)].Value.ShouldBe(whole[Jet.Pair(places[a], places[b])].Value, 1e-14);
        }
    }

    [Fact]
    public void Create_UnknownName_IsAWrongCall() =>
        Should.Throw<ArgumentException>(() => ResidualCatalogue.Create("ar2", Create("ar1").Sites, new())).Message.ShouldContain("'ar2'");
}
