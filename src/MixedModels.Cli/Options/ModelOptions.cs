using System.CommandLine;
using System.Globalization;
using MixedModels.Design;
using MixedModels.Families;

namespace MixedModels.Cli.Options;

/// <summary>Which model is fitted and by which criterion.</summary>
internal sealed class ModelOptions
{
    private static readonly string[] plannedFamilies =
    [
        "beta", "betabinomial", "ordbeta", "t", "tweedie", "genpois", "compois", "truncated_poisson", "truncated_nbinom1", "truncated_nbinom2",
        "lognormal", "skewnormal", "cumulative",
    ];

    private readonly Option<bool> maximumLikelihood;
    private readonly Option<bool> restricted;
    private readonly Option<string> weights;
    private readonly Option<string> residual;
    private readonly Option<string> variance;
    private readonly Option<string[]> offset;
    private readonly Option<string[]> contrasts;
    private readonly Option<string> dispersion;
    private readonly Option<string[]> keep;
    private readonly ChoiceOption family;
    private readonly ChoiceOption link;
    private readonly Option<string> quadrature;
    private readonly Option<string> trials;
    private readonly Option<string> frequency;

    /// <summary>Adds the options to a verb.</summary>
    public ModelOptions(Verb verb)
    {
        restricted = verb.Add(CommandOption.Flag("--reml", "restricted maximum likelihood (default); of other families by Laplace's approximation"));
        maximumLikelihood = verb.Add(CommandOption.Flag("--ml", "maximum likelihood, to compare fixed parts (the default of other families)"));
        weights = verb.Add(CommandOption.Value("--weights", "COLUMN", "prior weights: the dispersion is divided by them; without dispersion, the log-likelihood multiplied; trials of a proportion"));
        residual = verb.Add(CommandOption.Value("--residual", "STRUCTURE", "covariance of residuals within a subject, such as \"ar1(week | patient)\""));
        variance = verb.Add(CommandOption.Value("--variance", "FUNCTIONS", "residual standard deviations that differ, such as \"power(x) + ident(sex)\""));
        keep = verb.Add(CommandOption.Repeatable("--keep", "A,B", "columns that the fit keeps though the formula does not use them, for --cluster"));
        offset = verb.Add(CommandOption.Repeatable("--offset", "EXPRESSION", "a column or expression with coefficient 1"));
        contrasts = verb.Add(CommandOption.Repeatable("--contrasts", "A=sum,B=helmert", "codings: " + string.Join(", ", ContrastCodingNames.All)));
        dispersion = verb.Add(CommandOption.Value("--dispersion", "FORMULA", "model of the log residual SD, such as \"~ x + f\"; \"~1\": one SD (default); \"~0\": no residual beside the random terms"));
        family = new ChoiceOption(verb, "--family", "NAME", "gaussian (default), " + string.Join(", ", FamilyCatalogue.Names.Skip(1)), [.. FamilyCatalogue.Names], plannedFamilies);
        link = new ChoiceOption(verb, "--link", "NAME", "the family's own, or one of " + string.Join(", ", Link.All), [.. Link.All.Select(own => own.Name)]);
        quadrature = verb.Add(CommandOption.Value("--quadrature", "K", "points of adaptive quadrature a random effect; 1 (default) is Laplace's approximation, 0 a cruder and faster one"));
        frequency = verb.Add(CommandOption.Value("--frequency", "COLUMN", "how many identical rows a row stands for"));
        trials = verb.Add(CommandOption.Value("--trials", "COLUMN", "the number of trials of a binomial count of successes"));
    }

    /// <summary>Whether the model is one for <see cref="GeneralizedMixedModel"/>: anything but a Gaussian response with an identity link.</summary>
    public bool IsGeneralized(ParsedLine line) =>
        (family.Read(line) ?? "gaussian") != "gaussian" || (link.Read(line) ?? "identity") != "identity"
        || (line.Has(frequency) && line.Has(maximumLikelihood));

    /// <summary>The family and the library's options of a generalized model.</summary>
    /// <exception cref="CommandLineException">Options contradict each other or have values that do not exist.</exception>
    public (Family Family, GeneralizedMixedModelOptions Options) ReadGeneralized(ParsedLine line)
    {
        if (line.Has(maximumLikelihood) && line.Has(restricted))
            throw new CommandLineException("--ml and --reml exclude each other; give one of them.");
        foreach (var (option, what) in new (Option, string)[] { (residual, "covariances of residuals are"), (variance, "variance functions are"), (dispersion, "dispersion models are") })
        {
            if (line.Has(option))
                throw new CommandLineException($"{option.Name}: {what} for Gaussian responses with an identity link in this version; leave it out.");
        }

        var name = family.Read(line) ?? "gaussian";
        var chosen = FamilyCatalogue.Create(name, link.Read(line) is { } word ? Link.Find(word) : null)!;
        var options = new GeneralizedMixedModelOptions
        {
            Weights = line.Value(weights),
            Trials = line.Value(trials),
            Frequency = line.Value(frequency),
            Offsets = line.Values(offset),
            Contrasts = ReadContrasts(line),
            Keep = ReadKept(line),
            Quadrature = ReadQuadrature(line) ?? 1,
            Criterion = line.Has(restricted) ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood,
        };
        return (chosen, options);
    }

    /// <summary>The library's options of a linear model.</summary>
    /// <exception cref="CommandLineException">Options contradict each other or have values that do not exist.</exception>
    public LinearMixedModelOptions Read(ParsedLine line)
    {
        if (line.Has(maximumLikelihood) && line.Has(restricted))
            throw new CommandLineException("--ml and --reml exclude each other; give one of them.");
        if (line.Has(trials))
            throw new CommandLineException("--trials are for binomial responses; add --family binomial, or leave them out.");
        if (line.Has(frequency))
            throw new CommandLineException("--frequency with REML is not in this version; add --ml, or give weights a variance should be divided by as --weights.");
        if (ReadQuadrature(line) is not null)
            throw new CommandLineException("--quadrature is for families other than the Gaussian with an identity link, whose likelihood needs no approximation; leave it out.");
        return new()
        {
            Criterion = line.Has(maximumLikelihood) ? EstimationCriterion.MaximumLikelihood : EstimationCriterion.Reml,
            HasResidual = Dispersion(line) != "~0",
            Dispersion = Dispersion(line) is "~0" or "~1" ? null : line.Value(dispersion),
            Residual = line.Value(residual) is { } structure ? Residual.Parse(structure) : null,
            Variance = line.Value(variance) is { } functions ? VarianceFunctions.Parse(functions) : null,
            Weights = line.Value(weights),
            Offsets = line.Values(offset),
            Contrasts = ReadContrasts(line),
            Keep = ReadKept(line),
        };
    }

    private string[] ReadKept(ParsedLine line) => [.. line.Values(keep).SelectMany(list => QuotedList.Items("--keep", list)).Distinct(StringComparer.Ordinal)];

    private int? ReadQuadrature(ParsedLine line)
    {
        if (line.Value(quadrature) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var points) && points <= GeneralizedMixedModelOptions.MostQuadraturePoints
            ? points
            : throw new CommandLineException($"--quadrature {text}: a whole number from 0 to {GeneralizedMixedModelOptions.MostQuadraturePoints} is wanted.");
    }

    private string Dispersion(ParsedLine line) => line.Value(dispersion)?.Replace(" ", "", StringComparison.Ordinal) ?? "~1";

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
