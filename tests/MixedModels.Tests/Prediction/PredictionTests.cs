using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Tests.Prediction;

public sealed class PredictionTests
{
    private static readonly Lazy<LinearMixedModelFit> sleep = new(() => FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy"));
    private static readonly Lazy<LinearMixedModelFit> penicillin = new(() => FittedExamples.Of("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin"));

    public static TheoryData<string, string> Models => new()
    {
        { "Reaction ~ Days + (Days | Subject)", "sleepstudy" },
        { "Reaction ~ poly(Days, 2) + scale(Days) + (Days || Subject)", "sleepstudy" },
        { "log(Reaction) ~ offset(Days / 100) + ns(Days, df = 3) + (1 | Subject)", "sleepstudy" },
        { "diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin" },
        { "angle ~ recipe * temp + (1 | recipe:replicate)", "cake" },
        { "strength ~ 1 + (1 | batch/cask)", "Pastes" },
        { "score ~ Machine", "Machines" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Predict_TheFitsOwnRows_GivesTheFittedValues(string formula, string example)
    {
        var fit = FittedExamples.Of(formula, example);
        fit.Predict().Select(row => row.Fit).ShouldBe(fit.FittedValues.ToArray());
        fit.Predict(DataTable.Example(example)).ShouldBe(fit.Predict());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Predict_OneRow_ReplaysWhatTransformsLearntFromAll(string formula, string example)
    {
        var fit = FittedExamples.Of(formula, example);
        foreach (var row in new[] { 0, 17, 41 })
            fit.Predict(DataTable.Example(example).SelectRows([row])).Single().Fit.ShouldBe(fit.FittedValues.Span[row], 1e-10);
    }

    [Fact]
    public void Predict_OneWay_ShrinksTheGroupMeanTowardsTheGrandMean()
    {
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff");
        var data = DataTable.Example("Dyestuff");
        var yields = ((NumericColumn)data["Yield"]).Values.ToArray();
        var batches = ((FactorColumn)data["Batch"]).Codes.ToArray();
        var (between, within) = (fit.RandomTerms[0].Covariance[0, 0], fit.Sigma * fit.Sigma);
        var shrinkage = 5 * between / ((5 * between) + within);
        for (var row = 0; row < yields.Length; row++)
        {
            var groupMean = yields.Where((_, other) => batches[other] == batches[row]).Average();
            fit.Predict()[row].Fit.ShouldBe(yields.Average() + (shrinkage * (groupMean - yields.Average())), 1e-9);
        }
    }

    [Fact]
    public void Predict_Population_IsXBetaWithoutGroupColumns()
    {
        var (a, b) = (sleep.Value.Coefficients()[0].Estimate, sleep.Value.Coefficients()[1].Estimate);
        var predicted = sleep.Value.Predict(Table("Days", 0, 5, 12), new() { Target = PredictionTarget.Population });
        predicted.Select(row => row.Fit).ShouldBe([a, a + (5 * b), a + (12 * b)], 1e-12 * a);
        predicted.Select(row => row.Row).ShouldBe([0, 1, 2]);
        sleep.Value.Predict(Table("Days", 5), new() { RandomTerms = [] }).Single().Fit.ShouldBe(predicted[1].Fit);
    }

    [Fact]
    public void Predict_ChosenTerms_AddUp()
    {
        double[] Fit(params string[] terms) => [.. penicillin.Value.Predict(new() { RandomTerms = terms }).Select(row => row.Fit)];
        var (all, none, plate, sample) = (Fit("plate", "sample"), Fit(), Fit("plate"), Fit("sample"));
        all.ShouldBe(penicillin.Value.FittedValues.ToArray());
        for (var row = 0; row < all.Length; row++) (all[row] - none[row]).ShouldBe(plate[row] + sample[row] - (2 * none[row]), 1e-10);
        plate.Zip(none).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeGreaterThan(0.5);
    }

    [Fact]
    public void Predict_ChosenTerm_NeedsNoColumnsOfOthers()
    {
        var plate = new DataTableBuilder().Add("plate", ["a"]).Build();
        penicillin.Value.Predict(plate, new() { RandomTerms = ["plate"] }).Single().Fit
            .ShouldBe(penicillin.Value.Predict(new() { RandomTerms = ["plate"] })[0].Fit, 1e-12);
        Should.Throw<DataException>(() => penicillin.Value.Predict(plate)).Message.ShouldContain("no column 'sample'");
    }

    [Fact]
    public void Predict_TermsOfOneGroup_AreToldApartByTheirText()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", "sleepstudy");
        var modes = fit.ConditionalModes();
        var row = new DataTableBuilder().Add("Days", [4.0]).Add("Subject", ["335"]).Build();
        double Fit(params string[] terms) => fit.Predict(row, new() { RandomTerms = terms }).Single().Fit;
        var level = modes[0].Levels.ToList().IndexOf("335");
        (Fit("(0 + Days | Subject)") - Fit()).ShouldBe(4 * modes[1].Modes[level, 0], 1e-10);
        (Fit("(1 | Subject)") - Fit()).ShouldBe(modes[0].Modes[level, 0], 1e-10);
        Fit("Subject").ShouldBe(fit.Predict(row).Single().Fit, 1e-12);
    }

    [Fact]
    public void Predict_NewLevel_IsRefusedOrPredictedAtThePopulation()
    {
        var table = new DataTableBuilder().Add("Days", [1.0, 3.0]).Add("Subject", ["308", "999"]).Build();
        Should.Throw<DataException>(() => sleep.Value.Predict(table)).Message.ShouldStartWith(
            "Group 'Subject' has the level '999' in row 2, which is not among the 18 levels the model was fitted to");
        var predicted = sleep.Value.Predict(table, new() { NewLevels = NewLevels.Population });
        var population = sleep.Value.Predict(table, new() { Target = PredictionTarget.Population });
        predicted[1].Fit.ShouldBe(population[1].Fit);
        predicted[0].Fit.ShouldNotBe(population[0].Fit);
    }

    [Fact]
    public void Predict_NewLevelOfANestedGroup_StillGetsTheOuterGroupsEffect()
    {
        var fit = FittedExamples.Of("strength ~ 1 + (1 | batch/cask)", "Pastes");
        var table = new DataTableBuilder().Add("batch", ["A"]).Add("cask", ["z"]).Build();
        Should.Throw<DataException>(() => fit.Predict(table)).Message.ShouldContain("Group 'batch:cask' has the level 'A:z' in row 1");
        fit.Predict(table, new() { NewLevels = NewLevels.Population }).Single().Fit
            .ShouldBe(fit.Predict(table, new() { RandomTerms = ["batch"] }).Single().Fit);
    }

    [Fact]
    public void Predict_CombinationThatDoesNotOccur_IsANewLevel()
    {
        var fit = FittedExamples.Of("angle ~ recipe + (1 | recipe:replicate)", "cake");
        var table = new DataTableBuilder().Add("recipe", ["A"]).Add("replicate", ["99"]).Build();
        Should.Throw<DataException>(() => fit.Predict(table)).Message.ShouldContain("'A:99'");
    }

    [Fact]
    public void Predict_MissingValues_GiveMissingPredictionsInTheirRows()
    {
        var table = new DataTableBuilder().Add("Days", [1.0, double.NaN, 3.0]).Add("Subject", ["308", "308", null]).Build();
        sleep.Value.Predict(table).Select(row => row.IsMissing).ShouldBe([false, true, true]);
        sleep.Value.Predict(table, new() { Target = PredictionTarget.Population }).Select(row => row.IsMissing).ShouldBe([false, true, false]);
        sleep.Value.Predict(table)[0].Fit.ShouldBe(sleep.Value.Predict(DataTable.Example("sleepstudy"))[1].Fit, 1e-10);
    }

    [Fact]
    public void Predict_NoRowComplete_IsAllMissing() =>
        sleep.Value.Predict(Table("Days", double.NaN), new() { Target = PredictionTarget.Population }).Single().IsMissing.ShouldBeTrue();

    [Fact]
    public void Predict_Offset_IsPartOfThePrediction()
    {
        var fit = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Offsets = ["2 * Days"] }).FitTo(DataTable.Example("sleepstudy"));
        var plain = FittedExamples.Of("Reaction ~ Days + (1 | Subject)", "sleepstudy");
        var table = Table("Days", 20);
        fit.Predict(table, new() { Target = PredictionTarget.Population }).Single().Fit
            .ShouldBe(plain.Predict(table, new() { Target = PredictionTarget.Population }).Single().Fit, 1e-8);
    }

    [Fact]
    public void Predict_AliasedColumns_AreLeftOut()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + I(2 * Days) + (1 | Subject)", "sleepstudy");
        fit.AliasedColumns.ShouldBe(["I(2 * Days)"]);
        fit.Predict(Table("Days", 3), new() { Target = PredictionTarget.Population }).Single().Fit
            .ShouldBe(fit.Coefficients()[0].Estimate + (3 * fit.Coefficients()[1].Estimate), 1e-10);
    }

    [Fact]
    public void Predict_ColumnAbsent_IsRefusedByName() =>
        Should.Throw<DataException>(() => sleep.Value.Predict(Table("Day", 1))).Message.ShouldContain("no column 'Days', which the model needs; nearest: 'Day'");

    [Fact]
    public void Predict_UnseenLevelOfAFixedFactor_IsRefusedWhateverNewLevelsSays()
    {
        var fit = FittedExamples.Of("score ~ Machine + (1 | Worker)", "Machines");
        var table = new DataTableBuilder().Add("Machine", ["A", "D"]).Add("Worker", ["1", "1"]).Build();
        Should.Throw<DataException>(() => fit.Predict(table, new() { NewLevels = NewLevels.Population })).Message
            .ShouldContain("Factor 'Machine' has the level 'D' in row 2");
    }

    [Fact]
    public void Predict_TermThatDoesNotExist_IsRefusedWithTheNearest()
    {
        Should.Throw<FormulaException>(() => sleep.Value.Predict(new() { RandomTerms = ["Subjct"] })).Message
            .ShouldBe("The model has no random term 'Subjct'; nearest: 'Subject'. Name a group, or a whole term such as (Days | Subject).");
        Should.Throw<FormulaException>(() => FittedExamples.Of("score ~ Machine", "Machines").Predict(new() { RandomTerms = ["Worker"] })).Message
            .ShouldBe("The model has no random term 'Worker', nor any other.");
    }

    [Fact]
    public void Predict_PopulationWithRandomTerms_IsAWrongCall() =>
        Should.Throw<ArgumentException>(() => sleep.Value.Predict(new() { Target = PredictionTarget.Population, RandomTerms = ["Subject"] }));

    private static DataTable Table(string name, params double[] values) => new DataTableBuilder().Add(name, values).Build();
}
