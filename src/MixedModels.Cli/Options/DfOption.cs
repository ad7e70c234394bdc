namespace MixedModels.Cli.Options;

/// <summary>The option <c>--df</c>, the same for every verb that shows tests or intervals.</summary>
internal sealed class DfOption
{
    private readonly ChoiceOption option;

    /// <summary>Adds the option to a verb.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="byDefault">What holds where it is not given.</param>
    public DfOption(Verb verb, string byDefault) => option = new ChoiceOption(
        verb, "--df", "METHOD", $"degrees of freedom ({byDefault}): {string.Join(", ", DegreesOfFreedomNames.All)}", [.. DegreesOfFreedomNames.All]);

    /// <summary>The chosen method; null where the option was not given.</summary>
    /// <exception cref="CommandLineException">There is no such method.</exception>
    public DegreesOfFreedom? Read(ParsedLine line) =>
        option.Read(line) is { } name && DegreesOfFreedomNames.TryParse(name, out var method) ? method : null;
}
