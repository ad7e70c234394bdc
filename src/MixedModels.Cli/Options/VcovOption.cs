using System.CommandLine;

namespace MixedModels.Cli.Options;

/// <summary>The options <c>--vcov</c> and <c>--cluster</c>, the same for every table of effects.</summary>
internal sealed class VcovOption
{
    private readonly ChoiceOption vcov;
    private readonly Option<string> cluster;

    /// <summary>Adds the options to a verb.</summary>
    public VcovOption(Verb verb)
    {
        vcov = new ChoiceOption(
            verb, "--vcov", "KIND", "covariance of the fixed effects: model (default), or cluster-robust CR0, CR1, CR2 (linear models), CR3", ["model", .. Enum.GetNames<RobustAdjustment>()]);
        cluster = verb.Add(CommandOption.Value("--cluster", "COL", "the clusters of CR0 to CR3; default: the grouping factor that holds all others"));
    }

    /// <summary>The robust covariance that was asked for; null for the model's.</summary>
    /// <exception cref="CommandLineException">There is no such kind, or clusters are named for the model's covariance.</exception>
    public RobustCovariance? Read(ParsedLine line)
    {
        if (vcov.Read(line) is { } kind and not "model") return new(Enum.Parse<RobustAdjustment>(kind), line.Value(cluster));
        return line.Has(cluster)
            ? throw new CommandLineException("--cluster names the clusters of a robust covariance; ask for one, such as --vcov CR2.")
            : null;
    }
}
