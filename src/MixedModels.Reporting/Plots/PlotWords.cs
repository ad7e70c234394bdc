using System.Globalization;
using MixedModels.Design;
using MixedModels.Reporting.Figures;

namespace MixedModels.Reporting.Plots;

/// <summary>Numbers and names in the texts of figures.</summary>
internal static class PlotWords
{
    /// <summary>A number with four significant digits.</summary>
    public static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A level as a percentage.</summary>
    public static string Percent(double level) => (100 * level).ToString("G4", CultureInfo.InvariantCulture) + " %";

    /// <summary>A count.</summary>
    public static string Count(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What the responses of <see cref="IInspectedFit.Responses"/> are: the response's name, of a binomial one the share of what is counted.</summary>
    public static string Response(IInspectedFit fit)
    {
        var name = fit.Design.ResponseName;
        if (fit.Generalized is not { Family.HasTrials: true }) return name;
        const string both = "cbind(";
        if (name.StartsWith(both, StringComparison.Ordinal)) name = name[both.Length..].Split(',')[0].Trim();
        return HasSingleTrials(fit) ? $"Probability of {name}" : $"Share of {name}";
    }

    /// <summary>The same within a sentence.</summary>
    public static string ResponseInSentence(IInspectedFit fit)
    {
        var label = Response(fit);
        return fit.Generalized is { Family.HasTrials: true } ? "the " + char.ToLowerInvariant(label[0]) + label[1..] : label;
    }

    /// <summary>Whether every response is yes or no.</summary>
    public static bool HasSingleTrials(IInspectedFit fit) =>
        fit.Generalized is { Family.HasTrials: true } && (fit.Design.Trials.IsEmpty || fit.Design.Trials.Span.IndexOfAnyExcept(1.0) < 0);

    /// <summary>Why a plot of probabilities does not apply; null where it does.</summary>
    public static string? NeedsTrials(IInspectedFit fit, string instead) =>
        fit.Generalized is { Family.HasTrials: true } ? null : $"the responses are no successes and failures (mixed plot {instead} is for any response).";

    /// <summary>The trials of each row.</summary>
    public static double[] Trials(IInspectedFit fit) =>
        fit.Design.Trials.IsEmpty ? [.. Enumerable.Repeat(1.0, fit.Design.Observations)] : fit.Design.Trials.ToArray();

    /// <summary>What the standardised residuals of a fit are called.</summary>
    public static string Residual(IInspectedFit fit) => fit.Generalized is null ? "standardised residual" : "quantile residual";

    /// <summary>The same at the start of a label.</summary>
    public static string ResidualLabel(IInspectedFit fit) => char.ToUpperInvariant(Residual(fit)[0]) + Residual(fit)[1..];

    /// <summary>What a caption says of quantile residuals; empty for a linear model.</summary>
    public static string ResidualCaption(IInspectedFit fit) => fit.Generalized is null
        ? ""
        : $" A quantile residual is the normal quantile of a response's probability under the model given the random effects{(fit.Generalized.Family.IsDiscrete ? ", drawn at random between those of its step" : "")}: standard normal in a right model.";

    /// <summary>A parameter's name to stand above a small panel: <c>sd[Subject].Days</c> as <c>sd Days</c>, with the group where there are several.</summary>
    public static string Parameter(IInspectedFit fit, string name)
    {
        var (open, close) = (name.IndexOf('[', StringComparison.Ordinal), name.IndexOf("].", StringComparison.Ordinal));
        if (open < 0 || close < open) return name;
        var group = name[(open + 1)..close];
        var isOnly = fit.RandomTerms.Count > 0 && fit.RandomTerms.All(term => string.Equals(term.Group, group, StringComparison.Ordinal));
        var rest = name[(close + 2)..].Replace(").", "), ", StringComparison.Ordinal);
        return isOnly ? $"{name[..open]} {rest}" : $"{name[..open]} {group} {rest}";
    }

    /// <summary>What a caption says where names of a vertical axis have no room; empty where all have.</summary>
    public static string Named(Axis axis, double height)
    {
        var named = AxisMargins.Vertical(axis, height);
        return named.Count == axis.Ticks.Count ? "" : string.Create(CultureInfo.InvariantCulture, $" One row in {named[1].Value - named[0].Value} is named.");
    }

    /// <summary>The term a plot shows: the first of the group asked for, or the first of all.</summary>
    /// <exception cref="PlotException">The model has no such group.</exception>
    public static int Term(IInspectedFit fit, string? group)
    {
        if (group is null) return 0;
        for (var t = 0; t < fit.RandomTerms.Count; t++)
        {
            if (string.Equals(fit.RandomTerms[t].Group, group, StringComparison.Ordinal)) return t;
        }

        throw new PlotException(
            $"The model has no group '{group}'; its groups are {string.Join(", ", fit.RandomTerms.Select(term => term.Group).Distinct(StringComparer.Ordinal))}.");
    }

    /// <summary>Why a plot of random effects does not apply; null where it does.</summary>
    public static string? NeedsRandomTerm(IInspectedFit fit) => fit.RandomTerms.Count == 0 ? "the model has no random effects." : null;

    /// <summary>Why a plot of what linear models with independent residuals of one variance have does not apply to another linear model; null where it does.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="what">What the plot shows, as the start of a sentence.</param>
    public static string? NeedsIndependentResiduals(IInspectedFit fit, string what)
    {
        if (fit.Linear is not { Residual: not null } linear) return null;
        string?[] written = [linear.Model.Options.Residual?.Text, linear.Model.Options.Variance?.Text, linear.Model.Options.Dispersion];
        return $"{what} not in this version for residuals of {string.Join(" and ", written.OfType<string>())}.";
    }

    /// <summary>Refuses a term whose rows belong to several levels: a level then has no rows of its own to show.</summary>
    /// <exception cref="PlotException">They do.</exception>
    public static void RequireOneLevel(RandomTermDesign term)
    {
        if (term.Memberships is not null) throw new PlotException($"Rows belong to several levels of '{term.Group}', so that a level has no rows of its own to draw. Choose another group or plot.");
    }

    /// <summary>The responses of a fit among simulated ones.</summary>
    /// <exception cref="PlotException">More replicates are asked for than are drawn.</exception>
    public static SimulatedResiduals Simulated(IInspectedFit fit, PlotOptions options, bool isConditional, CancellationToken cancellationToken)
    {
        const int Replicates = 250;
        if (options.Replicates > SimulatedResiduals.MostReplicates)
            throw new PlotException($"{Count(options.Replicates.Value)} replicates: at most {Count(SimulatedResiduals.MostReplicates)} are drawn to compare responses with.");
        return SimulatedResiduals.Of(fit, new() { Seed = options.Seed, Replicates = options.Replicates ?? Replicates, IsConditional = isConditional }, cancellationToken);
    }
}
