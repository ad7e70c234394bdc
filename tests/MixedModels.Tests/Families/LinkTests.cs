using MixedModels.Families;

namespace MixedModels.Tests.Families;

public class LinkTests
{
    private const double Step = 3e-4;

    public static TheoryData<string> All => [.. Link.All.Select(link => link.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void Mean_Derivatives_EqualDifferences(string name)
    {
        var link = Link.Find(name)!;
        foreach (var eta in Predictors(link))
        {
            Check(link.Mean, eta);
            Check(link.LogMean, eta);
            if (link.Mean(eta).Value < 1) Check(link.LogComplement, eta);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Predictor_OfTheMean_IsTheOldOne(string name)
    {
        var link = Link.Find(name)!;
        foreach (var eta in Predictors(link)) link.Predictor(link.Mean(eta).Value).ShouldBe(eta, 1e-10 * (1 + Math.Abs(eta)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Logarithms_AreThoseOfTheMean(string name)
    {
        var link = Link.Find(name)!;
        foreach (var eta in Predictors(link))
        {
            var mu = link.Mean(eta).Value;
            link.LogMean(eta).Value.ShouldBe(Math.Log(mu), 1e-12);
            if (mu < 1) link.LogComplement(eta).Value.ShouldBe(Math.Log(1 - mu), 1e-12);
        }
    }

    [Theory]
    [InlineData("logit", -800, -800)]
    [InlineData("cloglog", -800, -800)]
    [InlineData("loglog", -5, -148.4131591025766)]
    [InlineData("probit", -40, -804.6084420137538)]
    public void LogMean_FarTail_KeepsItsDigits(string name, double eta, double expected) =>
        Link.Find(name)!.LogMean(eta).Value.ShouldBe(expected, 1e-10 * Math.Abs(expected));

    [Fact]
    public void Probit_AcrossTheChangeOfMethod_IsSmooth()
    {
        var (left, right) = (Link.Probit.LogMean(-30.0000001), Link.Probit.LogMean(-29.9999999));
        left.First.ShouldBe(right.First, 1e-6);
        left.Second.ShouldBe(right.Second, 1e-8);
        left.Third.ShouldBe(right.Third, 1e-8);
    }

    [Fact]
    public void Find_UnknownName_IsNull() => Link.Find("logistic").ShouldBeNull();

    private static double[] Predictors(Link link) => link.Name switch
    {
        "inverse" or "1/mu^2" or "sqrt" => [0.4, 1.1, 2.7],
        "identity" => [0.2, 0.7],
        _ => [-2.5, -0.3, 0.01, 1.6],
    };

    private static void Check(Func<double, Taylor> f, double eta)
    {
        var at = f(eta);
        var size = 1e-8 * (1 + Math.Abs(at.First) + Math.Abs(at.Second) + Math.Abs(at.Third));
        at.First.ShouldBe(Difference(x => f(x).Value, eta), size);
        at.Second.ShouldBe(Difference(x => f(x).First, eta), size);
        at.Third.ShouldBe(Difference(x => f(x).Second, eta), size);
    }

    /// <summary>Five points: the error is of fourth order in the step.</summary>
    private static double Difference(Func<double, double> f, double x) =>
        ((8 * (f(x + Step) - f(x - Step))) - (f(x + (2 * Step)) - f(x - (2 * Step)))) / (12 * Step);
}
