using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MixedModels.Cli.Tests;

/// <summary>Every command and every program of the documentation does what it says. They need the working folder and the console to themselves.</summary>
[CollectionDefinition(nameof(DocumentationTests), DisableParallelization = true)]
[Collection(nameof(DocumentationTests))]
public sealed class DocumentationTests : IDisposable
{
    private const string Command = "mixed ";
    private const string CommandFromSource = "dotnet run -c Release --project src/MixedModels.Cli -- ";

    private readonly TemporaryFolder folder = new();
    private readonly string workingFolder = Environment.CurrentDirectory;

    public DocumentationTests()
    {
        // The programs read the data of the repository's validation folder by its name there.
        var data = Path.Combine("validation", "linear", "data");
        Directory.CreateDirectory(folder.File(data));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, data)))
            File.Copy(file, Path.Combine(folder.File(data), Path.GetFileName(file)));
        Environment.CurrentDirectory = folder.Path;
    }

    public static TheoryData<string> Commands => Blocks("bash");

    public static TheoryData<string> Programs => Blocks("csharp");

    public void Dispose()
    {
        Environment.CurrentDirectory = workingFolder;
        folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Commands_OfABlock_RunInTheirOrder(string place)
    {
        foreach (var line in CommandLines(DocumentationBlock.At(place)))
        {
            var run = LibraryRun.Of(Words(line));
            run.ExitCode.ShouldBe(0, $"{line}\n{run.Error}");
            run.Error.ShouldBeEmpty(line);
        }

        DocumentationImages.ShouldBeAsDrawn(DocumentationBlock.At(place).Page, folder);
    }

    [Fact]
    public void Images_OfAPage_AreDrawnByItsCommands()
    {
        DocumentationImages.Pages().Count.ShouldBeGreaterThan(3);
        foreach (var page in DocumentationImages.Pages())
        {
            var commands = DocumentationBlock.All.Where(block => block.Page == page && block.Language == "bash").SelectMany(CommandLines).ToArray();
            foreach (var name in DocumentationImages.Of(page)) commands.ShouldContain(command => command.EndsWith("--out " + name, StringComparison.Ordinal), name);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Program_OfABlock_CompilesAndRuns(string place)
    {
        using var output = new StringWriter();
        var console = Console.Out;
        try
        {
            Console.SetOut(output);
            Run(Compile(DocumentationBlock.At(place).Text));
        }
        finally
        {
            Console.SetOut(console);
        }

        output.ToString().ShouldNotBeEmpty();
    }

    [Fact]
    public void Readme_FirstCommand_PrintsWhatTheReadmeShows()
    {
        var blocks = DocumentationBlock.All.Where(block => block.Page == "README.md").ToArray();
        var shown = blocks.First(block => block.Language == "text").Text;
        LibraryRun.Of(Words(CommandLines(blocks[0]).Single())).Output.ShouldStartWith(shown, Case.Sensitive);
    }

    [Fact]
    public void Documentation_HasCommandsAndPrograms()
    {
        DocumentationBlock.All.Where(block => block.Language == "bash").SelectMany(CommandLines).Count().ShouldBeGreaterThan(10);
        DocumentationBlock.All.Count(block => block.Language == "csharp").ShouldBeGreaterThan(2);
    }

    [Fact]
    public void Compile_WrongProgram_Fails() =>
        Should.Throw<InvalidOperationException>(() => Compile("new MixedModels.LinearMixedModel(5);")).Message.ShouldContain("CS1503");

    private static TheoryData<string> Blocks(string language) =>
        [.. DocumentationBlock.All.Where(block => block.Language == language).Select(block => block.Place)];

    private static IEnumerable<string> CommandLines(DocumentationBlock block) => block.Text.Split('\n')
        .Select(line => line.StartsWith(CommandFromSource, StringComparison.Ordinal) ? Command + line[CommandFromSource.Length..] : line)
        .Where(line => line.StartsWith(Command, StringComparison.Ordinal))
        .Select(line => line[Command.Length..]);

    /// <summary>The words of a command line as a shell splits them, quotes removed.</summary>
    private static string[] Words(string line)
    {
        var words = new List<string>();
        var (word, quote, isOpen) = ("", '\0', false);
        foreach (var c in line)
        {
            if (quote == '\0' && c is '"' or '\'') (quote, isOpen) = (c, true);
            else if (c == quote) quote = '\0';
            else if (quote != '\0' || c != ' ') (word, isOpen) = (word + c, true);
            else if (isOpen)
            {
                words.Add(word);
                (word, isOpen) = ("", false);
            }
        }

        if (isOpen) words.Add(word);
        return [.. words];
    }

    private static Assembly Compile(string program)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => path.EndsWith(".dll", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var tree = CSharpSyntaxTree.ParseText(program, new CSharpParseOptions(LanguageVersion.CSharp13), cancellationToken: TestContext.Current.CancellationToken);
        var compilation = CSharpCompilation.Create("Documentation", [tree], references, new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        using var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        if (!result.Success) throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
        return Assembly.Load(image.ToArray());
    }

    private static void Run(Assembly program)
    {
        var entry = program.EntryPoint!;
        entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
    }
}
