using MixedModels.Benchmarks.Fits.Peers;

namespace MixedModels.Benchmarks.Fits;

/// <summary>A build of the command `mixed`: how it is called.</summary>
/// <param name="Name">What the page calls it.</param>
/// <param name="Program">What is started.</param>
/// <param name="Words">What stands before the command's own words.</param>
internal sealed record CommandBuild(string Name, string Program, IReadOnlyList<string> Words)
{
    private static readonly string project = Path.Combine(RepositoryFolder.Path, "src", "MixedModels.Cli");

    /// <summary>What the solution's build leaves: compiled to machine code while it runs.</summary>
    /// <exception cref="ProgramException">It is not built in these benchmarks' configuration.</exception>
    public static CommandBuild Compiled()
    {
        // Built as these benchmarks are, so in folders of the same names.
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(project, "bin", framework.Parent!.Name, framework.Name, "mixed.dll");
        return File.Exists(path)
            ? new("`dotnet mixed.dll`", "dotnet", [path])
            : throw new ProgramException($"the command is not built in the configuration {framework.Parent.Name}", "Build the solution.");
    }

    /// <summary>Publishes the native command, for the processor it is built on.</summary>
    /// <param name="folder">Takes it and all that its build leaves.</param>
    /// <exception cref="ProgramException">There is no linker (gcc or clang), or the build failed.</exception>
    public static CommandBuild Native(TemporaryFolder folder)
    {
        var output = folder.File("native");
        string[] words = ["publish", project, "-c", "Release", "-p:PublishAot=true", "-p:RunAnalyzers=false", "--artifacts-path", folder.File("artifacts"), "-o", output];
        var run = ProcessRun.Of(new("dotnet", words));
        if (run.ExitCode != 0) throw new ProgramException("the native command could not be published", run.Output);
        return new("native, `dotnet publish -p:PublishAot=true`", Path.Combine(output, OperatingSystem.IsWindows() ? "mixed.exe" : "mixed"), []);
    }
}
