using MixedModels.Data;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.Prediction;

/// <summary>Standard errors and intervals of predictions, against the inverse of Henderson's equations written out densely.</summary>
public sealed class PredictionIntervalTests
{
    private static readonly Lazy<LinearMixedModelFit> sleep = new(() => FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy"));
    private static readonly PredictionOptions errors = new() { StandardErrors = true };

    public static TheoryData<string, string> Models => new()
    {
        { "Reaction ~ Days + (Days | Subject)", "sleepstudy" },
        { "Reaction ~ Days + (Days || Subject)", "sleepstudy" },
        { "Reaction ~ poly(Days, 2) + (1 | Subject) + (0 + Days | Subject)", "sleepstudy" },
        { "diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin" },
        { "strength ~ 1 + (1 | batch/cask)", "Pastes" },
        { "score ~ Machine + (1 | Worker/Machine)", "Machines" },
        { "score ~ Machine", "Machines" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Predict_OwnRows_HaveThePredictionErrorOfHendersonsEquations(string formula, string example)
    {
        var fit = FittedExamples.Of(formula, example);
        var inverse = HendersonEquations.Create(fit.Design, fit.Parameters.Covariances, fit.Sigma).Inverse;
        int[] all = [.. Enumerable.Range(0, fit.RandomTerms.Count)];
        var predicted = fit.Predict(errors);
        for (var r = 0; r < fit.Observations; r++)
            predicted[r].StandardError!.Value.ShouldBe(Math.Sqrt(Form(inverse, Row(fit, r, all))), 1e-7 * fit.Sigma);
    }

    [Fact]
    public void Predict_ChosenTerms_HaveTheErrorOfThoseTermsAlone()
    {
        var fit = FittedExamples.Of("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin");
        var inverse = HendersonEquations.Create(fit.Design, fit.Parameters.Covariances, fit.Sigma).Inverse;
        for (var term = 0; term < 2; term++)
        {
            var predicted = fit.Predict(errors with { RandomTerms = [fit.RandomTerms[term].Group] });
            foreach (var r in new[] { 0, 50, 143 })
                predicted[r].StandardError!.Value.ShouldBe(Math.Sqrt(Form(inverse, Row(fit, r, [term]))), 1e-8);
        }
    }

    [Fact]
    public void Predict_PairsOfLevelsThatNeverMet_HaveTheErrorOfHendersonsEquations()
    {
        var table = DataTable.Example("Penicillin");
        var fit = new LinearMixedModel("diameter ~ 1 + (1 | plate) + (1 | sample)").FitTo(table.SelectRows([.. Enumerable.Range(0, table.RowCount).Where(r => r % 7 != 3)]));
        var inverse = HendersonEquations.Create(fit.Design, fit.Parameters.Covariances, fit.Sigma).Inverse;
        var predicted = fit.Predict(table, errors);
        foreach (var r in new[] { 3, 10, 17, 24 })
        {
            var u = new double[inverse.Rows];
            u[0] = 1;
            u[1 + LevelIndex(fit, 0, table, "plate", r)] = 1;
            u[1 + fit.RandomTerms[0].LevelCount + LevelIndex(fit, 1, table, "sample", r)] = 1;
            predicted[r].StandardError!.Value.ShouldBe(Math.Sqrt(Form(inverse, u)), 1e-8);
        }
    }

    [Fact]
    public void Predict_NewLevel_AddsAllTheVarianceOfItsEffects()
    {
        var table = new DataTableBuilder().Add("Days", [4.0]).Add("Subject", ["new"]).Build();
        var G = sleep.Value.RandomTerms[0].Covariance;
        var population = sleep.Value.Predict(table, errors with { Target = PredictionTarget.Population })[0].StandardError!.Value;
        var predicted = sleep.Value.Predict(table, errors with { NewLevels = NewLevels.Population })[0].StandardError!.Value;
        predicted.ShouldBe(Math.Sqrt((population * population) + G[0, 0] + (8 * G[0, 1]) + (16 * G[1, 1])), 1e-9 * predicted);
    }

    [Fact]
    public void Predict_NewCaskOfAKnownBatch_IsBetweenTheTwo()
    {
        var fit = FittedExamples.Of("strength ~ 1 + (1 | batch/cask)", "Pastes");
        double Error(string batch, string cask) => fit.Predict(
            new DataTableBuilder().Add("batch", [batch]).Add("cask", [cask]).Build(), errors with { NewLevels = NewLevels.Population })[0].StandardError!.Value;
        var (known, newCask, newBatch) = (Error("A", "a"), Error("A", "new"), Error("new", "new"));
        var batch = fit.Predict(errors with { RandomTerms = ["batch"] })[0].StandardError!.Value;
        var term = fit.Design.RandomTerms.ToList().FindIndex(random => random.Group == "batch:cask");
        newCask.ShouldBe(Math.Sqrt((batch * batch) + fit.RandomTerms[term].Covariance[0, 0]), 1e-10);
        known.ShouldBeLessThan(newCask);
        newCask.ShouldBeLessThan(newBatch);
    }

    /// <summary>Without variance between batches a prediction is the grand mean, known to sigma/√n.</summary>
    [Fact]
    public void Predict_SingularFit_HasTheErrorOfTheSmallerModel()
    {
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff2");
        fit.IsSingular.ShouldBeTrue();
        foreach (var row in fit.Predict(errors)) row.StandardError!.Value.ShouldBe(fit.Sigma / Math.Sqrt(30), 1e-9);
    }

    /// <summary>A slope tied to the intercept: G = vv' has one effect a level, that of the column Zv, which Henderson's equations hold.</summary>
    [Fact]
    public void Predict_CorrelationOfOne_HasTheErrorOfTheOneEffectThereIs()
    {
        var table = TiedSlopes();
        var fit = new LinearMixedModel("y ~ x + (x | g)").FitTo(table);
        fit.IsSingular.ShouldBeTrue();
        var G = fit.RandomTerms[0].Covariance;
        var (a, b) = (Math.Sqrt(G[0, 0]), Math.Sign(G[0, 1]) * Math.Sqrt(G[1, 1]));
        Math.Abs(G[0, 1]).ShouldBe(Math.Sqrt(G[0, 0] * G[1, 1]), 1e-9);
        double[] column = [.. ((NumericColumn)table["x"]).Values.ToArray().Select(x => a + (b * x))];
        var combined = new DataTableBuilder().Add("y", ((NumericColumn)table["y"]).Values.ToArray()).Add("x", ((NumericColumn)table["x"]).Values.ToArray())
            .Add("v", column).Add("g", [.. Enumerable.Range(0, table.RowCount).Select(r => (string?)Label(table, "g", r))]).Build();
        var design = new LinearMixedModel("y ~ x + (0 + v | g)").Prepare(combined);
        var inverse = HendersonEquations.Create(design, [Matrix.FromRows([[1]])], fit.Sigma).Inverse;
        var predicted = fit.Predict(errors);
        for (var r = 0; r < table.RowCount; r++)
        {
            var u = new double[inverse.Rows];
            (u[0], u[1], u[2 + design.RandomTerms[0].LevelOfRow.Span[r]]) = (1, design.Fixed.X.Span[r + table.RowCount], column[r]);
            predicted[r].StandardError!.Value.ShouldBe(Math.Sqrt(Form(inverse, u)), 1e-7);
        }
    }

    /// <summary>y ~ 1: mean ± t(n − 1) s/√n, and a new observation s√(1 + 1/n).</summary>
    [Fact]
    public void Predict_OneMean_IsTheTextbooksInterval()
    {
        var table = new DataTableBuilder().Add("y", [2.0, 4, 6, 8]).Build();
        var fit = new LinearMixedModel("y ~ 1").FitTo(table);
        var s = Math.Sqrt(20.0 / 3);
        const double t3 = 3.182446305283708; // qt() of R, 97.5 % of t on 3 degrees of freedom
        var mean = fit.Predict(new() { Interval = 0.95 })[0];
        mean.StandardError!.Value.ShouldBe(s / 2, 1e-12);
        mean.Lower!.Value.ShouldBe(5 - (t3 * s / 2), 1e-10);
        var observation = fit.Predict(new() { Interval = 0.95, Uncertainty = PredictionUncertainty.Observation })[0];
        observation.Upper!.Value.ShouldBe(5 + (t3 * s * Math.Sqrt(1.25)), 1e-10);
    }

    [Fact]
    public void Predict_Population_HasTheTestsErrorsAndDegreesOfFreedom()
    {
        var table = new DataTableBuilder().Add("Days", [0.0, 7]).Build();
        foreach (var method in new[] { DegreesOfFreedom.Satterthwaite, DegreesOfFreedom.KenwardRoger, DegreesOfFreedom.None })
        {
            var predicted = sleep.Value.Predict(table, new() { Target = PredictionTarget.Population, Interval = 0.9, DegreesOfFreedom = method });
            var interval = sleep.Value.WaldIntervals(0.9, method)[0];
            predicted[0].StandardError!.Value.ShouldBe(sleep.Value.Coefficients(method)[0].StandardError, 1e-12);
            predicted[0].Lower!.Value.ShouldBe(interval.Lower, 1e-9);
            predicted[0].Upper!.Value.ShouldBe(interval.Upper, 1e-9);
            predicted[1].StandardError!.Value.ShouldBe(sleep.Value.Test(["(Intercept) + 7 * Days = 0"], method)[0].StandardError, 1e-10);
        }
    }

    [Fact]
    public void Predict_Observation_AddsTheResidualVarianceOverTheWeight()
    {
        var example = DataTable.Example("sleepstudy");
        double[] weights = [.. Enumerable.Range(0, example.RowCount).Select(r => 1.0 + (r % 3))];
        var days = ((NumericColumn)example["Days"]).Values.ToArray();
        var table = new DataTableBuilder().Add("Reaction", ((NumericColumn)example["Reaction"]).Values.ToArray()).Add("Days", days)
            .Add("w", weights).Add("Subject", [.. Enumerable.Range(0, example.RowCount).Select(r => (string?)Label(example, "Subject", r))]).Build();
        var fit = new LinearMixedModel("Reaction ~ Days + (Days | Subject)", new() { Weights = "w" }).FitTo(table);
        var inverse = HendersonEquations.Create(fit.Design, fit.Parameters.Covariances, fit.Sigma).Inverse;
        var observation = errors with { Uncertainty = PredictionUncertainty.Observation };
        var (own, other) = (fit.Predict(observation), fit.Predict(table, observation));
        for (var r = 0; r < weights.Length; r++)
        {
            var mean = Form(inverse, Row(fit, r, [0]));
            own[r].StandardError!.Value.ShouldBe(Math.Sqrt(mean + (fit.Sigma * fit.Sigma / weights[r])), 1e-7);
            other[r].StandardError!.Value.ShouldBe(Math.Sqrt(mean + (fit.Sigma * fit.Sigma)), 1e-7);
        }
    }

    [Fact]
    public void Predict_Conditional_HasResidualDegreesOfFreedomOrTheNormalDistribution()
    {
        const double t178 = 1.973380888548822; // qt() of R, 97.5 % of t on 178 degrees of freedom
        var row = sleep.Value.Predict(new() { Interval = 0.95 })[5];
        ((row.Upper!.Value - row.Fit) / row.StandardError!.Value).ShouldBe(t178, 1e-8);
        var normal = sleep.Value.Predict(new() { Interval = 0.95, DegreesOfFreedom = DegreesOfFreedom.None })[5];
        ((normal.Upper!.Value - normal.Fit) / normal.StandardError!.Value).ShouldBe(1.959963984540054, 1e-10);
    }

    [Fact]
    public void Predict_MissingRow_HasMissingErrorsAndEnds()
    {
        var table = new DataTableBuilder().Add("Days", [double.NaN, 1]).Add("Subject", ["308", "308"]).Build();
        var rows = sleep.Value.Predict(table, new() { Interval = 0.95 });
        (double.IsNaN(rows[0].StandardError!.Value), double.IsNaN(rows[0].Lower!.Value), double.IsNaN(rows[0].Upper!.Value)).ShouldBe((true, true, true));
        rows[1].Lower!.Value.ShouldBeLessThan(rows[1].Fit);
        sleep.Value.Predict(table)[0].StandardError.ShouldBeNull();
    }

    [Fact]
    public void Predict_WhatHasNoMeaning_IsRefusedWithTheReason()
    {
        Should.Throw<ArgumentException>(() => sleep.Value.Predict(new() { Interval = 95 })).Message.ShouldStartWith("The level of an interval lies between 0 and 1");
        Should.Throw<InferenceException>(() => sleep.Value.Predict(new() { Interval = 0.95, DegreesOfFreedom = DegreesOfFreedom.KenwardRoger })).Message
            .ShouldContain("Ask for residual or none, or predict for the population.");
        Should.Throw<InferenceException>(() => sleep.Value.Predict(
            new() { Interval = 0.95, Target = PredictionTarget.Population, Uncertainty = PredictionUncertainty.Observation })).Message
            .ShouldStartWith("A new observation varies by all random terms of the model");
    }

    /// <summary>Slopes twice the intercepts, little noise: the data ask for a correlation of one.</summary>
    private static DataTable TiedSlopes()
    {
        var (y, x, g) = (new List<double>(), new List<double>(), new List<string?>());
        for (var group = 0; group < 8; group++)
        {
            var effect = ((group * 5) % 8) - 3.5;
            for (var i = 0; i < 6; i++)
            {
                x.Add(i - 1.0);
                y.Add(10 + (3 * (i - 1.0)) + effect + (2 * effect * (i - 1.0)) + ((((group * 7) + (i * 11)) % 13) / 4.0) - 1.5);
                g.Add("g" + group);
            }
        }

        return new DataTableBuilder().Add("y", [.. y]).Add("x", [.. x]).Add("g", [.. g]).Build();
    }

    /// <summary>A used row as weights of beta and of all effects, in the order of the equations.</summary>
    private static double[] Row(LinearMixedModelFit fit, int r, int[] terms)
    {
        var (n, p) = (fit.Observations, fit.Design.Fixed.ColumnNames.Count);
        var u = new double[p + fit.RandomTerms.Sum(term => term.LevelCount * term.ColumnNames.Count)];
        for (var j = 0; j < p; j++) u[j] = fit.Design.Fixed.X.Span[r + (j * n)];
        for (int t = 0, offset = p; t < fit.RandomTerms.Count; offset += fit.RandomTerms[t].LevelCount * fit.RandomTerms[t].ColumnNames.Count, t++)
        {
            var term = fit.Design.RandomTerms[t];
            for (var j = 0; j < term.ColumnNames.Count && terms.Contains(t); j++)
                u[offset + (term.LevelOfRow.Span[r] * term.ColumnNames.Count) + j] = term.Z.Span[r + (j * n)];
        }

        return u;
    }

    private static double Form(Matrix S, double[] u)
    {
        var sum = 0.0;
        for (var i = 0; i < u.Length; i++)
        {
            for (var j = 0; j < u.Length; j++) sum += u[i] * S[i, j] * u[j];
        }

        return sum;
    }

    private static int LevelIndex(LinearMixedModelFit fit, int term, DataTable table, string column, int row) =>
        fit.Design.RandomTerms[term].Levels.ToList().IndexOf(Label(table, column, row));

    private static string Label(DataTable table, string column, int row)
    {
        var factor = (FactorColumn)table[column];
        return factor.Levels[factor.Codes.Span[row]];
    }
}
