namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>
/// The folders peer.R expects about it: itself in <c>peers</c>, the data beside that folder and the big files in it. They are links,
/// because the shared folder is not written to and the big files stand elsewhere.
/// </summary>
internal sealed class PeerFolder : IDisposable
{
    private readonly TemporaryFolder root = new();

    /// <summary>Makes the folders.</summary>
    /// <exception cref="ProgramException">A link cannot be made.</exception>
    public PeerFolder(FitsOptions options)
    {
        Path = root.File("peers");
        try
        {
            Directory.CreateDirectory(Path);
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, "peer.R"), System.IO.Path.GetFullPath(System.IO.Path.Combine(options.Shared, "peers", "peer.R")));
            Link("data", System.IO.Path.Combine(options.Shared, "data"));

            // The big files may yet have to be made there.
            if (options.Big is { } big) Link(System.IO.Path.Combine("peers", "big"), big);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            root.Dispose();
            throw new ProgramException("the links that peer.R needs cannot be made", failure.Message);
        }
    }

    /// <summary>The folder peers run in.</summary>
    public string Path { get; }

    public void Dispose() => root.Dispose();

    private void Link(string name, string folder) => Directory.CreateSymbolicLink(root.File(name), System.IO.Path.GetFullPath(folder));
}
