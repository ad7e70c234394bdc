namespace MixedModels.Benchmarks.Fits;

/// <summary>Where the data of a case come from.</summary>
internal abstract record CaseData
{
    private CaseData()
    {
    }

    /// <summary>A data set embedded in the library.</summary>
    internal sealed record Example(string Name) : CaseData;

    /// <summary>A file of the shared folder's <c>data</c>.</summary>
    internal sealed record Shared(string File) : CaseData;

    /// <summary>A file of the folder of big files, made by a seeded generator of the shared folder's <c>peers</c>.</summary>
    /// <param name="File">The name peer.R knows it by.</param>
    /// <param name="Generator">The Python program, which takes the arguments and then the file to write.</param>
    /// <param name="Arguments">Its arguments before the file.</param>
    internal sealed record Generated(string File, string Generator, IReadOnlyList<string> Arguments) : CaseData;

    /// <summary>A file of the folder of big files, made by a seeded generator of our own.</summary>
    /// <param name="File">Its name.</param>
    /// <param name="Write">Writes it.</param>
    internal sealed record Simulated(string File, Action<TextWriter> Write) : CaseData;
}
