namespace MixedModels.Tests;

public sealed class RandomTermComponentsTests
{
    [Fact]
    public void PrincipalComponents_OfMachines_AreThoseOfLme4()
    {
        // lme4 1.1.31, rePCA(lmer(score ~ Machine + (Machine | Worker), Machines))$Worker$sdev times sigma; its optimum is good to about 1e-5.
        double[] expected = [6.379511859, 4.454432168, 2.064488767];
        var term = FittedExamples.Of("score ~ Machine + (Machine | Worker)", "Machines").PrincipalComponents().Single();
        for (var j = 0; j < 3; j++) term.StandardDeviations[j].ShouldBe(expected[j], 2e-4);
        term.Rank.ShouldBe(3);
        term.Shares.Sum().ShouldBe(1, 1e-12);
    }

    [Fact]
    public void PrincipalComponents_MakeUpTheCovariance()
    {
        var fit = FittedExamples.Of("score ~ Machine + (Machine | Worker)", "Machines");
        var (term, G) = (fit.PrincipalComponents().Single(), fit.RandomTerms[0].Covariance);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var sum = Enumerable.Range(0, 3).Sum(k => term.Loadings[i, k] * term.Loadings[j, k] * term.StandardDeviations[k] * term.StandardDeviations[k]);
                sum.ShouldBe(G[i, j], 1e-9);
            }
        }
    }

    [Fact]
    public void PrincipalComponents_OfAVarianceOfZero_HaveRankZero()
    {
        var term = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff2").PrincipalComponents().Single();
        (term.Rank, term.StandardDeviations[0]).ShouldBe((0, 0));
    }
}
