namespace MixedModels.Cli.Tests;

public class HelpTests
{
    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public void Command_AskedForHelp_ListsEveryVerb(params string[] args)
    {
        var run = CommandRun.Of(args);
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("Usage: mixed VERB");
        foreach (var verb in VerbCatalogue.All)
            run.Output.ShouldContain($"  {verb.Name} ");
    }

    [Fact]
    public void EveryVerb_AskedForHelp_ShowsUsageOptionsAndExamples()
    {
        foreach (var entry in VerbCatalogue.All)
        {
            var help = CommandRun.Of(entry.Name, "--help");
            help.ExitCode.ShouldBe(0);
            help.ShouldBe(CommandRun.Of("help", entry.Name));
            help.ShouldBe(CommandRun.Of(entry.Name, "--output", "xml", "-h"));
            help.Output.ShouldContain($"Usage: mixed {entry.Name} ");
            help.Output.ShouldContain("--output FORMAT");
            help.Output.ShouldContain("\nExamples:\n  mixed " + entry.Name);
        }
    }

    [Fact]
    public void EveryVerb_IsItsEntrysName()
    {
        foreach (var entry in VerbCatalogue.All)
        {
            var verb = entry.Create();
            verb.Command.Name.ShouldBe(entry.Name);
            verb.Command.Description.ShouldBe(entry.Summary);
            VerbCatalogue.Planned.Contains(entry.Name, StringComparer.Ordinal).ShouldBeFalse();
        }
    }

    [Fact]
    public void FitHelp_HidesOptionsOfLaterVersions() => CommandRun.Of("fit", "--help").Output.ShouldNotContain("--pedigree");

    [Fact]
    public void Version_IsTheLibrarys() => CommandRun.Of("--version").Output.ShouldBe($"mixed {Persistence.LibraryVersion.Text}\n");

    [Theory]
    [InlineData("rane", " Did you mean 'ranef'?")]
    [InlineData("FIT", " Did you mean 'fit'?")]
    [InlineData("exa", " Did you mean 'examples'?")]
    [InlineData("zzzzzz", "")]
    public void Suggestion_ForAName_NamesTheNearest(string wanted, string sentence) =>
        NameSuggestion.For(wanted, ["fit", "ranef", "examples"]).ShouldBe(sentence);
}
