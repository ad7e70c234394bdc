using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Families;

namespace MixedModels.Tests;

public sealed class ModelExplanationTests
{
    [Fact]
    public void Explain_CorrelatedSlope_SaysTheModelInAlgebraAndThreeLanguages()
    {
        var options = new LinearMixedModelOptions { Criterion = EstimationCriterion.MaximumLikelihood };
        var explanation = new LinearMixedModel("Reaction ~ Days + (Days | Subject)", options).Fit(DataTable.Example("sleepstudy")).Explain();
        explanation.Algebra[0].ShouldBe("Reaction = X beta + Z1 b1 + e");
        explanation.Algebra[2].ShouldContain("18 levels of Subject");
        explanation.R.ShouldBe("lmer(Reaction ~ Days + (Days | Subject), data, REML = FALSE)");
        explanation.Julia.ShouldContain("REML = false");
        explanation.CSharp.ShouldContain("EstimationCriterion.MaximumLikelihood");
        explanation.Bytes.ShouldBe(explanation.Blocks.Sum(block => block.Bytes));
        explanation.Blocks.ShouldContain(block => block.Storage == "18 blocks of 2×2, 8 levels a vector, equal ones stored once");
    }

    [Fact]
    public void Explain_VisitsOfAFactor_NamesThePackageThatHasTheStructure()
    {
        var table = DataTable.Example("sleepstudy");
        var visits = table.WithColumn(table["Days"].ToFactor());
        new LinearMixedModel("Reaction ~ Days", new() { Residual = "ar1h(Days | Subject)" }).Fit(visits).Explain().R.ShouldBe("mmrm(Reaction ~ Days + ar1h(Days | Subject), data) # Subject as a factor");
        var numbers = new LinearMixedModel("Reaction ~ Days", new() { Residual = "ar1(Days | Subject)" }).Fit(table).Explain();
        numbers.R.ShouldStartWith("# lme4 has no residual structures");
        numbers.Algebra.ShouldContain(line => line.StartsWith("V = R: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Explain_OptionsOfAFit_AreInTheCode()
    {
        var options = new LinearMixedModelOptions { Contrasts = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal) { ["Machine"] = ContrastCoding.Sum }, Keep = ["Worker"] };
        new LinearMixedModel("score ~ Machine + (1 | Worker)", options).Fit(DataTable.Example("Machines")).Explain().CSharp
            .ShouldContain("Contrasts = new Dictionary<string, ContrastCoding> { [\"Machine\"] = ContrastCoding.Sum }, Keep = [\"Worker\"] })");
        new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(Link.Probit)).Fit(DataTable.Example("cbpp")).Explain().CSharp
            .ShouldContain(", Family.Binomial(Link.Find(\"probit\")))");
    }

    [Fact]
    public void Explain_WithoutRandomTerms_HasNoBlocks() =>
        new LinearMixedModel("Reaction ~ Days").Fit(DataTable.Example("sleepstudy")).Explain().Blocks.ShouldBeEmpty();
}
