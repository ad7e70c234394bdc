using System.CommandLine;

namespace MixedModels.Cli.Options;

/// <summary>What the columns of the data are.</summary>
internal sealed class DataOptions
{
    private readonly Option<string[]> factor;
    private readonly Option<string[]> ordered;
    private readonly Option<string[]> levels;

    /// <summary>Adds the options to a verb.</summary>
    public DataOptions(Verb verb)
    {
        factor = verb.Add(CommandOption.Repeatable("--factor", "A,B", "columns that are factors, though they hold numbers"));
        ordered = verb.Add(CommandOption.Repeatable("--ordered", "A,B", "columns that are ordered factors"));
        levels = verb.Add(CommandOption.Repeatable("--levels", "A=X,Y,Z", "the levels of a factor in their order; the first is the reference"));
    }

    /// <summary>The data that an argument names, with the types the options give its columns.</summary>
    /// <exception cref="CommandLineException">A list is badly written or contradicts another.</exception>
    public DataSource Read(string name, ParsedLine line) => new()
    {
        Name = name,
        Factors = Names(line, factor),
        Ordered = Names(line, ordered),
        Levels = ReadLevels(line),
    };

    private static List<string> Names(ParsedLine line, Option option)
    {
        var names = new List<string>();
        foreach (var list in line.Values(option))
            names.AddRange(QuotedList.Items(option.Name, list));
        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    private Dictionary<string, IReadOnlyList<string>> ReadLevels(ParsedLine line)
    {
        var byFactor = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var text in line.Values(levels))
        {
            var (name, items) = QuotedList.NamedItems("--levels", text);
            var repeated = items.GroupBy(item => item, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any());
            if (repeated is not null)
                throw new CommandLineException($"--levels \"{text}\": the level '{repeated.Key}' stands twice; each stands once.");
            if (!byFactor.TryAdd(name, items))
                throw new CommandLineException($"--levels is given twice for '{name}'; give it once with all levels.");
        }

        return byFactor;
    }
}
