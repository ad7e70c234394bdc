using MixedModels.Data;
using MixedModels.Inference.Contrasts;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.Inference;

public sealed class HypothesisTestsTests
{
    private static readonly string[] names = ["(Intercept)", "Days", "poly(x, 2)1", "age:SexF", "a b", "x"];
    private static readonly Lazy<LinearMixedModelFit> machines =
        new(() => FittedExamples.Of("score ~ Machine + (1 | Worker)", "Machines"));

    [Theory]
    [InlineData("Days", new double[] { 0, 1, 0, 0, 0, 0 }, 0)]
    [InlineData("Days = 10", new double[] { 0, 1, 0, 0, 0, 0 }, 10)]
    [InlineData("2*(Days - x) + 1 = x/4", new[] { 0, 2, 0, 0, 0, -2.25 }, -1)]
    [InlineData("(Intercept) + poly(x, 2)1 = 1e-3", new double[] { 1, 0, 1, 0, 0, 0 }, 1e-3)]
    [InlineData("-`a b` = -age:SexF", new double[] { 0, 0, 0, 1, -1, 0 }, 0)]
    [InlineData("(Days + x) / 2 - -3 * 2", new[] { 0, 0.5, 0, 0, 0, 0.5 }, -6)]
    public void Parse_LinearEquation_IsReadAsWeights(string text, double[] weights, double value)
    {
        var read = HypothesisParser.Parse(text, names);
        read.Weights.ShouldBe(weights);
        read.Value.ShouldBe(value);
    }

    [Theory]
    [InlineData("Dayz = 0", "The hypothesis \"Dayz = 0\" names 'Dayz' at column 1, which is no coefficient of this fit; nearest: 'Days'.")]
    [InlineData("Days * x", "product of two coefficients")]
    [InlineData("Days / x", "division by something else")]
    [InlineData("Days / 0", "division by something else")]
    [InlineData("Days = x = 0", "a second '='")]
    [InlineData("(Days = 0", "not closed")]
    [InlineData("Days - Days", "no coefficient left")]
    [InlineData("3 = 3", "no coefficient left")]
    [InlineData("Days +", "its end where a coefficient or a number is wanted")]
    [InlineData("Days 3", "'3' where")]
    [InlineData("", "its end")]
    public void Parse_WhatIsNoHypothesis_IsRefused(string text, string message) =>
        Should.Throw<InferenceException>(() => HypothesisParser.Parse(text, names)).Message.ShouldContain(message);

    [Fact]
    public void Test_Difference_IsTheCoefficientOfAnotherReferenceLevel()
    {
        var table = machines.Value.Test(["MachineC - MachineB = 0"], DegreesOfFreedom.KenwardRoger);
        var data = DataTable.Example("Machines");
        var other = new LinearMixedModel("score ~ relevel(Machine, ref = \"B\") + (1 | Worker)").FitTo(data).Coefficients(DegreesOfFreedom.KenwardRoger)[2];
        table[0].Estimate.ShouldBe(other.Estimate, 1e-9);
        table[0].StandardError.ShouldBe(other.StandardError, 1e-9);
        table[0].DegreesOfFreedom!.Value.ShouldBe(other.DegreesOfFreedom!.Value, 1e-6);
        table[0].PValue.ShouldBe(other.PValue!.Value, 1e-6 * table[0].PValue);
        table.Joint.Statistic.ShouldBe(table[0].Statistic * table[0].Statistic, 1e-8);
        table.Joint.PValue.ShouldBe(table[0].PValue, 1e-9);
    }

    [Theory]
    [InlineData(DegreesOfFreedom.Satterthwaite)]
    [InlineData(DegreesOfFreedom.KenwardRoger)]
    [InlineData(DegreesOfFreedom.None)]
    [InlineData(DegreesOfFreedom.Residual)]
    public void Test_AllColumnsOfATerm_IsTheTestOfTheTerm(DegreesOfFreedom method)
    {
        var joint = machines.Value.Test(["MachineB = 0", "MachineC = 0", "MachineB + MachineC = 0"], method).Joint;
        var term = machines.Value.TestTerms(method: method)[0];
        joint.NumeratorDf.ShouldBe(2, "the third follows from the others");
        joint.Statistic.ShouldBe(term.Statistic, 1e-9 * term.Statistic);
        joint.PValue.ShouldBe(term.PValue, 1e-9);
        if (joint.DenominatorDf is { } df) df.ShouldBe(term.DenominatorDf!.Value, 1e-6 * df);
    }

    [Fact]
    public void Test_Matrix_IsTheTestOfTheWords()
    {
        var byName = machines.Value.Test(["MachineC - MachineB = 2", "2 * MachineB = 1"]);
        var byMatrix = machines.Value.Test(Matrix.FromRows([[0, -1, 1], [0, 2, 0]]), [2, 1]);
        byMatrix[0].ShouldBe(byName[0] with { Hypothesis = "-MachineB + MachineC = 2" });
        byMatrix[1].ShouldBe(byName[1]);
        byMatrix.Joint.ShouldBe(byName.Joint);
        Should.Throw<ArgumentException>(() => machines.Value.Test(Matrix.FromRows([[0, 1]])));
        Should.Throw<ArgumentException>(() => machines.Value.Test(Matrix.FromRows([[0.0, 0, 0]])));
        Should.Throw<ArgumentException>(() => machines.Value.Test(Matrix.FromRows([[0.0, 1, 0]]), [1, 2]));
    }

    [Fact]
    public void Test_LeftOutColumn_IsTestedOnlyInWhatTheDataSay()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + I(2 * Days) + (1 | Subject)", "sleepstudy");
        var slope = fit.Coefficients()[1];
        fit.Test(["Days + 2 * I(2 * Days) = 0"])[0].Estimate.ShouldBe(slope.Estimate, 1e-9);
        Should.Throw<InferenceException>(() => fit.Test(["I(2 * Days) = 0"])).Message.ShouldStartWith("\"I(2 * Days) = 0\" cannot be estimated: 'I(2 * Days)' was left out");
    }

    [Fact]
    public void Test_WhatCannotBeAsked_IsRefused()
    {
        Should.Throw<InferenceException>(() => machines.Value.Test([])).Message.ShouldContain("No hypothesis");
        Should.Throw<InferenceException>(() => machines.Value.Test(["MachineB = 1", "2 * MachineB = 3"])).Message.ShouldContain("contradict each other");
    }

    [Fact]
    public void WaldIntervals_AreTheTestsTurnedRound()
    {
        var fit = machines.Value;
        foreach (var interval in fit.WaldIntervals(0.9, DegreesOfFreedom.KenwardRoger).Skip(1))
        {
            var test = fit.Test([FormattableString.Invariant($"{interval.Parameter} = {interval.Upper:R}")], DegreesOfFreedom.KenwardRoger)[0];
            test.PValue.ShouldBe(0.1, 1e-9);
            (interval.Estimate - interval.Lower).ShouldBe(interval.Upper - interval.Estimate, 1e-9);
        }

        Should.Throw<ArgumentOutOfRangeException>(() => fit.WaldIntervals(1));
        Should.Throw<ArgumentOutOfRangeException>(() => fit.WaldIntervals(double.NaN));
    }
}
