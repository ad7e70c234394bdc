using System.CommandLine;

namespace MixedModels.Cli.Options;

/// <summary>Options of the formula language that this version knows by name and refuses, so that none is ever ignored.</summary>
internal sealed class PlannedOptions
{
    private static readonly (string Name, string Purpose)[] planned =
    [
        ("--quadrature", "adaptive quadrature"),
        ("--frequency", "frequency weights"),
        ("--trials", "binomial models"),
        ("--thresholds", "ordinal models"),
        ("--dispersion", "dispersion models"),
        ("--zi", "zero inflation"),
        ("--matrix", "known covariance matrices"),
        ("--pedigree", "pedigrees"),
        ("--tree", "phylogenies"),
        ("--prior", "priors"),
    ];

    private readonly List<(Option Option, string Purpose)> options = [];

    /// <summary>Adds the options to a verb, hidden from its help.</summary>
    public PlannedOptions(Verb verb)
    {
        foreach (var (name, purpose) in planned)
        {
            var option = CommandOption.Repeatable(name, "VALUE", purpose);
            option.Hidden = true;
            options.Add((verb.Add(option), purpose));
        }
    }

    /// <summary>Refuses the first of them that was given.</summary>
    /// <exception cref="CommandLineException">One was given.</exception>
    public void ThrowIfGiven(ParsedLine line)
    {
        foreach (var (option, purpose) in options)
        {
            if (line.Has(option))
                throw new CommandLineException($"{option.Name} ({purpose}) is not in this version; leave it out.");
        }
    }
}
