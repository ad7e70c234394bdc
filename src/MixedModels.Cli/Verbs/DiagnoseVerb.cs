using System.CommandLine;
using System.Globalization;
using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed diagnose MODEL</c>: what is wrong with a saved fit, why it matters, what to try.</summary>
internal sealed class DiagnoseVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "diagnose";

    /// <summary>What it does.</summary>
    public const string Summary = "what may be wrong with a saved fit, why it matters and what to try";

    private readonly OutputOptions output;
    private readonly Option<string> order;
    private readonly Option<string> replicates;
    private readonly Option<string> seed;

    /// <summary>Creates the verb with its options.</summary>
    public DiagnoseVerb()
        : base(Name, Summary, ("MODEL", "a file written by 'mixed fit … --save FILE'"))
    {
        output = new OutputOptions(this);
        order = Add(CommandOption.Value("--order", "X", "the column that orders rows of a group (default: the first covariate that changes within groups)"));
        replicates = Add(CommandOption.Value("--replicates", "N", "simulations that responses are compared with, 20 to 2000 (default 250)"));
        seed = Add(CommandOption.Value("--seed", "S", "their seed, 1 by default"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["mixed diagnose sleep.fit", "mixed diagnose sleep.fit --order Days --output json"];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        var options = Options(line);
        var fit = context.Library.LoadAny(line.Argument(0));
        output.Write(new DiagnosisReport(fit.Diagnose(options, context.CancellationToken), fit.Convergence), line, context);
        return ExitCode.Success;
    }

    private DiagnosisOptions Options(ParsedLine line)
    {
        var options = new DiagnosisOptions { Order = line.Value(order) };
        if (line.Value(replicates) is { } count)
        {
            options = int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 20 and <= 2000
                ? options with { Replicates = number }
                : throw new CommandLineException($"--replicates {count}: a whole number from 20 to 2000 is wanted, such as 250.");
        }

        if (line.Value(seed) is not { } text) return options;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? options with { Seed = start }
            : throw new CommandLineException($"--seed {text}: a whole number from 0 is wanted, such as 1.");
    }
}
