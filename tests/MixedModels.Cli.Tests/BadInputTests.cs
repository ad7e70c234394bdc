using System.IO.Compression;
using System.Text;

namespace MixedModels.Cli.Tests;

/// <summary>What users do wrong, from the command line to the message: one message, the right exit code, nothing on standard output, never a stack trace.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Wrong = "wrong usage", Unusable = "unusable data";
    private const string Good = "y,x,g,w\n2,1,a,1\n3.5,2,a,1\n2,3,b,2\n5,5,b,1\n4,2,c,1\n6,4,c,1\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("y ~ weigth + (1 | g)", "y,weight,g\n1,2,a\n2,1,b\n3,2,b\n", Wrong, "Unknown column 'weigth' at column 5: the data have no such column; nearest: 'weight'.\n  y ~ weigth + (1 | g)\n      ^")]
    [InlineData("y ~ x + (1 | h)", Good, Wrong, "Unknown column 'h' at column 14")]
    [InlineData("y ~ x + * z", Good, Wrong, "\n  y ~ x + * z\n          ^")]
    [InlineData("y ~ x + (1 | g", Good, Wrong, "A '(' that is never closed at column 9: wanted a ')' after it.\n  y ~ x + (1 | g\n          ^")]
    [InlineData("y ~ x)", Good, Wrong, "\n  y ~ x)\n       ^")]
    [InlineData("", Good, Wrong, "An empty formula")]
    [InlineData("~ x", Good, Wrong, "No response at column 1")]
    [InlineData("g ~ x", Good, Wrong, "it is a factor with 3 levels")]
    [InlineData("y ~ x", "", Unusable, "'d.csv' is empty")]
    [InlineData("y ~ x", "y,x\n", Unusable, "'d.csv'")]
    [InlineData("y ~ x", "y,x\n1,2\n3\n", Unusable, "'d.csv' line 3: 1 field found, 2 wanted as in the header")]
    [InlineData("y ~ x", "y,x\n1,2,5\n3,4\n", Unusable, "'d.csv' line 2: 3 fields found, 2 wanted as in the header")]
    [InlineData("y ~ x", "y,x\n1,2\n\u0000\u0001,4\n", Unusable, "'d.csv' is not delimited text")]
    [InlineData("y ~ x", "y,x\n1,2\n3,oops\n4,5\n6,7\n7,9\n", Unusable, "Column 'x' of 'd.csv' is numbers except for one cell 'oops' on line 3.")]
    [InlineData("y ~ x", "y,x,x\n1,2,3\n2,3,4\n", Unusable, "'d.csv' line 1: columns 2 and 3 are both named 'x'.")]
    [InlineData("y ~ f", "y,f\n1,a\n3,a\n4,a\n", Unusable, "Factor 'f' has 1 level")]
    [InlineData("y ~ x", "y,x\n1,NA\nNA,4\n4,\n", Unusable, "None of the 3 rows is complete in the columns the model uses; missing values: 'x' 2, 'y' 1.")]
    [InlineData("y ~ x + (1 | g)", "y,x,g\n2,1,a\n2,2,a\n2,3,b\n2,5,b\n", Unusable, "The response y is 2 in all 4 rows used")]
    [InlineData("y ~ x", "y,x\n1,2\n3,Inf\n4,5\n", Unusable, "x is Inf in row 2")]
    [InlineData("y ~ x", "y,x\n1,2\n-1e999,3\n4,5\n", Unusable, "y is -Inf in row 2")]
    [InlineData("y ~ log(x)", "y,x\n1,0\n3,2\n4,5\n", Unusable, "log(x) is -Inf in row 1 (x = 0)")]
    [InlineData("y ~ x + (1 | g)", "y,x,g\n2,1,a\n3,2,a\n2,3,a\n5,5,a\n", Unusable, "Group 'g' of (1 | g) has 1 level")]
    [InlineData("y ~ x + (1 | g)", "y,x,g\n2,1,a\n3,2,b\n2,3,c\n5,5,d\n", Unusable, "Group 'g' of (1 | g) has 4 levels for 4 rows")]
    [InlineData("y ~ x + (x | g)", Good, Unusable, "The term (x | g) has 6 effects (3 levels × 2) for 6 rows")]
    [InlineData("y ~ x", "y,x\n3,1\n5,2\n7,3\n9,4\n", Unusable, "The fixed effects reproduce the response 'y' exactly")]
    [InlineData("y ~ x", "y,x\n3,1\n5,2\n", Unusable, "2 independent fixed effects for 2 complete rows")]
    public void Fit_FormulaOrDataThatCannotBeUsed_IsOneMessage(string formula, string text, string kind, string message)
    {
        var path = folder.File("d.csv");
        File.WriteAllText(path, text);
        Refused(kind, message.Replace("'d.csv'", $"'{path}'", StringComparison.Ordinal), "fit", formula, path);
    }

    [Theory]
    [InlineData(0, "The weight w is 0 in row 3; weights must be positive.")]
    [InlineData(-1, "The weight w is -1 in row 3; weights must be positive.")]
    public void Fit_WeightThatIsNotPositive_IsOneMessage(int weight, string message)
    {
        File.WriteAllText(folder.File("d.csv"), Good.Replace("b,2", FormattableString.Invariant($"b,{weight}"), StringComparison.Ordinal));
        Refused(Unusable, message, "fit", "y ~ x + (1 | g)", folder.File("d.csv"), "--weights", "w");
    }

    [Theory]
    [InlineData("--levels", "g=a,b", "holds 'c' (line 6), not among the levels given ('a', 'b').")]
    [InlineData("--levels", "gg=a,b,c", "has no column 'gg' to read as a factor; nearest: 'g'.")]
    [InlineData("--factor", "gg", "has no column 'gg'")]
    [InlineData("--weights", "wt", "The data have no column 'wt'")]
    [InlineData("--contrasts", "h=sum", "Contrasts are given for 'h', which is not a factor of the data")]
    public void Fit_OptionThatDoesNotFitTheData_IsOneMessage(string option, string value, string message)
    {
        File.WriteAllText(folder.File("d.csv"), Good);
        Refused(Unusable, message, "fit", "y ~ x + (1 | g)", folder.File("d.csv"), option, value);
    }

    [Fact]
    public void Fit_NoFile_IsOneMessage()
    {
        Refused(Unusable, $"'{folder.File("gone.csv")}' does not exist.", "fit", "y ~ x", folder.File("gone.csv"));
        Refused(Unusable, $"'{folder.Path}' is a folder", "fit", "y ~ x", folder.Path);
        Refused(Unusable, "There is no example data set 'sleepstudi'; nearest: 'sleepstudy'", "fit", "y ~ x", "example:sleepstudi");
    }

    [Theory]
    [InlineData("((", "))")]
    [InlineData("log(", ")")]
    [InlineData("-", "")]
    public void Fit_FormulaFiveThousandDeep_IsOneMessage(string open, string close)
    {
        File.WriteAllText(folder.File("d.csv"), Good);
        var nested = string.Concat(Enumerable.Repeat(open, 5000)) + "x" + string.Concat(Enumerable.Repeat(close, 5000));
        var run = LibraryRun.Of("fit", "y ~ " + nested, folder.File("d.csv"));
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("levels of nesting");
        run.Error.Length.ShouldBeLessThan(1000);
    }

    [Fact]
    public void Verb_SavedFileThatIsNone_IsOneMessage()
    {
        var place = folder.File("m.fit");
        Refused(Unusable, $"There is no file '{place}'", "coef", place);
        File.WriteAllText(place, Good);
        Refused(Unusable, "is not a saved model or is cut short", "ranef", place);
        LibraryRun.Of("fit", "Yield ~ 1 + (1 | Batch)", "example:Dyestuff", "--save", place).ExitCode.ShouldBe(0);
        File.WriteAllBytes(place, File.ReadAllBytes(place)[..300]);
        Refused(Unusable, "is not a saved model or is cut short", "vcov", place);
    }

    [Fact]
    public void Verb_SavedFileOfAnotherVersion_SaysWhich()
    {
        using (var zip = new GZipStream(File.Create(folder.File("m.fit")), CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes("{\"format\":\"mixed/model/9\",\"library\":\"9.1.0\"}"));
        Refused(Unusable, "has format 'mixed/model/9', written by version 9.1.0; this version", "coef", folder.File("m.fit"));
    }

    [Theory]
    [InlineData("Reaction ~ Days + (1 | Subject)", "sleepstudy", "The start has the random terms (Days | Subject); this model has the random terms (1 | Subject).")]
    [InlineData("Yield ~ 1 + (1 | Batch)", "Dyestuff", "The start has the random terms (Days | Subject); this model has the random terms (1 | Batch).")]
    [InlineData("Reaction ~ Days", "sleepstudy", "The start has the random terms (Days | Subject); this model has no random terms.")]
    public void Fit_StartOfAnotherModel_IsOneMessage(string formula, string example, string message)
    {
        var start = Saved("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        Refused(Unusable, message + " Start from a fit with the same random terms in the same order, or without one.", "fit", formula, "example:" + example, "--start", start);
    }

    [Fact]
    public void Fit_StartWithOtherLevelsOfAFactor_IsOneMessage()
    {
        var start = Saved("score ~ 1 + (Machine | Worker)", "Machines");
        Refused(
            Unusable,
            "The start has in (Machine | Worker) the effects (Intercept), MachineB, MachineC; this model has there (Intercept), MachineA, MachineB.",
            "fit", "score ~ 1 + (Machine | Worker)", "example:Machines", "--levels", "Machine=C,A,B", "--start", start);
    }

    [Fact]
    public void Fit_StartThatIsNoSavedFit_IsOneMessage()
    {
        File.WriteAllText(folder.File("d.csv"), Good);
        Refused(Unusable, $"There is no file '{folder.File("gone.fit")}'", "fit", "y ~ x + (1 | g)", folder.File("d.csv"), "--start", folder.File("gone.fit"));
        Refused(Unusable, "is not a saved model or is cut short", "fit", "y ~ x + (1 | g)", folder.File("d.csv"), "--start", folder.File("d.csv"));
    }

    [Theory]
    [InlineData("Worker\n1\n", "The data have no column 'Machine', which the model needs; there is only 'Worker'.")]
    [InlineData("machine,Worker\nA,1\n", "The data have no column 'Machine', which the model needs; nearest: 'machine'.")]
    [InlineData("Machine\nA\n", "The data have no column 'Worker', which the model needs; there is only 'Machine'.")]
    [InlineData("Machine,Worker\nA,1\nD,2\n", "Factor 'Machine' has the level 'D' in row 2, which does not occur in the rows the model was made from; there are 'A', 'B', 'C'. Correct it")]
    [InlineData("Machine,Worker\nA,1\nA,9\n", "Group 'Worker' has the level '9' in row 2, which is not among the 6 levels the model was fitted to. Correct the level")]
    [InlineData("Machine,Worker\n", "has a header line (2 columns) and no rows below it.")]
    public void Predict_DataThatDoNotSuitTheModel_IsOneMessage(string text, string message)
    {
        File.WriteAllText(folder.File("new.csv"), text);
        Refused(Unusable, message, "predict", Saved("score ~ Machine + (1 | Worker)", "Machines"), folder.File("new.csv"));
    }

    [Theory]
    [InlineData("Wrker", "The model has no random term 'Wrker'; nearest: 'Worker'. Name a group, or a whole term such as (1 | Worker).")]
    [InlineData("(Machine | Worker)", "The model has no random term '(Machine | Worker)'; there is only 'Worker'.")]
    [InlineData("Machine", "The model has no random term 'Machine'; there is only 'Worker'.")]
    public void Predict_TermThatDoesNotExist_IsOneMessage(string term, string message) =>
        Refused(Wrong, message, "predict", Saved("score ~ Machine + (1 | Worker)", "Machines"), "example:Machines", "--random", term);

    private string Saved(string formula, string example)
    {
        var place = folder.File("saved.fit");
        LibraryRun.Of("fit", formula, "example:" + example, "--save", place, "--quiet").ExitCode.ShouldBe(0);
        return place;
    }

    private static void Refused(string kind, string message, params string[] args)
    {
        var run = LibraryRun.Of(args);
        run.ExitCode.ShouldBe(kind == Wrong ? 2 : 3, run.Error);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldStartWith("mixed: ");
        run.Error.ShouldEndWith("\n");
        run.Error.ShouldContain(message, Case.Sensitive);
        run.Error.ShouldNotContain("   at ");
        run.Error.ShouldNotContain("Exception");
        run.Error.Split("mixed: ").Length.ShouldBe(2, "one message");
    }
}
