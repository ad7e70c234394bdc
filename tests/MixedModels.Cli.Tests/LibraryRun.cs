namespace MixedModels.Cli.Tests;

/// <summary>Command lines carried out within the test's process with the library itself.</summary>
internal static class LibraryRun
{
    public static CommandRun Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLineApplication.Run(args, output, error, Stream.Null, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }
}
