using MixedModels.Data;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Inference;

/// <summary>The methods as a user meets them: published degrees of freedom, refusals, findings.</summary>
public sealed class DegreesOfFreedomTests
{
    /// <summary>Six blocks of three varieties, four plots each: the strata have 5, 10 and 72 − 19 degrees of freedom.</summary>
    [Fact]
    public void Containment_SplitPlot_HasTheDegreesOfFreedomOfTheStrata()
    {
        var fit = FittedExamples.Of("yield ~ nitro + Variety + (1 | Block/Variety)", "Oats");
        Df(fit, DegreesOfFreedom.Containment).ShouldBe([5, 53, 10, 10]);
        fit.TestTerms(method: DegreesOfFreedom.Containment).Select(row => row.DenominatorDf).ShouldBe([53, 10]);
        fit.Test(["nitro - VarietyVictory = 0"], DegreesOfFreedom.Containment)[0].DegreesOfFreedom.ShouldBe(10, "the least of the two");
    }

    /// <summary>Random slopes contain the fixed one: 18 subjects less 1 for each, as SAS has it for random coefficients.</summary>
    [Fact]
    public void Containment_RandomCoefficients_AreThoseOfTheSubjects() =>
        Df(FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy"), DegreesOfFreedom.Containment).ShouldBe([17, 17]);

    /// <summary>SAS/STAT, PROC MIXED, growth data of Pothoff and Roy (1964): 27 children at 4 ages, 25 and 79.</summary>
    [Fact]
    public void BetweenWithin_GrowthData_AreSass()
    {
        var fit = FittedExamples.Of("distance ~ age * Sex + (1 | Subject)", "Orthodont");
        Df(fit, DegreesOfFreedom.BetweenWithin).ShouldBe([25, 79, 25, 79]);
        Df(fit, DegreesOfFreedom.Residual).ShouldBe([104, 104, 104, 104]);
        fit.Coefficients(DegreesOfFreedom.None).ShouldAllBe(row => row.DegreesOfFreedom == null && row.PValue > 0);
    }

    [Fact]
    public void BetweenWithin_WithoutOneGroup_IsRefused()
    {
        var fit = FittedExamples.Of("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin");
        Should.Throw<InferenceException>(() => fit.Coefficients(DegreesOfFreedom.BetweenWithin)).Message.ShouldContain("plate and sample");
    }

    [Fact]
    public void Containment_BeyondItsSize_IsRefusedWithTheCost()
    {
        var fit = Crossed(rows: 4000, levels: 900);
        Should.Throw<InferenceException>(() => fit.Coefficients(DegreesOfFreedom.Containment)).Message.ShouldContain("operations");
    }

    [Fact]
    public void KenwardRoger_MaximumLikelihood_IsRefused()
    {
        const string Reason = "rest on REML, and this fit is by maximum likelihood. Fit by REML";
        var options = new LinearMixedModelOptions { Criterion = EstimationCriterion.MaximumLikelihood };
        var fit = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", options).FitTo(DataTable.Example("sleepstudy"));
        foreach (var method in new[] { DegreesOfFreedom.KenwardRoger, DegreesOfFreedom.KenwardRogerObserved })
        {
            Should.Throw<InferenceException>(() => fit.Coefficients(method)).Message.ShouldContain(Reason);
            Should.Throw<InferenceException>(() => new LinearMixedModel("y ~ x + (1 | g)", options with { DegreesOfFreedom = method })).Message.ShouldContain(Reason);
        }

        Should.Throw<ArgumentOutOfRangeException>(() => fit.Coefficients((DegreesOfFreedom)99));
    }

    /// <summary>Without variance between batches the mean has the n − 1 degrees of freedom of a sample, and a finding says what was assumed.</summary>
    [Fact]
    public void Methods_VarianceOfZero_HoldItAsKnownAndSaySo()
    {
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff2");
        foreach (var method in new[] { DegreesOfFreedom.Satterthwaite, DegreesOfFreedom.KenwardRogerObserved })
        {
            var table = fit.Coefficients(method);
            table[0].DegreesOfFreedom!.Value.ShouldBe(29, 1e-6);
            table.Findings.Single().Rule.ShouldBe("df-boundary");
        }
    }

    /// <summary>By the expected information a variance of zero is estimated like any other: 5 degrees of freedom and 0.4602103 for the variance of the mean, as pbkrtest 0.5.2.</summary>
    [Fact]
    public void KenwardRoger_VarianceOfZero_HasTheDegreesOfFreedomOfTheBatches()
    {
        var table = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff2").Coefficients(DegreesOfFreedom.KenwardRoger);
        table[0].DegreesOfFreedom!.Value.ShouldBe(5, 1e-6);
        Math.Pow(table[0].StandardError, 2).ShouldBe(0.4602103, 1e-7);
        table.Findings.ShouldBeEmpty();
    }

    /// <summary>In a balanced one-way layout the mean's standard error is the batches' alone: degrees of freedom batches − 1, nothing to adjust.</summary>
    [Fact]
    public void Methods_BalancedOneWay_AreExact()
    {
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff");
        foreach (var method in new[] { DegreesOfFreedom.Satterthwaite, DegreesOfFreedom.KenwardRoger, DegreesOfFreedom.KenwardRogerObserved, DegreesOfFreedom.Containment })
        {
            fit.Coefficients(method)[0].DegreesOfFreedom!.Value.ShouldBe(5, 1e-6);
            fit.Coefficients(method)[0].StandardError.ShouldBe(fit.Coefficients(DegreesOfFreedom.None)[0].StandardError, 1e-6);
        }
    }

    /// <summary>The border of this model is large enough for threads, which have ended by the time the questions are asked.</summary>
    [Fact]
    public void Crossed_AfterTheFit_StillAnswers()
    {
        var fit = Crossed(rows: 1500, levels: 250);
        var (satterthwaite, kenwardRoger) = (fit.Coefficients()[0], fit.Coefficients(DegreesOfFreedom.KenwardRoger)[0]);
        fit.ConditionalModes().Count.ShouldBe(2);
        satterthwaite.DegreesOfFreedom!.Value.ShouldBeInRange(50, 600);
        kenwardRoger.DegreesOfFreedom!.Value.ShouldBe(satterthwaite.DegreesOfFreedom.Value, 0.1 * satterthwaite.DegreesOfFreedom.Value);
        kenwardRoger.StandardError.ShouldBeGreaterThanOrEqualTo(satterthwaite.StandardError);
    }

    private static double[] Df(LinearMixedModelFit fit, DegreesOfFreedom method) => [.. fit.Coefficients(method).Select(row => row.DegreesOfFreedom!.Value)];

    private static LinearMixedModelFit Crossed(int rows, int levels)
    {
        var random = new Random(3);
        double[] a = [.. Enumerable.Range(0, levels).Select(_ => RandomProblem.Normal(random))];
        double[] b = [.. Enumerable.Range(0, levels).Select(_ => RandomProblem.Normal(random))];
        int[] first = [.. Enumerable.Range(0, rows).Select(_ => random.Next(levels))];
        int[] second = [.. Enumerable.Range(0, rows).Select(_ => random.Next(levels))];
        return new LinearMixedModel("y ~ 1 + (1 | a) + (1 | b)").FitTo(new DataTable([
            Factors.Of("a", first.Select(level => $"{level}")), Factors.Of("b", second.Select(level => $"{level}")),
            new NumericColumn("y", [.. first.Select((level, r) => a[level] + b[second[r]] + RandomProblem.Normal(random))])]));
    }
}
