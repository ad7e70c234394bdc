using System.Globalization;
using MixedModels.Data;

namespace MixedModels.Inference.Contrasts;

/// <summary>
/// Reads <c>A - 2 * B = 3</c>: a linear expression of coefficient names, an equals sign, another one; without the sign it equals 0. The
/// longest name that fits is taken, so names such as <c>poly(x, 2)1</c> need no quotes; backticks may stand around any.
/// </summary>
internal sealed class HypothesisParser
{
    private readonly IReadOnlyList<string> names;
    private readonly string text;
    private int position;

    private HypothesisParser(string text, IReadOnlyList<string> names) => (this.text, this.names) = (text, names);

    /// <summary>Reads a hypothesis.</summary>
    /// <param name="text">The hypothesis.</param>
    /// <param name="names">The names of all columns.</param>
    /// <exception cref="InferenceException">It cannot be read, is not linear, or names what is not there.</exception>
    public static LinearHypothesis Parse(string text, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new HypothesisParser(text, names);
        var left = parser.ReadSum();
        var right = parser.Take('=') ? parser.ReadSum() : new double[names.Count + 1];
        if (parser.Peek() == '=') throw parser.Wrong("a second '='; give each equation as a hypothesis of its own");
        if (parser.position < text.Length) throw parser.Wrong($"'{text[parser.position]}' where '+', '-', '*', '/', '=' or the end is wanted");
        double[] weights = [.. left.Zip(right, (a, b) => a - b).Take(names.Count)];
        if (weights.All(weight => weight == 0)) throw new InferenceException($"The hypothesis \"{text}\" has no coefficient left in it; name one of {Known(names)}.");
        return new(text.Trim(), weights, right[^1] - left[^1]);
    }

    /// <summary>A short list of names for a message.</summary>
    public static string Known(IReadOnlyList<string> names)
    {
        const int mostNamed = 8;
        return string.Join(", ", names.Take(mostNamed)) + (names.Count > mostNamed ? $" and {names.Count - mostNamed} more" : "");
    }

    private double[] ReadSum()
    {
        var sum = ReadProduct();
        while (Peek() is '+' or '-')
        {
            var sign = text[position++] == '+' ? 1 : -1;
            var next = ReadProduct();
            for (var j = 0; j < sum.Length; j++) sum[j] += sign * next[j];
        }

        return sum;
    }

    private double[] ReadProduct()
    {
        var product = ReadFactor();
        while (Peek() is '*' or '/')
        {
            var isQuotient = text[position++] == '/';
            var next = ReadFactor();
            if (isQuotient && (!IsConstant(next) || next[^1] == 0)) throw Wrong("a division by something else than a number other than 0");
            if (!IsConstant(product) && !IsConstant(next)) throw Wrong("a product of two coefficients; a hypothesis is linear in them");
            var (form, factor) = IsConstant(next) ? (product, isQuotient ? 1 / next[^1] : next[^1]) : (next, product[^1]);
            product = [.. form.Select(weight => weight * factor)];
        }

        return product;
    }

    private double[] ReadFactor()
    {
        SkipBlanks();
        if (Take('-')) return [.. ReadFactor().Select(weight => -weight)];
        if (Take('+')) return ReadFactor();
        var form = new double[names.Count + 1];
        if (ReadName() is { } column)
        {
            form[column] = 1;
            return form;
        }

        if (Take('('))
        {
            form = ReadSum();
            return Take(')') ? form : throw Wrong("a '(' that is not closed");
        }

        if (ReadNumber() is { } number)
        {
            form[^1] = number;
            return form;
        }

        throw Unknown();
    }

    /// <summary>The longest name that stands here and ends where a name can end.</summary>
    private int? ReadName()
    {
        var isQuoted = position < text.Length && text[position] == '`' && text.IndexOf('`', position + 1) > 0;
        if (isQuoted)
        {
            var end = text.IndexOf('`', position + 1);
            var name = text[(position + 1)..end];
            var index = names.ToList().FindIndex(known => string.Equals(known, name, StringComparison.Ordinal) || string.Equals(known, $"`{name}`", StringComparison.Ordinal));
            if (index >= 0 && (end + 1 == text.Length || !Continues(text[end + 1])))
            {
                position = end + 1;
                return index;
            }
        }

        int? best = null;
        for (var j = 0; j < names.Count; j++)
        {
            var end = position + names[j].Length;
            if (string.CompareOrdinal(text, position, names[j], 0, names[j].Length) != 0 || (end < text.Length && Continues(text[end]))) continue;
            if (best is null || names[j].Length > names[best.Value].Length) best = j;
        }

        if (best is { } found) position += names[found].Length;
        return best;
    }

    private double? ReadNumber()
    {
        var end = position;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.' || (text[end] is 'e' or 'E' && end > position)
            || (text[end] is '+' or '-' && end > position && text[end - 1] is 'e' or 'E'))) end++;
        if (!double.TryParse(text.AsSpan(position, end - position), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return null;
        if (end < text.Length && Continues(text[end])) return null;
        position = end;
        return number;
    }

    private static bool IsConstant(double[] form) => form.AsSpan(0, form.Length - 1).IndexOfAnyExcept(0.0) < 0;

    private static bool Continues(char character) => char.IsLetterOrDigit(character) || character is '_' or '.' or ':';

    private bool Take(char wanted)
    {
        if (Peek() != wanted) return false;
        position++;
        return true;
    }

    private char? Peek()
    {
        SkipBlanks();
        return position < text.Length ? text[position] : null;
    }

    private void SkipBlanks()
    {
        while (position < text.Length && text[position] == ' ') position++;
    }

    private InferenceException Unknown()
    {
        var end = position;
        while (end < text.Length && text[end] is not ('+' or '-' or '*' or '/' or '=' or ' ')) end++;
        if (end == position) return Wrong(position < text.Length ? $"'{text[position]}' where a coefficient or a number is wanted" : "its end where a coefficient or a number is wanted");
        var word = text[position..end];
        return new($"The hypothesis \"{text}\" names '{word}' at column {position + 1}, which is no coefficient of this fit{NearestNames.SuggestOrList(word, [.. names])}.");
    }

    private InferenceException Wrong(string what) => new($"The hypothesis \"{text}\" has, at column {position + 1}, {what}. Coefficients: {Known(names)}.");
}
