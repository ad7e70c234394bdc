using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using Numbers = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace MixedModels.Tests.Inference;

/// <summary>Cluster-robust covariances and their degrees of freedom against the formulas of the paper in n×n matrices.</summary>
public sealed class RobustCovarianceTests
{
    private static readonly Lazy<LinearMixedModelFit> sleep = new(() => FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy"));

    public static TheoryData<string, string, string?> Models => new()
    {
        { "Reaction ~ Days + (Days | Subject)", "sleepstudy", null },
        { "Reaction ~ factor(Days) + (1 | Subject)", "sleepstudy", null },
        { "strength ~ 1 + (1 | batch/cask)", "Pastes", null },
        { "score ~ Machine + (1 | Worker/Machine)", "Machines", null },
        { "angle ~ temp + (1 | recipe:replicate)", "cake", "recipe" },
        { "angle ~ recipe + temp + (1 | recipe:replicate)", "cake", null },
        { "Yield ~ 1 + (1 | Batch)", "Dyestuff2", null },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Coefficients_AnyAdjustment_AreThePapersFormulas(string formula, string example, string? cluster)
    {
        var fit = FittedExamples.Of(formula, example);
        foreach (var kind in Enum.GetValues<RobustAdjustment>())
        {
            var table = fit.Coefficients(robust: new(kind, cluster));
            var dense = Dense(fit, table.Robust!, kind);
            var p = table.Count;
            for (var i = 0; i < p; i++)
            {
                for (var j = 0; j < p; j++)
                    table.Covariance[i, j].ShouldBe(dense.Covariance[i, j], 1e-8 * Math.Sqrt(dense.Covariance[i, i] * dense.Covariance[j, j]), kind.ToString());
                table[i].StandardError.ShouldBe(Math.Sqrt(dense.Covariance[i, i]), 1e-8 * table[i].StandardError);
                if (kind == RobustAdjustment.CR2) table[i].DegreesOfFreedom!.Value.ShouldBe(dense.Df(Unit(p, i)), 1e-6 * table[i].DegreesOfFreedom!.Value);
            }
        }
    }

    [Theory]
    [InlineData("Reaction ~ Days", "us(Days | Subject)", null, false)]
    [InlineData("Reaction ~ Days", "ar1(Days | Subject)", "exp(Days)", true)]
    [InlineData("Reaction ~ Days + (Days | Subject)", "ar1(Days | Subject)", null, false)]
    [InlineData("Reaction ~ factor(Days) + (1 | Subject)", null, "exp(Days)", false)]
    public void Coefficients_BesideResidualStructures_AreThePapersFormulas(string formula, string? residual, string? variance, bool isWeighted)
    {
        var table = DataTable.Example("sleepstudy").WithColumn(new NumericColumn("w", [.. Enumerable.Range(0, 180).Select(r => 1.0 + (r % 3))]));
        var fit = new LinearMixedModel(formula, new()
        {
            Residual = residual is null ? null : Residual.Parse(residual),
            Variance = variance is null ? null : VarianceFunctions.Parse(variance),
            Weights = isWeighted ? "w" : null,
        }).FitTo(table);
        var V = fit.MarginalCovariance().Values;
        foreach (var kind in Enum.GetValues<RobustAdjustment>())
        {
            var own = fit.Coefficients(robust: new(kind, null));
            own.Robust!.Cluster.ShouldBe("Subject");
            var dense = new DenseSandwich(LinearData.From(fit.Design), [.. fit.RandomTerms.Select(term => new double[term.Covariance.Values.Length])], fit.Sigma, ((FactorColumn)fit.Design.Data["Subject"]).Codes.ToArray(), kind, V);
            for (var i = 0; i < own.Count; i++)
            {
                own[i].StandardError.ShouldBe(Math.Sqrt(dense.Covariance[i, i]), 1e-8 * own[i].StandardError, kind.ToString());
                if (kind == RobustAdjustment.CR2) own[i].DegreesOfFreedom!.Value.ShouldBe(dense.Df(Unit(own.Count, i)), 1e-6 * own[i].DegreesOfFreedom!.Value);
            }
        }
    }

    [Fact]
    public void Coefficients_ClustersThatDivideASubject_AreRefused() =>
        Should.Throw<InferenceException>(() => new LinearMixedModel("Reaction ~ Days", new() { Residual = "ar1(Days | Subject)" }).FitTo(DataTable.Example("sleepstudy")).Coefficients(robust: new(RobustAdjustment.CR0, "Days")))
            .Message.ShouldContain("lie in several clusters of 'Days'");

    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", "sleepstudy")]
    [InlineData("score ~ Machine + (1 | Worker/Machine)", "Machines")]
    [InlineData("angle ~ recipe + temp + (1 | recipe:replicate)", "cake")]
    public void Joint_SeveralFunctions_IsHotellingsTest(string formula, string example)
    {
        var fit = FittedExamples.Of(formula, example);
        var p = fit.Coefficients().Count;
        var rows = new double[2][] { Unit(p, 0), Unit(p, p - 1) };
        rows[0][p - 1] = 0.5;
        var joint = fit.Test(Matrix.FromRows(rows), robust: new()).Joint;
        var (F, df) = Dense(fit, new(RobustAdjustment.CR2, fit.Coefficients(robust: new()).Robust!.Cluster), RobustAdjustment.CR2)
            .Joint(Numbers.Build.DenseOfRowArrays(rows));
        joint.Statistic.ShouldBe(F, 1e-7 * F);
        joint.DenominatorDf!.Value.ShouldBe(df, 1e-6 * df);
    }

    [Fact]
    public void Coefficients_Weights_AreThoseOfRowsScaledByTheirRoots()
    {
        var example = DataTable.Example("sleepstudy");
        var subjects = (FactorColumn)example["Subject"];
        var table = new DataTableBuilder()
            .Add("Reaction", ((NumericColumn)example["Reaction"]).Values.ToArray()).Add("Days", ((NumericColumn)example["Days"]).Values.ToArray())
            .Add("w", [.. Enumerable.Range(0, 180).Select(r => 1.0 + (r % 4))])
            .Add("Subject", [.. subjects.Codes.ToArray().Select(code => (string?)subjects.Levels[code])]).Build();
        var fit = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Weights = "w" }).FitTo(table);
        foreach (var kind in Enum.GetValues<RobustAdjustment>())
        {
            var found = fit.Coefficients(robust: new(kind));
            var dense = Dense(fit, found.Robust!, kind);
            for (var i = 0; i < 2; i++) found[i].StandardError.ShouldBe(Math.Sqrt(dense.Covariance[i, i]), 1e-8 * found[i].StandardError);
            if (kind == RobustAdjustment.CR2) found[1].DegreesOfFreedom!.Value.ShouldBe(dense.Df([0, 1]), 1e-6);
        }
    }

    /// <summary>
    /// A mean of three groups of two whatever the variances: means 2, 6, 4, their deviations −2, 2, 0. CR0 is Σd²/9, CR1 and CR2 the textbook's
    /// s²/3, CR3 Σ(d/(1 − 1/3))²/9; Bell and McCaffrey give 3 − 1 degrees of freedom.
    /// </summary>
    [Fact]
    public void Coefficients_BalancedOneWay_IsTheHandCase()
    {
        var table = new DataTableBuilder().Add("y", [1.0, 3, 5, 7, 3, 5]).Add("g", ["a", "a", "b", "b", "c", "c"]).Build();
        var fit = new LinearMixedModel("y ~ 1 + (1 | g)").FitTo(table);
        double Variance(RobustAdjustment kind) => fit.Coefficients(robust: new(kind)).Covariance[0, 0];
        Variance(RobustAdjustment.CR0).ShouldBe(8.0 / 9, 1e-12);
        Variance(RobustAdjustment.CR1).ShouldBe(8.0 / 6, 1e-12);
        Variance(RobustAdjustment.CR2).ShouldBe(8.0 / 6, 1e-12);
        Variance(RobustAdjustment.CR3).ShouldBe(2, 1e-12);
        fit.Coefficients(robust: new())[0].DegreesOfFreedom!.Value.ShouldBe(2, 1e-10);
    }

    [Fact]
    public void Tables_OneFunction_AgreeAndNameTheirCovariance()
    {
        var robust = new RobustCovariance();
        var row = sleep.Value.Coefficients(robust: robust)[1];
        var term = sleep.Value.TestTerms(robust: robust);
        var test = sleep.Value.Test(["Days = 0"], robust: robust);
        var interval = sleep.Value.WaldIntervals(robust: robust)[1];
        term[0].Statistic.ShouldBe(row.Statistic * row.Statistic, 1e-9 * term[0].Statistic);
        term[0].DenominatorDf!.Value.ShouldBe(row.DegreesOfFreedom!.Value, 1e-9);
        (test[0].Statistic, test[0].PValue).ShouldBe((row.Statistic, row.PValue!.Value));
        (interval.Upper + interval.Lower).ShouldBe(2 * row.Estimate, 1e-10);
        term.Robust.ShouldBe(new(RobustAdjustment.CR2, "Subject"));
        sleep.Value.TestTerms(statistic: TestStatistic.ChiSquared, robust: robust)[0].Statistic.ShouldBe(term[0].Statistic, 1e-9);
        sleep.Value.Coefficients(robust: new(RobustAdjustment.CR1))[0].DegreesOfFreedom.ShouldBe(17);
        sleep.Value.Coefficients(DegreesOfFreedom.None, robust)[0].DegreesOfFreedom.ShouldBeNull();
        sleep.Value.Coefficients().Robust.ShouldBeNull();
    }

    [Fact]
    public void Joint_MoreFunctionsThanClusters_HasNoAnswer()
    {
        var fit = FittedExamples.Of("Reaction ~ factor(Days) + (1 | Subject)", "sleepstudy");
        double.IsNaN(fit.TestTerms(robust: new())[0].Statistic).ShouldBeFalse();
        var few = DataTable.Example("sleepstudy").SelectRows([.. Enumerable.Range(0, 50)]);
        double.IsNaN(new LinearMixedModel("Reaction ~ factor(Days) + (1 | Subject)").FitTo(few).TestTerms(robust: new())[0].PValue).ShouldBeTrue();
    }

    [Fact]
    public void Robust_WhatHasNoMeaning_IsRefusedWithTheReason()
    {
        Refused(() => FittedExamples.Of("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin").Coefficients(robust: new()))
            .ShouldContain("the grouping factors 'plate', 'sample' are crossed: none of them holds all others");
        Refused(() => FittedExamples.Of("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin").Coefficients(robust: new(Cluster: "plate")))
            .ShouldContain("levels of the group 'sample' lie in several clusters of 'plate'");
        Refused(() => FittedExamples.Of("score ~ Machine", "Machines").Coefficients(robust: new())).ShouldContain("no random term to take clusters from");
        Refused(() => sleep.Value.Coefficients(robust: new(Cluster: "Subjct"))).ShouldContain("nearest: 'Subject'");
        Refused(() => sleep.Value.Coefficients(DegreesOfFreedom.KenwardRoger, new())).ShouldContain("CR2 has its own");
        Should.Throw<ArgumentOutOfRangeException>(() => sleep.Value.Coefficients(robust: new((RobustAdjustment)9)));
        Refused(() => FittedExamples.Of("angle ~ recipe:replicate + (1 | recipe:replicate)", "cake").Coefficients(robust: new(RobustAdjustment.CR3)))
            .ShouldStartWith("CR3 leaves out a cluster at a time");
    }

    private static string Refused(Action action) => Should.Throw<InferenceException>(action).Message;

    private static DenseSandwich Dense(LinearMixedModelFit fit, RobustCovariance robust, RobustAdjustment kind)
    {
        var scale = fit.Sigma * fit.Sigma;
        double[][] relative = [.. fit.RandomTerms.Select(term => term.Covariance.Values.ToArray().Select(value => value / scale).ToArray())];
        var group = fit.Design.RandomTerms.FirstOrDefault(term => term.Group == robust.Cluster);
        var clusters = group is not null ? group.LevelOfRow.ToArray() : ((FactorColumn)fit.Design.Data[robust.Cluster!]).Codes.ToArray();
        return new(LinearData.From(fit.Design), relative, fit.Sigma, clusters, kind);
    }

    private static double[] Unit(int p, int i)
    {
        var unit = new double[p];
        unit[i] = 1;
        return unit;
    }
}
