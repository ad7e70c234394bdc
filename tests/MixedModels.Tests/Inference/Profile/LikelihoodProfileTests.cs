using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.Optimization;

namespace MixedModels.Tests.Inference.Profile;

public sealed class LikelihoodProfileTests
{
    private static readonly LinearMixedModelOptions ml = new() { Criterion = EstimationCriterion.MaximumLikelihood };

    public static TheoryData<string> References => [.. ReferenceTables.Ids("profiles.json", "fits")];

    [Theory]
    [MemberData(nameof(References))]
    public void Of_ReferenceFit_GivesTheIntervalsOfLme4(string id)
    {
        var intervals = LikelihoodProfile.Of(ReferenceFit.Of(id).Fit).Intervals();
        foreach (var row in ReferenceTables.Entry("profiles.json", "fits", id).GetProperty("intervals").EnumerateArray())
        {
            var name = row.GetProperty("parameter").GetString()!;
            var own = intervals.Single(interval => SameName(interval.Parameter, name));
            if (ReferenceTables.Optional(row, "upper") is not { } upper) continue;
            var lower = ReferenceTables.Optional(row, "lower") ?? own.Lower;

            // lme4 interpolates between its points; its ends are good to about this share of the interval.
            own.Lower.ShouldBe(lower, 2e-3 * (upper - lower), name);
            own.Upper.ShouldBe(upper, 2e-3 * (upper - lower), name);
        }
    }

    [Theory]
    [InlineData("sleepstudy", "Reaction ~ Days + (Days | Subject)", false)]
    [InlineData("sleepstudy", "Reaction ~ Days + (Days | Subject)", true)]
    [InlineData("sleepstudy", "Reaction ~ Days + (Days || Subject)", true)]
    [InlineData("Pastes", "strength ~ 1 + (1 | batch) + (1 | sample)", false)]
    [InlineData("Machines", "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)", false)]
    [InlineData("Machines", "score ~ Machine + (0 + Machine | Worker)", false)]
    public void Of_EveryPoint_IsAnOptimumOfTheDenseLikelihood(string example, string formula, bool reml)
    {
        var fit = FittedExamples.Of(formula, example);
        var profile = LikelihoodProfile.Of(fit, new() { Criterion = reml ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood });
        var likelihood = new ParameterLikelihood(fit, profile.ParameterNames, reml);
        foreach (var parameter in profile.Parameters)
        {
            var held = profile.ParameterNames.ToList().IndexOf(parameter.Name);
            foreach (var point in parameter.Points.Where((_, i) => i % 3 == 0))
            {
                double[] values = [.. point.Parameters];
                var deviance = likelihood.Deviance(values);
                deviance.ShouldBe(profile.Deviance + (point.Zeta * point.Zeta), 1e-6);
                for (var k = 0; k < values.Length; k++)
                {
                    if (k == held || likelihood.IsAtBound(k, values)) continue;
                    var step = likelihood.Step(k, values);
                    var (up, down) = (likelihood.Moved(values, k, step), likelihood.Moved(values, k, -step));

                    // At an optimum the slope vanishes: beside the curvature it is what the search's tolerance leaves.
                    Math.Abs(up - down).ShouldBeLessThan(1e-4 * (up + down - (2 * deviance)) + 1e-6, $"{parameter.Name} at {point.Value}: {profile.ParameterNames[k]}");
                    (up + down - (2 * deviance)).ShouldBeGreaterThan(-1e-7);
                }
            }
        }
    }

    [Fact]
    public void Of_AllParameters_EndsWhereZetaIsTheNormalQuantile()
    {
        var profile = LikelihoodProfile.Of(FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy"));
        foreach (var parameter in profile.Parameters)
        {
            parameter.Points[0].Zeta.ShouldBe(-1.959963984540054, 1e-7);
            parameter.Points[^1].Zeta.ShouldBe(1.959963984540054, 1e-7);
            parameter.Interval().Lower.ShouldBe(parameter.Points[0].Value, 1e-9);
            parameter.Points.Select(point => point.Value).ShouldBeInOrder(SortDirection.Ascending);
            parameter.Points.Select(point => point.Zeta).ShouldBeInOrder(SortDirection.Ascending);
            parameter.Points.Single(point => point.Zeta == 0).Value.ShouldBe(parameter.Estimate);
        }
    }

    [Fact]
    public void Interval_AtALowerLevel_InterpolatesTheCurve()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var wide = LikelihoodProfile.Of(fit, new() { Level = 0.99 });
        var exact = LikelihoodProfile.Of(fit, new() { Level = 0.8 }).Intervals(0.8);
        foreach (var (interval, expected) in wide.Intervals(0.8).Zip(exact))
        {
            interval.Lower.ShouldBe(expected.Lower, 2e-3 * (expected.Upper - expected.Lower), interval.Parameter);
            interval.Upper.ShouldBe(expected.Upper, 2e-3 * (expected.Upper - expected.Lower), interval.Parameter);
        }

        Should.Throw<ArgumentOutOfRangeException>(() => LikelihoodProfile.Of(fit).Intervals(0.99)).Message.ShouldContain("Level");
    }

    [Fact]
    public void Of_LinearModel_IsTheClosedForm()
    {
        // One mean: D(b) = n log(Σ(y − b)²) + …, so zeta² = n log(1 + n(b − ȳ)²/S).
        double[] y = [1, 2, 4, 8, 5];
        var fit = new LinearMixedModel("y ~ 1", ml).FitTo(new DataTableBuilder().Add("y", y).Build());
        var S = y.Sum(value => (value - 4) * (value - 4));
        var profile = LikelihoodProfile.Of(fit);
        foreach (var point in profile.Parameters[0].Points) (point.Zeta * point.Zeta).ShouldBe(5 * Math.Log(1 + (5 * (point.Value - 4) * (point.Value - 4) / S)), 1e-9);

        // And sigma: D(s) = n log s² + S/s².
        foreach (var point in profile.Parameters[1].Points)
            (point.Zeta * point.Zeta).ShouldBe((5 * Math.Log(point.Value * point.Value / (S / 5))) + (S / (point.Value * point.Value)) - 5, 1e-9);
    }

    [Fact]
    public void Of_AVarianceWithoutSupport_EndsAtZero()
    {
        var profile = LikelihoodProfile.Of(FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff2")).Parameters[1];
        profile.Estimate.ShouldBe(0);
        profile.Interval().Lower.ShouldBe(0);
        profile.Interval().Upper.ShouldBeInRange(2, 2.2);
    }

    [Fact]
    public void Of_AVarianceThatMayBeZero_EndsWhereTheTermIsGone()
    {
        var data = DataTable.Example("Pastes");
        var full = new LinearMixedModel("strength ~ 1 + (1 | batch) + (1 | sample)", ml).FitTo(data);
        var without = new LinearMixedModel("strength ~ 1 + (1 | sample)", ml).FitTo(data);
        var profile = LikelihoodProfile.Of(full, new() { Parameters = ["sd[batch].(Intercept)"] }).Parameters.Single();
        profile.Interval().Lower.ShouldBe(0);
        profile.Points[0].Value.ShouldBe(0);
        (profile.Points[0].Zeta * profile.Points[0].Zeta).ShouldBe(without.Deviance - full.Deviance, 1e-7);
    }

    [Fact]
    public void Of_AVarianceBesideACovariance_EndsWhereTheEffectIsGone()
    {
        var data = SixSubjects(5);
        var full = new LinearMixedModel("Reaction ~ Days + (Days | Subject)", ml).FitTo(data);
        var without = new LinearMixedModel("Reaction ~ Days + (0 + Days | Subject)", ml).FitTo(data);
        var profile = LikelihoodProfile.Of(full, new() { Parameters = ["sd[Subject].(Intercept)"] }).Parameters.Single();
        profile.Interval().Lower.ShouldBe(0);
        (profile.Points[0].Zeta * profile.Points[0].Zeta).ShouldBe(without.Deviance - full.Deviance, 1e-7);
    }

    [Theory]
    [InlineData(5, false, true)]
    [InlineData(11, false, true)]
    [InlineData(12, true, true)]
    public void Of_ACorrelationThatMayBeOne_EndsThereAtTheOptimumOfOneRandomDirection(int firstSubject, bool reachesMinusOne, bool reachesOne)
    {
        var full = new LinearMixedModel("Reaction ~ Days + (Days | Subject)", ml).FitTo(SixSubjects(firstSubject));
        var profile = LikelihoodProfile.Of(full, new() { Parameters = ["cor[Subject].(Intercept).Days"] });
        var own = profile.Parameters.Single();
        (own.Interval().Lower == -1).ShouldBe(reachesMinusOne);
        (own.Interval().Upper == 1).ShouldBe(reachesOne);

        // At ±1 the two effects are one, with a pair of loadings: minimised without derivatives over the dense likelihood.
        var likelihood = new ParameterLikelihood(full, profile.ParameterNames, reml: false);
        foreach (var point in own.Points.Where(point => Math.Abs(point.Value) == 1))
        {
            double[] start = [.. point.Parameters];
            double Deviance(double[] free) => likelihood.Deviance([free[0], free[1], Math.Abs(free[2]), Math.Abs(free[3]), point.Value, free[4]]);
            var best = NelderMead.Minimize(
                free => Deviance(free.ToArray()), [start[0] + 5, start[1] + 1, start[2] + 1, start[3] + 1, start[5] + 2], 1e-12, 20_000, TestContext.Current.CancellationToken);
            (point.Zeta * point.Zeta).ShouldBe(Deviance(best.Theta) - full.Deviance, 1e-5);
        }
    }

    [Fact]
    public void Of_AnotherUnitOfTheCovariate_IsTheSameIntervalInThatUnit()
    {
        var table = DataTable.Example("sleepstudy");
        var hours = table.WithColumn(new NumericColumn("Days", [.. ((NumericColumn)table["Days"]).Values.ToArray().Select(day => (day * 24e6) + 1e6)]));
        const string Formula = "Reaction ~ Days + (Days | Subject)";
        var plain = LikelihoodProfile.Of(new LinearMixedModel(Formula).FitTo(table), new() { Parameters = ["Days", "sd[Subject].Days", "sigma"] }).Intervals();
        var scaled = LikelihoodProfile.Of(new LinearMixedModel(Formula).FitTo(hours), new() { Parameters = ["Days", "sd[Subject].Days", "sigma"] }).Intervals();
        double[] unit = [24e6, 24e6, 1];
        for (var k = 0; k < unit.Length; k++)
        {
            (scaled[k].Lower * unit[k]).ShouldBe(plain[k].Lower, 1e-6 * plain[k].Upper);
            (scaled[k].Upper * unit[k]).ShouldBe(plain[k].Upper, 1e-6 * plain[k].Upper);
        }
    }

    [Fact]
    public void Of_ARemlFit_SaysThatItIsRefitted()
    {
        var profile = LikelihoodProfile.Of(FittedExamples.Of("Reaction ~ Days + (1 | Subject)", "sleepstudy"), new() { Parameters = ["sigma"] });
        profile.Findings.Single().Rule.ShouldBe("refitted");
        profile.Deviance.ShouldBe(new LinearMixedModel("Reaction ~ Days + (1 | Subject)", ml).FitTo(DataTable.Example("sleepstudy")).Deviance, 1e-8);
    }

    [Fact]
    public void Of_RemlCriterion_LeavesFixedEffectsOutAndSaysSo()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (1 | Subject)", "sleepstudy");
        var profile = LikelihoodProfile.Of(fit, new() { Criterion = EstimationCriterion.Reml });
        profile.Parameters.Select(parameter => parameter.Name).ShouldBe(["sd[Subject].(Intercept)", "sigma"]);
        profile.Findings.Single().Rule.ShouldBe("no-coefficients");
        Should.Throw<InferenceException>(() => LikelihoodProfile.Of(fit, new() { Criterion = EstimationCriterion.Reml, Parameters = ["Days"] })).Message.ShouldContain("'Days'");
    }

    [Fact]
    public void Of_AnUnknownParameter_OffersTheNearest() =>
        Should.Throw<InferenceException>(() => LikelihoodProfile.Of(FittedExamples.Of("Reaction ~ Days + (1 | Subject)", "sleepstudy"), new() { Parameters = ["Day"] }))
            .Message.ShouldContain("'Days'");

    [Fact]
    public void Of_ALevelOutsideItsRange_IsAWrongCall() =>
        Should.Throw<ArgumentOutOfRangeException>(() => LikelihoodProfile.Of(FittedExamples.Of("Reaction ~ Days + (1 | Subject)", "sleepstudy"), new() { Level = 1 }));

    private static DataTable SixSubjects(int first) => DataTable.Example("sleepstudy").SelectRows([.. Enumerable.Range(10 * first, 60)]);

    /// <summary>Interactions of grouping factors may be named in either order.</summary>
    private static bool SameName(string ours, string theirs)
    {
        if (ours == theirs) return true;
        var (open, close) = (ours.IndexOf('[', StringComparison.Ordinal), ours.IndexOf(']', StringComparison.Ordinal));
        var (openTheirs, closeTheirs) = (theirs.IndexOf('[', StringComparison.Ordinal), theirs.IndexOf(']', StringComparison.Ordinal));
        return open > 0 && openTheirs == open && ours[..open] == theirs[..open] && ours[close..] == theirs[closeTheirs..]
            && ReferenceFit.IsSameGroup(ours[(open + 1)..close], theirs[(open + 1)..closeTheirs]);
    }

    /// <summary>The dense likelihood as a function of the parameters as tables name them.</summary>
    private sealed class ParameterLikelihood(LinearMixedModelFit fit, IReadOnlyList<string> names, bool reml)
    {
        private readonly DenseLikelihood dense = new(LinearData.From(fit.Design));

        public double Deviance(double[] values)
        {
            var p = fit.Design.Fixed.ColumnNames.Count;
            var next = p;
            var covariances = new List<double[]>();
            foreach (var term in fit.Design.RandomTerms)
            {
                var size = term.ColumnNames.Count;
                var (deviations, covariance) = (values[next..(next + size)], new double[size * size]);
                next += size;
                for (var i = 0; i < size; i++) covariance[i * (size + 1)] = deviations[i] * deviations[i];
                for (var i = 0; i < size && term.Structure != "diag"; i++)
                {
                    for (var j = i + 1; j < size; j++)
                    {
                        covariance[i + (j * size)] = deviations[i] * deviations[j] * values[next++];
                        covariance[j + (i * size)] = covariance[i + (j * size)];
                    }
                }

                covariances.Add(covariance);
            }

            return dense.Deviance(values[..p], covariances, values[^1], reml);
        }

        public double Moved(double[] values, int k, double by)
        {
            var moved = (double[])values.Clone();
            moved[k] += by;
            return Deviance(moved);
        }

        public double Step(int k, double[] values) =>
            names[k].StartsWith("cor", StringComparison.Ordinal) ? 1e-3 * (1 - Math.Abs(values[k])) : 1e-3 * Math.Max(Math.Abs(values[k]), 1e-2 * values[^1]);

        public bool IsAtBound(int k, double[] values) =>
            (names[k].StartsWith("cor", StringComparison.Ordinal) && !(Math.Abs(values[k]) < 0.9999))
            || (names[k].StartsWith("sd", StringComparison.Ordinal) && values[k] < 1e-2 * values[^1])
            || (reml && k < fit.Design.Fixed.ColumnNames.Count);
    }
}
