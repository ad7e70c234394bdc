using MixedModels.Data;

namespace MixedModels.Tests;

/// <summary>Semivariograms of residuals against nlme's, by hand, and beside the model's own.</summary>
public sealed class SemivariogramTests
{
    // nlme 3.1-162: Variogram(gls(follicles ~ sin(2*pi*Time) + cos(2*pi*Time), Ovary, corAR1(form = ~1 | Mare)), form = ~Time | Mare, collapse = "none"),
    // distances rounded to 9 decimals and gathered in R by quantile(dist, 0:20/20) with the smallest distance included, which nlme's own bins leave out.
    private static readonly (double Distance, double Pearson, double Normalized, int Pairs)[] nlme =
    [
        (0.04545460, 0.2479138975, 1.1102506599, 248), (0.09090910, 0.3596942332, 1.1296496579, 208), (0.11111110, 0.3798714752, 0.8428750864, 225), (0.15000000, 0.3702366737, 0.9605352618, 154),
        (0.18181820, 0.4397374132, 0.8917915936, 244), (0.22727270, 0.4322795149, 0.8830203656, 179), (0.26315790, 0.4892499358, 0.8401693137, 227), (0.30000000, 0.5389326887, 0.9799368998, 212),
        (0.35000000, 0.4875203667, 0.8662896927, 232), (0.40000000, 0.5647022811, 0.8406706887, 201), (0.45000000, 0.5873428491, 0.9245968907, 170), (0.50000000, 0.6654891195, 0.9790397699, 252),
        (0.54545450, 0.6249433033, 0.9585434186, 188), (0.59090910, 0.6486496845, 0.8828828863, 182), (0.65000000, 0.7221390456, 1.0169132156, 239), (0.72727270, 0.7636020922, 0.9839781707, 211),
        (0.79166663, 0.6155540297, 0.8766360604, 175), (0.86363640, 0.6575727750, 0.9536911210, 211), (0.95833335, 0.6211466986, 1.0067011865, 210), (1.13636355, 0.7513932290, 1.2259495534, 205),
    ];

    [Theory]
    [InlineData(ResidualKind.Scaled)]
    [InlineData(ResidualKind.Normalized)]
    public void Semivariogram_OfOvary_IsNlmes(ResidualKind kind)
    {
        var table = DataTable.ReadCsv(Path.Combine(RepositoryFolder.Path, "validation", "residual", "data", "Ovary.csv"));
        var fit = new LinearMixedModel("follicles ~ sin(2 * pi * Time) + cos(2 * pi * Time)", new() { Residual = "ar1(1 | Mare)" }).FitTo(table);
        var own = fit.Semivariogram(new() { Kind = kind, Distance = "Time" });
        own.Pairs.ShouldBe(4173);
        own.Bins.Count.ShouldBe(20);
        foreach (var (bin, row) in own.Bins.Zip(nlme))
        {
            bin.Pairs.ShouldBe(row.Pairs);
            bin.Distance.ShouldBe(row.Distance, 1e-7);
            bin.Value.ShouldBe(kind == ResidualKind.Scaled ? row.Pearson : row.Normalized, 2e-4);
        }
    }

    [Fact]
    public void Semivariogram_OverVisits_HasABinALagAndTheStructuresCorrelation()
    {
        var fit = new LinearMixedModel("Reaction ~ Days", new() { Residual = "ar1(Days | Subject)" }).FitTo(DataTable.Example("sleepstudy"));
        var own = fit.Semivariogram();
        (own.Distance, own.Within).ShouldBe(("Days", "Subject"));
        own.Bins.Count.ShouldBe(9);
        var rho = fit.Residual!.Parameters.Single().Value;
        var residuals = fit.Residuals(ResidualKind.Scaled).ToArray();
        foreach (var (bin, lag) in own.Bins.Zip(Enumerable.Range(1, 9)))
        {
            bin.Distance.ShouldBe(lag);
            bin.Pairs.ShouldBe(18 * (10 - lag));
            bin.Model.ShouldBe(1 - Math.Pow(rho, lag), 1e-12);

            // The rows of a subject follow each other by days.
            var squares = from subject in Enumerable.Range(0, 18)
                          from day in Enumerable.Range(0, 10 - lag)
                          select Math.Pow(residuals[(10 * subject) + day + lag] - residuals[(10 * subject) + day], 2);
            bin.Value.ShouldBe(0.5 * squares.Average(), 1e-12);
        }

        fit.Semivariogram(new() { MostDistance = 3 }).Bins.Count.ShouldBe(3);
        fit.Semivariogram(new() { Bins = 3 }).Bins.Count.ShouldBe(3);
    }

    [Fact]
    public void Semivariogram_OfARandomTerm_TakesItsLevelsAndANamedDistance()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var own = fit.Semivariogram(new() { Distance = "Days" });
        own.Within.ShouldBe("Subject");
        own.Bins.ShouldAllBe(bin => bin.Model == 1);
        own.Bins.Sum(bin => bin.Pairs).ShouldBe(18 * 45);
    }

    [Fact]
    public void Semivariogram_ByCoordinates_UsesTheirDistance()
    {
        double[] x = [0, 3, 0, 3];
        double[] z = [0, 0, 4, 4];
        double[] y = [1, 2, 4, 3];
        var table = new DataTable([new NumericColumn("x", x), new NumericColumn("z", z), new NumericColumn("y", y)]);
        var fit = new LinearMixedModel("y ~ 1", new() { Residual = "sp_exp(x + z | 1)" }).FitTo(table);
        fit.Semivariogram().Bins.Select(bin => bin.Distance).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public void Semivariogram_WhatIsNotThere_IsRefused()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (1 | Subject)", "sleepstudy");
        fit.Semivariogram().Bins.Select(bin => bin.Value).ShouldBe(fit.Semivariogram(new() { Distance = "Days" }).Bins.Select(bin => bin.Value));
        Should.Throw<InferenceException>(() => fit.Semivariogram(new() { Distance = "Week" })).Message.ShouldContain("no numeric column 'Week'");
        Should.Throw<InferenceException>(() => fit.Semivariogram(new() { Distance = "Days", Within = "School" })).Message.ShouldContain("no group 'School'");
        Should.Throw<InferenceException>(() => FittedExamples.Of("Reaction ~ Days", "sleepstudy").Semivariogram(new() { Distance = "Days" })).Message.ShouldContain("no groups");
        Should.Throw<ArgumentOutOfRangeException>(() => fit.Semivariogram(new() { Kind = ResidualKind.Raw }));
        Should.Throw<InferenceException>(() => fit.Semivariogram(new() { Distance = "Days", MostDistance = 0.5 })).Message.ShouldContain("nothing to compare");
    }
}
