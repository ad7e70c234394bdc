using System.Globalization;
using System.Text;
using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Reporting.Pages;

/// <summary>The command line that fits a model again.</summary>
internal static class FitCommand
{
    /// <summary>The command, with what it must be told of the columns.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="data">The file of the data.</param>
    public static string Of(IInspectedFit fit, string data) =>
        (fit.Linear is { } linear ? Of(linear.Model, data) : Of(fit.Generalized!.Model, data)) + Columns(fit);

    /// <summary>The command of a linear model.</summary>
    internal static string Of(LinearMixedModel model, string data)
    {
        var options = model.Options;
        var command = new StringBuilder($"mixed fit {Quote(model.Formula)} {Word(data)}");
        if (options.Criterion == EstimationCriterion.MaximumLikelihood) command.Append(" --ml");
        if (!options.HasResidual) command.Append(" --dispersion \"~0\"");
        if (options.Residual is { } residual) command.Append($" --residual {Quote(residual.Text)}");
        if (options.Variance is { } variance) command.Append($" --variance {Quote(variance.Text)}");
        if (options.Dispersion is { } dispersion) command.Append($" --dispersion {Quote(dispersion)}");
        Append(command, options.Weights, options.Offsets, options.Contrasts);
        foreach (var kept in options.Keep) command.Append($" --keep {Word(kept)}");
        if (options.DegreesOfFreedom != DegreesOfFreedom.Satterthwaite) command.Append($" --df {options.DegreesOfFreedom.Name()}");
        return command.ToString();
    }

    private static string Of(GeneralizedMixedModel model, string data)
    {
        var options = model.Options;
        var command = new StringBuilder($"mixed fit {Quote(model.Formula)} {Word(data)} --family {model.Family.Name} --link {Word(model.Family.Link.Name)}");
        if (options.Quadrature != 1) command.Append(CultureInfo.InvariantCulture, $" --quadrature {options.Quadrature}");
        if (options.Criterion == EstimationCriterion.Reml) command.Append(" --reml");
        if (options.Trials is { } trials) command.Append($" --trials {Word(trials)}");
        if (options.Frequency is { } frequency) command.Append($" --frequency {Word(frequency)}");
        Append(command, options.Weights, options.Offsets, options.Contrasts);
        foreach (var kept in options.Keep) command.Append($" --keep {Word(kept)}");
        return command.ToString();
    }

    private static void Append(StringBuilder command, string? weights, IReadOnlyList<string> offsets, IReadOnlyDictionary<string, ContrastCoding> contrasts)
    {
        if (weights is not null) command.Append($" --weights {Word(weights)}");
        foreach (var offset in offsets) command.Append($" --offset {Word(offset)}");
        if (contrasts.Count > 0)
            command.Append(" --contrasts ").Append(Quote(string.Join(',', contrasts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={ContrastCodingNames.All[(int)pair.Value]}"))));
    }

    /// <summary>What a file of text does not say of the factors of the fixed part: that numbers are levels, an order, levels in an order of their own.</summary>
    private static string Columns(IInspectedFit fit)
    {
        var told = new StringBuilder();
        foreach (var factor in Told(fit))
        {
            if (factor.IsOrdered) told.Append($" --ordered {Word(factor.Name)}");
            else if (factor.IsNumbers) told.Append($" --factor {Word(factor.Name)}");
            if (factor.Levels is { } levels) told.Append($" --levels {Quote(Item(factor.Name) + "=" + string.Join(',', levels.Select(Item)))}");
        }

        return told.ToString();
    }

    /// <summary>The same as an argument of C# that reads the table; empty where there is nothing to say.</summary>
    internal static string ReadingOptions(IInspectedFit fit)
    {
        var factors = Told(fit).ToArray();
        var set = new List<string>();
        if (factors.Any(factor => factor.IsNumbers)) set.Add($"Factors = [{Strings(factors.Where(factor => factor.IsNumbers).Select(factor => factor.Name))}]");
        if (factors.Any(factor => factor.IsOrdered)) set.Add($"Ordered = [{Strings(factors.Where(factor => factor.IsOrdered).Select(factor => factor.Name))}]");
        if (factors.Any(factor => factor.Levels is not null))
            set.Add($"Levels = new Dictionary<string, IReadOnlyList<string>> {{ {string.Join(", ", factors.Where(factor => factor.Levels is not null).Select(factor => $"[{Strings([factor.Name])}] = [{Strings(factor.Levels!)}]"))} }}");
        return set.Count == 0 ? "" : $", new() {{ {string.Join(", ", set)} }}";
    }

    /// <summary>The factors of the fixed part that a reader of text must be told of: that they are ordered, numbers as levels, or have levels in an order of their own.</summary>
    private static IEnumerable<(string Name, bool IsOrdered, bool IsNumbers, IReadOnlyList<string>? Levels)> Told(IInspectedFit fit)
    {
        foreach (var name in fit.Factors())
        {
            var factor = (FactorColumn)fit.Design.Data[name];
            var isNumeric = factor.Levels.All(level => double.TryParse(level, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
            var usual = isNumeric
                ? factor.Levels.OrderBy(level => double.Parse(level, NumberStyles.Float, CultureInfo.InvariantCulture))
                : factor.Levels.Order(StringComparer.Ordinal);
            var isUsual = usual.SequenceEqual(factor.Levels, StringComparer.Ordinal) || factor.Levels.All(level => level is "TRUE" or "FALSE");
            if (factor.IsOrdered || isNumeric || !isUsual) yield return (name, factor.IsOrdered, !factor.IsOrdered && isNumeric && isUsual, isUsual ? null : factor.Levels);
        }
    }

    private static string Strings(IEnumerable<string> texts) =>
        string.Join(", ", texts.Select(text => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""));

    private static string Item(string text) => text.IndexOfAny([',', '=', '"']) < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static string Word(string text) => text.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '/' or '_' or '-' or ':') ? text : Quote(text);

    // Within double quotes a shell reads on: dollar, backquote, backslash and the quote itself.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            if (letter is '"' or '$' or '`' or '\\') quoted.Append('\\');
            quoted.Append(letter);
        }

        return quoted.Append('"').ToString();
    }
}
