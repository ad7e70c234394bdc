using System.CommandLine;
using System.Globalization;

namespace MixedModels.Cli.Options;

/// <summary>A bootstrap as a verb runs it: replicates and seed, the file that keeps them, the run to go on with, threads, progress.</summary>
internal sealed class BootstrapRunOptions
{
    private readonly ReplicateOptions draws;
    private readonly Option<string> save;
    private readonly Option<string> resume;
    private readonly Option<string> threads;

    /// <summary>Adds the options to a verb.</summary>
    public BootstrapRunOptions(Verb verb)
    {
        draws = new ReplicateOptions(verb);
        save = verb.Add(CommandOption.Value("--save", "FILE", "keep the draws in FILE, also those of a run that is cancelled"));
        resume = verb.Add(CommandOption.Value("--resume", "FILE", "take over the replicates of a saved run and draw the others"));
        threads = verb.Add(CommandOption.Value("--threads", "N", "threads at most; the draws are the same bits for any number"));
    }

    /// <summary>Whether an option of a bootstrap was given.</summary>
    public bool IsGiven(ParsedLine line) => draws.IsGiven(line) || line.Has(save) || line.Has(resume) || line.Has(threads);

    /// <summary>Checks the options before the work begins.</summary>
    /// <exception cref="CommandLineException">One is missing or has a wrong value.</exception>
    public void ThrowIfWrong(ParsedLine line)
    {
        draws.Count(line);
        draws.Seed(line);
        Threads(line);
        if (line.Value(save) is { } path) ResultFile.ThrowIfNowhere("--save", path);
    }

    /// <summary>Runs the bootstrap and keeps it where it shall be kept; null where it was cancelled, which is then said.</summary>
    public ParametricBootstrap? Run(IMixedModelFit fit, ParsedLine line, bool isQuiet, VerbContext context)
    {
        var options = new BootstrapOptions
        {
            Replicates = draws.Count(line),
            Seed = draws.Seed(line),
            Threads = Threads(line),
            Resume = line.Value(resume) is { } earlier ? ParametricBootstrap.Load(earlier) : null,
        };
        ParametricBootstrap bootstrap;
        using (var bar = context.ShowsProgress && !isQuiet ? new ProgressBar(context.Error) : null)
        {
            bootstrap = fit is GeneralizedMixedModelFit generalized
                ? ParametricBootstrap.Run(generalized, options, bar, context.CancellationToken)
                : ParametricBootstrap.Run((LinearMixedModelFit)fit, options, bar, context.CancellationToken);
        }

        var place = line.Value(save);
        if (place is not null) bootstrap.Save(place);
        if (bootstrap.IsComplete) return bootstrap;
        context.Say(string.Create(CultureInfo.InvariantCulture, $"cancelled after {bootstrap.Completed} of {bootstrap.Replicates} replicates; ")
            + (place is null ? "they are lost, as there is no --save FILE." : $"they are kept in {place}, go on with --resume {place}."));
        return null;
    }

    private int? Threads(ParsedLine line)
    {
        if (line.Value(threads) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new CommandLineException($"--threads {text}: a whole number of at least 1 is wanted.");
    }
}
