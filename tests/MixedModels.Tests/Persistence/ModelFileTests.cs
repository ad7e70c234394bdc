using System.IO.Compression;
using System.Text;
using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Tests.Persistence;

public sealed class ModelFileTests : IDisposable
{
    private static readonly Lazy<LinearMixedModelFit> sleep = new(() => new LinearMixedModel("Reaction ~ Days + (Days | Subject)").Fit(DataTable.Example("sleepstudy")));

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mixed-models-");

    private string Place => Path.Combine(folder.FullName, "model.fit");

    public static TheoryData<string, string> Models => new()
    {
        { "Reaction ~ Days + (Days | Subject)", "sleepstudy" },
        { "Reaction ~ Days", "sleepstudy" },
        { "Yield ~ 1 + (1 | Batch)", "Dyestuff2" },
        { "angle ~ recipe * temperature + (1 | recipe:replicate)", "cake" },
        { "log(strength) ~ 1 + (1 | batch/cask)", "Pastes" },
        { "height ~ poly(age, 2) + (age || Subject)", "Oxboys" },
    };

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Models))]
    public void Load_ASavedFit_HasTheSameBits(string formula, string example)
    {
        foreach (var criterion in Enum.GetValues<EstimationCriterion>())
        {
            var fit = new LinearMixedModel(formula, new() { Criterion = criterion }).Fit(DataTable.Example(example), TestContext.Current.CancellationToken);
            ShouldBeTheSame(SavedAndLoaded(fit), fit);
        }
    }

    [Fact]
    public void Load_AFitWithOptionsAndMissingValues_HasTheSameBits()
    {
        var random = new Random(3);
        var table = DataTable.Example("Machines")
            .WithColumn(new NumericColumn("w", [.. Enumerable.Range(0, 54).Select(r => r == 7 ? double.NaN : 0.5 + random.NextDouble())]))
            .WithColumn(new NumericColumn("shift", [.. Enumerable.Range(0, 54).Select(_ => random.NextDouble() / 3)]));
        var fit = new LinearMixedModel("score ~ Machine + (1 | Worker)", new()
        {
            Weights = "w",
            Offsets = ["2 * shift"],
            Contrasts = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal) { ["Machine"] = ContrastCoding.Sum },
        }).Fit(table, TestContext.Current.CancellationToken);
        fit.DroppedRows.ShouldBe(1);
        var loaded = SavedAndLoaded(fit);
        ShouldBeTheSame(loaded, fit);
        loaded.Model.Options.Weights.ShouldBe("w");
        loaded.Model.Options.Offsets.ShouldBe(["2 * shift"]);
        loaded.Model.Options.Contrasts["Machine"].ShouldBe(ContrastCoding.Sum);
    }

    [Fact]
    public void Load_AFitWithAColumnOfZeros_HasTheSameBits()
    {
        var table = DataTable.Example("Dyestuff").WithColumn(new NumericColumn("zero", new double[30]));
        var fit = new LinearMixedModel("Yield ~ 1 + (0 + zero | Batch)").Fit(table, TestContext.Current.CancellationToken);
        double.IsFinite(fit.Convergence.MinimumConeEigenvalue!.Value).ShouldBeTrue();
        ShouldBeTheSame(SavedAndLoaded(fit), fit);
    }

    [Fact]
    public void Save_OverAnOlderFile_ReplacesItAndLeavesNothingBeside()
    {
        File.WriteAllText(Place, "old");
        sleep.Value.Save(Place);
        LinearMixedModelFit.Load(Place).Deviance.ShouldBe(sleep.Value.Deviance);
        folder.EnumerateFiles().Select(file => file.Name).ShouldBe(["model.fit"]);
    }

    [Fact]
    public void Save_WhereNothingCanBeWritten_IsRefusedAndLeavesNothing()
    {
        var nowhere = Path.Combine(folder.FullName, "missing", "model.fit");
        Should.Throw<DataException>(() => sleep.Value.Save(nowhere)).Message.ShouldContain(nowhere);

        // The place is a folder: the whole file was written beside it and cannot take its place.
        Directory.CreateDirectory(Place);
        Should.Throw<DataException>(() => sleep.Value.Save(Place)).Message.ShouldContain("cannot be saved to");
        folder.EnumerateFiles().ShouldBeEmpty();
    }

    [Fact]
    public void Load_FileCutShort_IsRefusedWhereverItIsCut()
    {
        sleep.Value.Save(Place);
        var whole = File.ReadAllBytes(Place);
        foreach (var length in new[] { 0, 1, 5, 10, 100, whole.Length / 2, whole.Length - 9, whole.Length - 1 })
        {
            File.WriteAllBytes(Place, whole[..length]);
            Refusal().ShouldBe($"'{Place}' is not a saved model or is cut short; fit again with --save.");
        }
    }

    [Fact]
    public void Load_NotASavedModel_IsRefused()
    {
        File.WriteAllText(Place, "y,x\n1,2\n");
        Refusal().ShouldContain("is not a saved model");
        WriteCompressed("{ \"format\": ");
        Refusal().ShouldContain("is not a saved model");
        WriteCompressed("{ \"a\": 1 }");
        Refusal().ShouldContain("has format 'none'; this version");
        WriteCompressed("[1, 2]");
        Refusal().ShouldContain("is damaged");
    }

    [Fact]
    public void Load_AnotherVersion_SaysWhichWroteIt()
    {
        Change(text => text.Replace("mixed/model/1", "mixed/model/9", StringComparison.Ordinal).Replace("\"library\":\"0.1.0\"", "\"library\":\"7.1.0\"", StringComparison.Ordinal));
        var message = Refusal();
        message.ShouldContain("has format 'mixed/model/9', written by version 7.1.0");
        message.ShouldContain("reads 'mixed/model/1'");
    }

    [Fact]
    public void Load_ChangedData_IsRefused()
    {
        Change(text => text.Replace("249.56", "250.56", StringComparison.Ordinal));
        Refusal().ShouldContain("do not match their hash");
    }

    [Theory]
    [InlineData("\"formula\":\"", "\"formulas\":\"")]
    [InlineData("\"theta\":[", "\"theta\":[\"a\",")]
    [InlineData("\"theta\":[", "\"theta\":[1,2,")]
    [InlineData("\"theta\":[", "\"theta\":[1e999,")]
    [InlineData("\"proved\":true", "\"proved\":1")]
    [InlineData("\"criterion\":\"REML\"", "\"criterion\":3")]
    [InlineData("\"dataHash\":\"", "\"dataHash\":null,\"was\":\"")]
    [InlineData("\"codes\":[", "\"codes\":[99,")]
    [InlineData("\"iterations\":", "\"iterations\":0.5,\"was\":")]
    public void Load_DamagedContent_IsRefused(string found, string put)
    {
        Change(text => text.Replace(found, put, StringComparison.Ordinal));
        Refusal().ShouldContain(Place);
    }

    [Fact]
    public void Load_MissingFileOrFolder_IsRefused()
    {
        Refusal().ShouldBe($"There is no file '{Place}'; wanted a model written by --save.");
        Directory.CreateDirectory(Place);
        Refusal().ShouldBe($"'{Place}' is a folder; wanted a model written by --save.");
    }

    [Fact]
    public void Load_NoPath_IsAWrongCall()
    {
        Should.Throw<ArgumentException>(() => LinearMixedModelFit.Load(""));
        Should.Throw<ArgumentException>(() => sleep.Value.Save(""));
    }

    private LinearMixedModelFit SavedAndLoaded(LinearMixedModelFit fit)
    {
        fit.Save(Place);
        return LinearMixedModelFit.Load(Place);
    }

    [Fact]
    public void Load_MethodForDegreesOfFreedom_IsTheSavedOne()
    {
        var options = new LinearMixedModelOptions { DegreesOfFreedom = DegreesOfFreedom.KenwardRogerObserved };
        new LinearMixedModel("Reaction ~ Days + (1 | Subject)", options).FitTo(DataTable.Example("sleepstudy")).Save(Place);
        LinearMixedModelFit.Load(Place).Coefficients().Method.ShouldBe(DegreesOfFreedom.KenwardRogerObserved);
        Change(text => text.Replace("\"df\":\"satterthwaite\",", "", StringComparison.Ordinal));
        LinearMixedModelFit.Load(Place).Coefficients().Method.ShouldBe(DegreesOfFreedom.Satterthwaite, "as in files from before there was a choice");
        Change(text => text.Replace("\"df\":\"satterthwaite\"", "\"df\":\"guess\"", StringComparison.Ordinal));
        Refusal().ShouldContain("'guess' is no method");
    }

    private static void ShouldBeTheSame(LinearMixedModelFit loaded, LinearMixedModelFit fit)
    {
        loaded.Model.Formula.ShouldBe(fit.Model.Formula);
        loaded.Criterion.ShouldBe(fit.Criterion);
        (loaded.Observations, loaded.DroppedRows, loaded.ParameterCount).ShouldBe((fit.Observations, fit.DroppedRows, fit.ParameterCount));
        (loaded.Deviance, loaded.Sigma, loaded.IsSingular).ShouldBe((fit.Deviance, fit.Sigma, fit.IsSingular));
        loaded.Coefficients().ShouldBe(fit.Coefficients());
        loaded.CoefficientCovariance.Values.ToArray().ShouldBe(fit.CoefficientCovariance.Values.ToArray());
        loaded.Convergence.ShouldBe(fit.Convergence);
        loaded.Findings.ShouldBe(fit.Findings);
        loaded.FittedValues.ToArray().ShouldBe(fit.FittedValues.ToArray());
        for (var t = 0; t < fit.RandomTerms.Count; t++)
        {
            var (saved, original) = (loaded.ConditionalModes()[t], fit.ConditionalModes()[t]);
            loaded.RandomTerms[t].Covariance.Values.ToArray().ShouldBe(fit.RandomTerms[t].Covariance.Values.ToArray());
            saved.Levels.ShouldBe(original.Levels);
            saved.Modes.Values.ToArray().ShouldBe(original.Modes.Values.ToArray());
            saved.StandardDeviations.Values.ToArray().ShouldBe(original.StandardDeviations.Values.ToArray());
        }
    }

    private string Refusal() => Should.Throw<DataException>(() => LinearMixedModelFit.Load(Place)).Message;

    private void Change(Func<string, string> change)
    {
        sleep.Value.Save(Place);
        string text;
        using (var stream = File.OpenRead(Place))
        using (var zip = new GZipStream(stream, CompressionMode.Decompress))
        using (var reader = new StreamReader(zip, Encoding.UTF8))
        {
            text = reader.ReadToEnd();
        }

        var changed = change(text);
        string.Equals(changed, text, StringComparison.Ordinal).ShouldBeFalse("the change must be one");
        WriteCompressed(changed);
    }

    private void WriteCompressed(string text)
    {
        using var stream = File.Create(Place);
        using var zip = new GZipStream(stream, CompressionLevel.Fastest);
        zip.Write(Encoding.UTF8.GetBytes(text));
    }
}
