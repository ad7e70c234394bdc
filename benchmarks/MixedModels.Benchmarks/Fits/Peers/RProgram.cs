namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>Runs R on all cores: its BLAS is told how many there are, which it would not find out within a quota.</summary>
internal static class RProgram
{
    private const string Name = "Rscript";

    // Looking costs a system call of microseconds; nothing beside a fit of R.
    private static readonly TimeSpan lookEvery = TimeSpan.FromMilliseconds(50);

    public static bool Exists => InstalledProgram.Exists(Name);

    /// <summary>Runs <c>Rscript</c> and watches its memory.</summary>
    /// <exception cref="ProgramException">It failed.</exception>
    public static ProcessRun Run(string? folder, IReadOnlyList<string> words) => ProcessRun.Of(Call(folder, words), lookEvery).OrThrow("R");

    /// <summary>The call itself, for who times it.</summary>
    public static ProcessCall Call(string? folder, IReadOnlyList<string> words) => new(Name, words)
    {
        Folder = folder,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OPENBLAS_NUM_THREADS"] = Environment.ProcessorCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
    };
}
