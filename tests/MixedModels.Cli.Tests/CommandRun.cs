namespace MixedModels.Cli.Tests;

/// <summary>One command line carried out within the test's process.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static CommandRun Of(StubLibrary library, params string[] args) => Of(library, CancellationToken.None, args);

    public static CommandRun Of(StubLibrary library, CancellationToken cancellationToken, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLineApplication.Run(args, new VerbContext(library, output, error, Stream.Null, cancellationToken));
        return new(code, output.ToString(), error.ToString());
    }

    public static CommandRun Of(params string[] args) => Of(new StubLibrary(), args);
}
