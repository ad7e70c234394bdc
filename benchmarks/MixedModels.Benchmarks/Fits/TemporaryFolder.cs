namespace MixedModels.Benchmarks.Fits;

/// <summary>A folder that is gone with what stands in it when disposed; what its links point to stays.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mixedmodels-benchmarks-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
