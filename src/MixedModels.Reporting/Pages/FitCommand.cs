using System.Text;
using MixedModels.Design;

namespace MixedModels.Reporting.Pages;

/// <summary>The command line that fits a model again.</summary>
internal static class FitCommand
{
    /// <summary>The command.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The file of the data.</param>
    public static string Of(LinearMixedModel model, string data)
    {
        var options = model.Options;
        var command = new StringBuilder($"mixed fit {Quote(model.Formula)} {Word(data)}");
        if (options.Criterion == EstimationCriterion.MaximumLikelihood) command.Append(" --ml");
        if (options.Weights is { } weights) command.Append($" --weights {Word(weights)}");
        foreach (var offset in options.Offsets) command.Append($" --offset {Word(offset)}");
        if (options.Contrasts.Count > 0)
            command.Append(" --contrasts ").Append(Quote(string.Join(',', options.Contrasts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={ContrastCodingNames.All[(int)pair.Value]}"))));
        if (options.DegreesOfFreedom != DegreesOfFreedom.Satterthwaite) command.Append($" --df {options.DegreesOfFreedom.Name()}");
        return command.ToString();
    }

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
