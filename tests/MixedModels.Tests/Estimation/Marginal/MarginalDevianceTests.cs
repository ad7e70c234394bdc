using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Formula;

namespace MixedModels.Tests.Estimation.Marginal;

/// <summary>The marginal deviance against a dense likelihood that shares no code with it, and its derivatives against differences.</summary>
public sealed class MarginalDevianceTests
{
    /// <summary>Formula, residual structure, variance functions.</summary>
    public static TheoryData<string, string?, string?> Models => new()
    {
        { "y ~ x", "us(visit | id)", null },
        { "y ~ x", "corus(visit | id)", null },
        { "y ~ x", "cs(visit | id)", null },
        { "y ~ x", "csh(visit | arm/id)", null },
        { "y ~ x", "ar1(visit | id)", null },
        { "y ~ x", "ar1h(visit | arm/id)", null },
        { "y ~ x", "toep(visit | id)", null },
        { "y ~ x", "toeph(visit | id)", null },
        { "y ~ x", "ad(visit | id)", null },
        { "y ~ x", "adh(visit | arm/id)", null },
        { "y ~ x", "arma(visit | id, p = 1, q = 1)", null },
        { "y ~ x", "car1(time | id)", null },
        { "y ~ x", "sp_exp(time + x | arm/id, nugget = TRUE)", null },
        { "y ~ x", "sp_gau(time + x | id)", null },
        { "y ~ x", "sp_sph(time | id)", null },
        { "y ~ x", "sp_lin(time | id)", null },
        { "y ~ x", "sp_ratio(time + x | 1, nugget = TRUE)", null },
        { "y ~ x", "rw(visit | id)", null },
        { "y ~ x", "sp_exp(abs(visit - 2.5) | id, nugget = TRUE)", null },
        { "y ~ x", null, "ident(arm) + power(time)" },
        { "y ~ x", "ar1(1 | id)", "constpower(time | arm)" },
        { "y ~ x", "ar1(1 | id)", "exp(x) + fixed(time)" },
        { "y ~ x + (x | id)", "ar1(visit | id)", null },
        { "y ~ x + (1 | site) + (1 | id)", "ar1h(visit | id)", "power(time, power = 0.4)" },
        { "y ~ x + (time || id)", null, "exp(time)" },
        { "y ~ x + (1 | visit) + (1 | id)", "ar1(visit | id)", null },
        { "y ~ x + (x | item)", "us(visit | id)", null },
        { "y ~ x + (1 | item) + (time || id)", "car1(time | id)", "exp(time)" },
    };

    internal static DataTable Table()
    {
        var random = new Random(7);
        const int subjects = 14;
        const int n = subjects * 4;
        var (y, x, time, visit, id, arm, site) = (new double[n], new double[n], new double[n], new double[n], new int[n], new int[n], new int[n]);
        var item = new int[n];
        for (var r = 0; r < n; r++)
        {
            // Rows in no order; a few visits missing.
            var place = r * 17 % n;
            (id[r], visit[r]) = (place / 4, 1 + (place % 4));
            (x[r], time[r]) = (random.NextDouble() - 0.5, visit[r] + (0.5 * random.NextDouble()));
            (arm[r], site[r], item[r]) = (id[r] % 2, id[r] / 5, r * 5 % 7);
            y[r] = (r % 11) == 3 ? double.NaN : 2 + x[r] + (0.4 * Math.Sin(3 * id[r])) + Math.Cos(2.0 * r) + (0.2 * visit[r] * random.NextDouble());
        }

        string[] names = [.. Enumerable.Range(0, subjects).Select(i => $"s{i:00}")];
        return new(
        [
            new NumericColumn("y", y), new NumericColumn("x", x), new NumericColumn("time", time), new NumericColumn("visit", visit),
            new FactorColumn("id", names, id, false), new FactorColumn("arm", ["A", "B"], arm, false), new FactorColumn("site", ["p", "q", "r"], site, false),
            new FactorColumn("item", ["i0", "i1", "i2", "i3", "i4", "i5", "i6"], item, false),
        ]);
    }

    internal static (StandardizedData Data, ResidualData Residual, ThetaLayout Layout) Problem(string formula, string? residual, string? variance)
    {
        var design = ModelDesign.Create(ModelFormula.Parse(formula), Table(), new()
        {
            Residual = residual is null ? null : ResidualClause.Parse(residual),
            Variance = variance is null ? null : VarianceClause.Parse(variance),
        });
        var data = new StandardizedData(LinearData.From(design));
        return (data, ResidualData.From(design)!, new(data.Data.Terms.Select(term => term.Structure)));
    }

    private static double[] Point(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 0.2 + (0.6 * random.NextDouble()))];
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Value_AnyPoint_IsTheDenseLikelihoods(string formula, string? residual, string? variance)
    {
        foreach (var reml in new[] { true, false })
        {
            var (data, numbers, layout) = Problem(formula, residual, variance);
            var deviance = new MarginalDeviance(data, numbers, layout, reml);
            var psi = Point(deviance.Dimension, 3);
            deviance.Value(psi).ShouldBe(DenseMarginal.Deviance(data, numbers, layout, psi, reml), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Evaluate_Derivatives_AreThoseOfDifferences(string formula, string? residual, string? variance)
    {
        foreach (var reml in new[] { true, false })
        {
            var (data, numbers, layout) = Problem(formula, residual, variance);
            var deviance = new MarginalDeviance(data, numbers, layout, reml);
            var psi = Point(deviance.Dimension, 5);
            var (k, point) = (psi.Length, deviance.Evaluate(psi));
            const double h = 1e-5;
            for (var i = 0; i < k; i++)
            {
                var (up, down) = ((double[])psi.Clone(), (double[])psi.Clone());
                up[i] += h;
                down[i] -= h;
                var (above, below) = (deviance.Evaluate(up), deviance.Evaluate(down));
                point.Gradient[i].ShouldBe((above.Value - below.Value) / (2 * h), 1e-6 * (1 + Math.Abs(point.Gradient[i])), $"gradient {i}");
                for (var j = 0; j < k; j++)
                {
                    var slope = (above.Gradient[j] - below.Gradient[j]) / (2 * h);
                    point.Hessian[i + (j * k)].ShouldBe(slope, 2e-6 * (1 + Math.Abs(slope)), $"Hessian {i}, {j}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Evaluate_WhitenedRows_AgreeWithDenseBlocks(string formula, string? residual, string? variance)
    {
        foreach (var reml in new[] { true, false })
        {
            var (data, numbers, layout) = Problem(formula, residual, variance);
            var (dense, whitened) = (new MarginalDeviance(data, numbers, layout, reml, MarginalRoute.Blocks), new MarginalDeviance(data, numbers, layout, reml, MarginalRoute.Whitened));
            var psi = Point(dense.Dimension, 11);
            var (first, second) = (dense.Evaluate(psi), whitened.Evaluate(psi));
            second.Value.ShouldBe(first.Value, 1e-9);
            second.Gradient.ShouldBe(first.Gradient, 1e-8 * (1 + first.Gradient.Select(Math.Abs).DefaultIfEmpty().Max()));
            var (exact, differences) = (dense.Information(psi), whitened.Information(psi));
            var size = exact.Hessian.Select(Math.Abs).DefaultIfEmpty().Max();
            differences.Hessian.ShouldBe(exact.Hessian, 3e-5 * (1 + size));
            for (var k = 0; k < psi.Length; k++) differences.H[k].ShouldBe(exact.H[k], 1e-8 * (1 + exact.H[k].Select(Math.Abs).Max()), $"H {k}");
            differences.Active.ShouldBe(exact.Active);
        }
    }

    [Theory]
    [InlineData("ar1(visit | id)", null)]
    [InlineData("ar1h(visit | arm/id)", "power(time)")]
    [InlineData("adh(visit | arm/id)", null)]
    [InlineData("car1(time | arm/id)", "constpower(time | arm)")]
    [InlineData("rw(visit | id)", "exp(x)")]
    [InlineData("arma(visit | id, p = 1, q = 1)", null)]
    [InlineData("arma(visit | arm/id, p = 2, q = 1)", "exp(time)")]
    [InlineData("arma(visit | id, p = 1, q = 2)", "ident(arm) + power(time)")]
    [InlineData("arma(visit | id, p = 3, q = 0)", null)]
    [InlineData("arma(visit | id, p = 0, q = 2)", null)]
    [InlineData("arma(1 | 1, p = 2, q = 2)", null)]
    [InlineData("ar1(1 | 1)", null)]
    public void Evaluate_Series_AgreesWithDenseBlocks(string residual, string? variance)
    {
        foreach (var reml in new[] { true, false })
        {
            var (data, numbers, layout) = Problem("y ~ x", residual, variance);
            var (dense, series) = (new MarginalDeviance(data, numbers, layout, reml, MarginalRoute.Blocks), new MarginalDeviance(data, numbers, layout, reml, MarginalRoute.Series));
            var psi = Point(dense.Dimension, 11);
            var (first, second) = (dense.Evaluate(psi), series.Evaluate(psi));
            second.Value.ShouldBe(first.Value, 1e-9);
            second.Gradient.ShouldBe(first.Gradient, 1e-8 * (1 + first.Gradient.Select(Math.Abs).DefaultIfEmpty().Max()));
            second.Hessian.ShouldBe(first.Hessian, 1e-8 * (1 + first.Hessian.Select(Math.Abs).DefaultIfEmpty().Max()));
            var (exact, own) = (dense.Information(psi), series.Information(psi));
            own.Hessian.ShouldBe(exact.Hessian, 1e-8 * (1 + exact.Hessian.Select(Math.Abs).DefaultIfEmpty().Max()));
            for (var k = 0; k < psi.Length; k++) own.H[k].ShouldBe(exact.H[k], 1e-8 * (1 + exact.H[k].Select(Math.Abs).Max()), $"H {k}");
            own.Active.ShouldBe(exact.Active);
        }
    }

    [Theory]
    [InlineData("arma(visit | id, p = 2, q = 1)")]
    [InlineData("ar1h(visit | id)")]
    public void OfSeries_ColourOfWhitened_GivesThemBack(string residual)
    {
        var (data, numbers, layout) = Problem("y ~ x", residual, "exp(time)");
        var whitening = RowWhitening.OfSeries(data, new(numbers, data.Data.n));
        whitening.Evaluate(Point(new MarginalDeviance(data, numbers, layout, reml: true).Dimension, 4), wantsDerivatives: false).ShouldBeTrue();
        whitening.Colour(whitening.Apply(data.y, data.Data.n), data.Data.n).ShouldBe(data.y, 1e-10);
    }

    [Theory]
    [InlineData("y ~ x + (x | id)", "ar1(visit | id)", null)]
    [InlineData("y ~ x + (1 | site)", "ar1(visit | id)", "exp(time)")]
    [InlineData("y ~ x + (1 | item)", "ar1(visit | id)", null)]
    [InlineData("y ~ x + (1 | item)", "us(visit | id)", null)]
    [InlineData("y ~ x", "ar1(visit | id)", "exp(time)")]
    public void Minimize_BothWaysToHoldV_EndAtOneOptimum(string formula, string residual, string? variance)
    {
        var (data, numbers, layout) = Problem(formula, residual, variance);
        LinearOptimum Optimum(MarginalRoute route) => MarginalOptimizer.Minimize(new(data, numbers, layout, reml: true, route), data, start: null, default);
        var (dense, whitened) = (Optimum(MarginalRoute.Blocks), Optimum(MarginalRoute.Whitened));
        whitened.Value.ShouldBe(dense.Value, 1e-8);
        whitened.Proved.ShouldBe(dense.Proved);
        whitened.Phi.ShouldBe(dense.Phi, 1e-4);
    }

    [Theory]
    [InlineData("y ~ x + (x | id)", "ar1(visit | id)", null)]
    [InlineData("y ~ x + (1 | site) + (1 | id)", "ar1h(visit | id)", "power(time, power = 0.4)")]
    [InlineData("y ~ x", "us(visit | id)", null)]
    [InlineData("y ~ x + (1 | item) + (1 | id)", "ar1(visit | id)", null)]
    [InlineData("y ~ x + (x | item) + (1 | site)", "us(visit | id)", "power(time, power = 0.4)")]
    [InlineData("y ~ x + (1 | item)", "adh(visit | arm/id)", null)]
    [InlineData("y ~ x + (1 | item)", "car1(time | id)", "exp(time)")]
    [InlineData("y ~ x + (1 | item) + (x || id)", "rw(visit | id)", null)]
    [InlineData("y ~ x + (1 | item)", "toep(visit | id)", null)]
    public void Whiten_AnyPoint_GivesTheOrdinaryDevianceOfTheWhitenedRows(string formula, string? residual, string? variance)
    {
        var (data, numbers, layout) = Problem(formula, residual, variance);
        var deviance = new MarginalDeviance(data, numbers, layout, reml: true);
        var psi = Point(deviance.Dimension, 9);
        var whitened = new RowWhitening(data, numbers, psi.AsSpan(layout.Count)).Whiten();
        var plan = layout.Count == 0 ? null : MixedModels.Estimation.Storage.BlockPlan.For(whitened.Data);
        var plain = new ProfiledDeviance(whitened, MixedModels.Estimation.Storage.BlockPlan.Allocate(whitened, plan, null), reml: true, layout);
        plain.Value(psi.AsSpan(0, layout.Count)).ShouldBe(deviance.Value(psi), 1e-9);
        plain.beta.ShouldBe(deviance.beta, 1e-10);
    }

    [Fact]
    public void Colour_OfWhitenedRows_GivesThemBack()
    {
        var (data, numbers, layout) = Problem("y ~ x", "us(visit | id)", null);
        var phi = Point(new MarginalDeviance(data, numbers, layout, reml: true).Dimension, 2);
        var whitening = new RowWhitening(data, numbers, phi);
        var n = data.Data.n;
        whitening.Colour(whitening.Apply(data.y, n), n).ShouldBe(data.y, 1e-12);
    }

    [Fact]
    public void Find_SubjectsWithTheSameVisits_ShareAPattern()
    {
        var (data, numbers, _) = Problem("y ~ x", "us(visit | id)", null);
        var patterns = BlockPattern.Find(data, new ResidualModel(numbers, data.Data.n), withRandomTerms: false);
        patterns.Sum(pattern => pattern.Blocks.Count * pattern.Order).ShouldBe(data.Data.n);
        patterns.Sum(pattern => pattern.Blocks.Count).ShouldBe(14);
        patterns.Count.ShouldBeLessThan(8);
    }
}
