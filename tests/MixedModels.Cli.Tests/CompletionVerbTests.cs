using System.Diagnostics;

namespace MixedModels.Cli.Tests;

public class CompletionVerbTests
{
    private const string Bash = "/bin/bash";

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public void Completion_OfAShell_NamesEveryVerbAndItsOptions(string shell)
    {
        var script = CommandRun.Of("completion", shell).Output;
        foreach (var entry in VerbCatalogue.All)
        {
            script.ShouldContain(entry.Name);
            foreach (var option in entry.Create().Command.Options.Where(option => !option.Hidden))
                script.ShouldContain(shell == "fish" ? $"-l {option.Name[2..]}" : option.Name);
        }

        script.ShouldContain("caterpillar");
        script.ShouldContain("nbinom2");
        script.ShouldNotContain("--pedigree");
    }

    [Fact]
    public void Completion_OfAnUnknownShell_ListsTheShells()
    {
        var run = CommandRun.Of("completion", "bassh");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("one of bash, zsh, fish, pwsh is wanted. Did you mean 'bash'?");
    }

    [Theory]
    [InlineData("1", "mixed", "ch", "", "choose")]
    [InlineData("2", "mixed", "plot", "cat", "caterpillar")]
    [InlineData("4", "mixed", "fit", "f", "--family", "", "gaussian")]
    [InlineData("3", "mixed", "coef", "m.fit", "--d", "--df")]
    public void BashCompletion_AtAKey_OffersWhatFits(string place, params string[] words)
    {
        Assert.SkipUnless(File.Exists(Bash), "there is no bash");
        var script = CommandRun.Of("completion", "bash").Output + $"COMP_WORDS=({string.Join(' ', words[..^1].Select(word => $"'{word}'"))}); COMP_CWORD={place}; _mixed; echo \"${{COMPREPLY[0]}}\"\n";
        using var bash = Process.Start(new ProcessStartInfo(Bash, "--norc") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        bash.StandardInput.Write(script);
        bash.StandardInput.Close();
        bash.StandardOutput.ReadToEnd().ShouldBe(words[^1] + "\n");
        bash.WaitForExit(10_000).ShouldBeTrue();
    }
}
