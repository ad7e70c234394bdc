using System.CommandLine;
using MixedModels.Design;

namespace MixedModels.Cli.Options;

/// <summary>Which model is fitted and by which criterion.</summary>
internal sealed class ModelOptions
{
    private static readonly string[] plannedFamilies =
    [
        "binomial", "poisson", "Gamma", "inverse.gaussian", "nbinom1", "nbinom2", "beta", "betabinomial", "ordbeta", "t", "tweedie", "genpois",
        "compois", "truncated_poisson", "truncated_nbinom1", "truncated_nbinom2", "lognormal", "skewnormal", "cumulative",
    ];

    private static readonly string[] plannedLinks = ["log", "logit", "probit", "cloglog", "loglog", "cauchit", "inverse", "sqrt", "1/mu^2"];

    private readonly Option<bool> maximumLikelihood;
    private readonly Option<bool> restricted;
    private readonly Option<string> weights;
    private readonly Option<string> residual;
    private readonly Option<string> variance;
    private readonly Option<string[]> offset;
    private readonly Option<string[]> contrasts;
    private readonly Option<string[]> keep;
    private readonly ChoiceOption family;
    private readonly ChoiceOption link;

    /// <summary>Adds the options to a verb.</summary>
    public ModelOptions(Verb verb)
    {
        restricted = verb.Add(CommandOption.Flag("--reml", "restricted maximum likelihood (default)"));
        maximumLikelihood = verb.Add(CommandOption.Flag("--ml", "maximum likelihood, to compare fixed parts"));
        weights = verb.Add(CommandOption.Value("--weights", "COLUMN", "precision weights: a row's variance is sigma² over its weight"));
        residual = verb.Add(CommandOption.Value("--residual", "STRUCTURE", "covariance of residuals within a subject, such as \"ar1(week | patient)\""));
        variance = verb.Add(CommandOption.Value("--variance", "FUNCTIONS", "residual standard deviations that differ, such as \"power(x) + ident(sex)\""));
        offset = verb.Add(CommandOption.Repeatable("--offset", "EXPRESSION", "a column or expression with coefficient 1"));
        contrasts = verb.Add(CommandOption.Repeatable("--contrasts", "A=sum,B=helmert", "codings: " + string.Join(", ", ContrastCodingNames.All)));
        keep = verb.Add(CommandOption.Repeatable("--keep", "A,B", "columns that the fit keeps though the formula does not use them, for --cluster"));
        family = new ChoiceOption(verb, "--family", "NAME", "gaussian", ["gaussian"], plannedFamilies);
        link = new ChoiceOption(verb, "--link", "NAME", "identity", ["identity"], plannedLinks);
    }

    /// <summary>The library's options.</summary>
    /// <exception cref="CommandLineException">Options contradict each other or have values that do not exist.</exception>
    public LinearMixedModelOptions Read(ParsedLine line)
    {
        if (line.Has(maximumLikelihood) && line.Has(restricted))
            throw new CommandLineException("--ml and --reml exclude each other; give one of them.");
        family.Read(line);
        link.Read(line);
        return new()
        {
            Criterion = line.Has(maximumLikelihood) ? EstimationCriterion.MaximumLikelihood : EstimationCriterion.Reml,
            Residual = line.Value(residual) is { } structure ? Residual.Parse(structure) : null,
            Variance = line.Value(variance) is { } functions ? VarianceFunctions.Parse(functions) : null,
            Weights = line.Value(weights),
            Offsets = line.Values(offset),
            Contrasts = ReadContrasts(line),
            Keep = [.. line.Values(keep).SelectMany(list => QuotedList.Items("--keep", list)).Distinct(StringComparer.Ordinal)],
        };
    }

    private Dictionary<string, ContrastCoding> ReadContrasts(ParsedLine line)
    {
        var byFactor = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal);
        foreach (var (factor, name) in line.Values(contrasts).SelectMany(list => QuotedList.Pairs("--contrasts", list)))
        {
            if (!ContrastCodingNames.TryParse(name, out var coding))
            {
                var known = ContrastCodingNames.All;
                throw new CommandLineException(
                    $"--contrasts {factor}={name}: there is no coding '{name}'; one of {string.Join(", ", known)} is wanted.{NameSuggestion.For(name, known)}");
            }

            if (!byFactor.TryAdd(factor, coding))
                throw new CommandLineException($"--contrasts is given twice for '{factor}'; give it once.");
        }

        return byFactor;
    }
}
