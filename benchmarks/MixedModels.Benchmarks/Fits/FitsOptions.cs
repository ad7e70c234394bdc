namespace MixedModels.Benchmarks.Fits;

/// <summary>What the command line asks for.</summary>
internal sealed record FitsOptions
{
    /// <summary>The text of <c>--help</c>.</summary>
    public const string Help = """
        Times whole fits, and lme4 on the same data in the same run.

        fits [--cases a,b] [--shared ../shared] [--big FOLDER] [--repetitions 3] [--out FILE or FOLDER]
             [--no-peers] [--slow-peers] [--julia-like]
        fits --smoke

          --cases a,b       only these; all by default
          --shared FOLDER   where data/ and peers/ stand; cases without their data are skipped
          --big FOLDER      where the big files stand, or are made by the seeded generators (python3 with numpy)
          --repetitions N   the least number of warm fits, and of the peer's; 1 is a check that it works, no measurement
          --out PLACE       writes the page there too; into a folder as <cpu>.md
          --no-peers        our fits alone
          --slow-peers      also the peers that take tens of seconds to minutes, once each
          --julia-like      also MixedModels.jl's evaluation as blocked_cholesky.cpp re-creates it (g++, OpenBLAS, NLopt)
          --smoke           embedded data once each, held to validation/; no peers, no page
        """;

    public IReadOnlyList<FitCase> Cases { get; init; } = FitCatalogue.All;

    public string Shared { get; init; } = Path.Combine("..", "shared");

    public string? Big { get; init; }

    public int Repetitions { get; init; } = 3;

    public string? Out { get; init; }

    public bool HasPeers { get; init; } = true;

    public bool HasSlowPeers { get; init; }

    public bool IsJuliaLike { get; init; }

    public bool IsSmoke { get; init; }

    public bool IsHelp { get; init; }

    /// <summary>Reads the words after <c>fits</c>.</summary>
    /// <exception cref="UsageException">An option is unknown, lacks its value or has a wrong one.</exception>
    public static FitsOptions Parse(ReadOnlySpan<string> words)
    {
        var options = new FitsOptions();
        for (var at = 0; at < words.Length; at++)
        {
            var option = words[at];
            if (Flag(options, option) is { } flagged)
            {
                options = flagged;
                continue;
            }

            // The next word is the value; a missing one shows as another option or as the end.
            var value = at + 1 < words.Length && !words[at + 1].StartsWith("--", StringComparison.Ordinal) ? words[++at] : null;
            options = Valued(options, option, value);
        }

        return options;
    }

    private static FitsOptions? Flag(FitsOptions options, string option) => option switch
    {
        "--no-peers" => options with { HasPeers = false },
        "--slow-peers" => options with { HasSlowPeers = true },
        "--julia-like" => options with { IsJuliaLike = true },
        "--smoke" => options with { IsSmoke = true },
        "--help" => options with { IsHelp = true },
        _ => null,
    };

    private static FitsOptions Valued(FitsOptions options, string option, string? value) => option switch
    {
        "--cases" => options with { Cases = [.. Wanted(option, value).Split(',').Select(FitCatalogue.Find)] },
        "--shared" => options with { Shared = Wanted(option, value) },
        "--big" => options with { Big = Wanted(option, value) },
        "--out" => options with { Out = Wanted(option, value) },
        "--repetitions" => options with { Repetitions = OptionValue.Count(option, Wanted(option, value), Help) },
        _ => throw new UsageException($"'{option}' is not an option of fits.\n\n{Help}"),
    };

    private static string Wanted(string option, string? value) =>
        value ?? throw new UsageException($"{option} needs a value.\n\n{Help}");
}
