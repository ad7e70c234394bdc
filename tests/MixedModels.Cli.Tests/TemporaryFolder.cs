namespace MixedModels.Cli.Tests;

/// <summary>A folder of one test, removed with all it holds.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mixed-");

    public string Path => folder.FullName;

    public IEnumerable<string> FileNames => Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file));

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => folder.Delete(recursive: true);
}
