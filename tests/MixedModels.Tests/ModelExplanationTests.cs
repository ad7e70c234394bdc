using MixedModels.Data;

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
    public void Explain_WithoutRandomTerms_HasNoBlocks() =>
        new LinearMixedModel("Reaction ~ Days").Fit(DataTable.Example("sleepstudy")).Explain().Blocks.ShouldBeEmpty();
}
