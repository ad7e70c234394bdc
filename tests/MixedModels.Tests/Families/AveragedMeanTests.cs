using MixedModels.Families;
using MixedModels.Numerics;

namespace MixedModels.Tests.Families;

public sealed class AveragedMeanTests
{
    public static TheoryData<string> Links => ["identity", "log", "logit", "probit", "cloglog", "loglog", "cauchit", "sqrt"];

    [Theory]
    [InlineData(0.3, 0.01)]
    [InlineData(-1.2, 1)]
    [InlineData(2, 30)]
    public void Of_Probit_IsItsClosedForm(double eta, double variance)
    {
        // Φ(eta/√(1 + s²)), from P(e ≤ eta + s·u) with e and u normal.
        var averaged = AveragedMean.Of(Link.Probit, eta, variance);
        averaged.Value.ShouldBe(NormalDistribution.Lower(eta / Math.Sqrt(1 + variance)), 1e-14);
        averaged.First.ShouldBe(Math.Exp(-0.5 * eta * eta / (1 + variance)) / Math.Sqrt(2 * Math.PI * (1 + variance)), 1e-14);
    }

    [Fact]
    public void Of_LogAndRoot_AreTheirClosedForms()
    {
        AveragedMean.Of(Link.Log, 0.7, 4).Value.ShouldBe(Math.Exp(2.7), 1e-13);
        AveragedMean.Of(Link.SquareRoot, 0.7, 4).Value.ShouldBe(0.49 + 4, 1e-12);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(40)]
    public void Of_Logit_IsThatOfAFineSum(double s)
    {
        // A Riemann sum a hundred times as fine, over which the integrand cannot have changed.
        var (sum, total) = (0.0, 0.0);
        for (var x = -10.0; x <= 10; x += 0.0005 / Math.Max(1, s))
        {
            sum += Math.Exp(-0.5 * x * x) / (1 + Math.Exp(-(1.3 + (s * x))));
            total += Math.Exp(-0.5 * x * x);
        }

        AveragedMean.Of(Link.Logit, 1.3, s * s).Value.ShouldBe(sum / total, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Links))]
    public void Of_AnyLink_HasTheDerivativesItSays(string name)
    {
        const double h = 1e-4;
        var link = Link.Find(name)!;
        var averaged = AveragedMean.Of(link, 0.4, 0.8);
        averaged.First.ShouldBe((AveragedMean.Of(link, 0.4 + h, 0.8).Value - AveragedMean.Of(link, 0.4 - h, 0.8).Value) / (2 * h), 1e-7);

        // Stein: the derivative in the variance is half the second one in eta.
        (0.5 * averaged.Second).ShouldBe((AveragedMean.Of(link, 0.4, 0.8 + h).Value - AveragedMean.Of(link, 0.4, 0.8 - h).Value) / (2 * h), 1e-7);
    }

    [Fact]
    public void Exists_InverseLinks_AreRefused()
    {
        AveragedMean.Exists(Link.Inverse).ShouldBeFalse();
        AveragedMean.Exists(Link.InverseSquare).ShouldBeFalse();
        AveragedMean.Exists(Link.Cauchit).ShouldBeTrue();
    }
}
