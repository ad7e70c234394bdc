using System.Text;

namespace MixedModels.Cli;

/// <summary>Reads <c>name=a,b,c</c> and <c>a,b,c</c>: an item with a comma, an equals sign or a quote stands in double quotes, a quote doubled.</summary>
internal sealed class QuotedList
{
    private readonly string option;
    private readonly string text;
    private int position;

    private QuotedList(string option, string text)
    {
        this.option = option;
        this.text = text;
    }

    /// <summary>Reads a list of items.</summary>
    /// <exception cref="CommandLineException">An item is empty or badly quoted.</exception>
    public static IReadOnlyList<string> Items(string option, string text) => new QuotedList(option, text).ReadItems();

    /// <summary>Reads a name, an equals sign and a list of items.</summary>
    /// <exception cref="CommandLineException">There is no equals sign, or an item is empty or badly quoted.</exception>
    public static (string Name, IReadOnlyList<string> Items) NamedItems(string option, string text)
    {
        var reader = new QuotedList(option, text);
        return (reader.ReadName(), reader.ReadItems());
    }

    /// <summary>Reads a list of <c>name=value</c>.</summary>
    /// <exception cref="CommandLineException">An equals sign is missing, or an item is empty or badly quoted.</exception>
    public static IReadOnlyList<(string Name, string Value)> Pairs(string option, string text)
    {
        var reader = new QuotedList(option, text);
        var pairs = new List<(string, string)>();
        do
            pairs.Add((reader.ReadName(), reader.ReadItem()));
        while (reader.Take(','));
        reader.ThrowUnlessAtEnd();
        return pairs;
    }

    private string ReadName()
    {
        var name = ReadItem();
        return Take('=') ? name : throw Wrong($"wanted '=' after '{name}'");
    }

    private List<string> ReadItems()
    {
        var items = new List<string>();
        do
            items.Add(ReadItem());
        while (Take(','));
        ThrowUnlessAtEnd();
        return items;
    }

    private void ThrowUnlessAtEnd()
    {
        if (position < text.Length)
            throw Wrong($"wanted ',' or the end at column {position + 1}, found '{text[position]}'; put an item that holds it in double quotes");
    }

    private string ReadItem()
    {
        SkipBlanks();
        var start = position;
        if (position < text.Length && text[position] == '"')
            return ReadQuoted();
        while (position < text.Length && text[position] is not (',' or '=' or '"'))
            position++;
        var item = text[start..position].TrimEnd();
        return item.Length > 0 ? item : throw Wrong($"wanted a name or a value at column {start + 1}, found nothing");
    }

    private string ReadQuoted()
    {
        var start = position++;
        var item = new StringBuilder();
        while (position < text.Length)
        {
            var character = text[position++];
            if (character != '"')
            {
                item.Append(character);
            }
            else if (position < text.Length && text[position] == '"')
            {
                item.Append('"');
                position++;
            }
            else
            {
                SkipBlanks();
                return item.ToString();
            }
        }

        throw Wrong($"the quote at column {start + 1} is not closed; a quote within quotes is doubled");
    }

    private bool Take(char wanted)
    {
        if (position >= text.Length || text[position] != wanted)
            return false;
        position++;
        return true;
    }

    private void SkipBlanks()
    {
        while (position < text.Length && text[position] == ' ')
            position++;
    }

    private CommandLineException Wrong(string what) => new($"{option} \"{text}\": {what}.");
}
