using MixedModels.Data;

namespace MixedModels.Tests;

/// <summary>Henderson's equations and shares of variance of fits with residual structures.</summary>
public sealed class ResidualHendersonTests
{
    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", "ar1(Days | Subject)", null, false)]
    [InlineData("Reaction ~ Days + (1 | Subject)", null, "exp(Days)", true)]
    [InlineData("Reaction ~ Days + (1 | Subject)", "csh(Days | Subject)", null, false)]
    public void Of_AFit_SolvesToItsEstimatesModesAndCovariances(string formula, string? residual, string? variance, bool isWeighted)
    {
        var table = DataTable.Example("sleepstudy").WithColumn(new NumericColumn("w", [.. Enumerable.Range(0, 180).Select(r => 1.0 + (r % 3))]));
        var fit = new LinearMixedModel(formula, new()
        {
            Residual = residual is null ? null : Residual.Parse(residual),
            Variance = variance is null ? null : VarianceFunctions.Parse(variance),
            Weights = isWeighted ? "w" : null,
        }).FitTo(table);
        if (fit.IsSingular)
        {
            Should.Throw<ArgumentException>(() => HendersonEquations.Of(fit)).Message.ShouldContain("has no inverse");
            return;
        }

        var equations = HendersonEquations.Of(fit);
        var solution = equations.Solution.Span;
        for (var j = 0; j < 2; j++)
        {
            solution[j].ShouldBe(fit.Coefficients()[j].Estimate, 1e-7 * Math.Abs(solution[j]));
            equations.Inverse[j, j].ShouldBe(fit.CoefficientCovariance[j, j], 1e-7 * fit.CoefficientCovariance[j, j]);
        }

        var modes = fit.ConditionalModes()[0];
        for (var level = 0; level < 18; level++)
        {
            for (var i = 0; i < modes.ColumnNames.Count; i++) solution[2 + (level * modes.ColumnNames.Count) + i].ShouldBe(modes.Modes[level, i], 1e-6);
        }
    }

    [Fact]
    public void Of_AnOrdinaryFit_IsThatOfItsParameters()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        HendersonEquations.Of(fit).Solution.ToArray().ShouldBe(HendersonEquations.Create(fit.Design, fit.Parameters.Covariances, fit.Sigma).Solution.ToArray());
    }

    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", "ar1(Days | Subject)", "exp(Days)")]
    [InlineData("Reaction ~ Days + (1 | Subject)", "ar1h(Days | Subject)", null)]
    public void RSquared_Interval_IsTheDeltaMethodsByDifferencesOfRefits(string formula, string? residual, string? variance)
    {
        // The share's derivative along sigma vanishes in the intraclass correlation; along the others differences of a profile tell it.
        var fit = new LinearMixedModel(formula, new() { Residual = Residual.Parse(residual!), Variance = variance is null ? null : VarianceFunctions.Parse(variance) }).FitTo(DataTable.Example("sleepstudy"));
        var share = fit.RSquared(0.95).Conditional;
        share.Lower!.Value.ShouldBeInRange(0, share.Estimate);
        share.Upper!.Value.ShouldBeInRange(share.Estimate, 1);
        var icc = fit.IntraclassCorrelations(0.95)[0].Share;
        icc.Lower!.Value.ShouldBeInRange(0, icc.Estimate);
    }

    [Fact]
    public void IntraclassCorrelation_BesideAStructureThatIsNothing_HasTheIntervalOfTheOrdinaryFit()
    {
        // A variance function whose parameter is held moves nothing: the interval is that of the model without it, the weights being those of the function.
        var table = DataTable.Example("sleepstudy").WithColumn(new NumericColumn("one", [.. Enumerable.Repeat(1.0, 180)]));
        var plain = new LinearMixedModel("Reaction ~ Days + (1 | Subject)").FitTo(table).IntraclassCorrelations(0.95)[0].Share;
        var held = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Variance = "exp(one, expon = 0)" }).FitTo(table).IntraclassCorrelations(0.95)[0].Share;
        held.Estimate.ShouldBe(plain.Estimate, 1e-6);
        held.Lower!.Value.ShouldBe(plain.Lower!.Value, 1e-5);
        held.Upper!.Value.ShouldBe(plain.Upper!.Value, 1e-5);
    }
}
