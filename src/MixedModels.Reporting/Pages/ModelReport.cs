using System.Globalization;
using MixedModels.Families;
using MixedModels.Persistence;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Plots;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting.Pages;

/// <summary>The whole report of a fit: the question, the data, the model, what was found, figures, and how to do it again. Immutable.</summary>
public sealed class ModelReport
{
    private readonly Page page;

    private ModelReport(Page page, IReadOnlyList<Figure> figures) => (this.page, Figures) = (page, figures);

    /// <summary>The figures in it.</summary>
    public IReadOnlyList<Figure> Figures { get; }

    /// <summary>Makes the report of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Its title and how it can be made again; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between figures.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    /// <exception cref="InferenceException">The options name visits that the fit does not have.</exception>
    public static ModelReport Of(IMixedModelFit fit, ModelReportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new();
        var inspected = fit.Inspect();
        var facts = FitFacts.Of(fit);
        Finding[] findings = [.. inspected.Diagnose(cancellationToken: cancellationToken), .. facts.Findings.Except(fit.Findings)];
        PageSection[] visits = VisitSection.Of(inspected, options.Visits) is { } section ? [section] : [];
        Figure[] ofVisits = [.. visits.SelectMany(own => own.Blocks).OfType<FigureBlock>().Select(block => block.Figure)];
        var figures = ReportFigures.Of(inspected, [.. ofVisits.Select(figure => figure.Name)], cancellationToken);
        var made = new Page(
            options.Title ?? $"{PlainNames.Of(PlotWords.Response(inspected))}: {LowerFirst(FitWords.Title(facts))}",
            [PlainNames.Of(ModelWords.Question(inspected)), .. Answer(facts, inspected.Generalized?.Family).Select(PlainNames.Of)],
            [
                new("Findings", [new FindingsBlock(findings), new ParagraphBlock(FitWords.Convergence(fit.Convergence))]),
                new("Data", [new ParagraphBlock(FitWords.Data(facts) + "."), .. Dropped(fit)]),
                new("Model", [new CodeBlock("text", inspected.Formula), new ListBlock(ModelWords.Parts(inspected)), new CodeBlock("text", string.Join('\n', fit.Explain().Algebra))]),
                new("Estimates", [.. Estimates(fit, facts)]),
                .. visits,
                new("Figures", [.. figures.Select(figure => new FigureBlock(figure))]),
                new("How to do it again", [.. Reproduction(inspected, options)]),
            ]);
        return new(made, [.. ofVisits, .. figures]);
    }

    /// <summary>The report as text.</summary>
    /// <param name="format">The format.</param>
    /// <exception cref="ArgumentOutOfRangeException">The format is none of the named ones.</exception>
    public string ToString(PageFormat format) => format switch
    {
        PageFormat.Html => HtmlPage.Write(page),
        PageFormat.Markdown => MarkdownPage.Write(page),
        PageFormat.Latex => LatexPage.Write(page),
        PageFormat.Json => new PageReport(page).ToString(ReportFormat.Json),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such page format."),
    };

    /// <summary>The report as HTML.</summary>
    public override string ToString() => ToString(PageFormat.Html);

    private static string LowerFirst(string text) => char.ToLowerInvariant(text[0]) + text[1..];

    private static IEnumerable<string> Answer(FitFacts facts, Family? family)
    {
        var strongest = facts.Coefficients
            .Where(row => row.PValue < 0.05 && !string.Equals(row.Name, "(Intercept)", StringComparison.Ordinal))
            .OrderBy(row => row.PValue)
            .Take(3)
            .Select(row => Effect(row, family))
            .ToArray();
        var others = facts.Coefficients.Any(row => row.PValue is not null && !string.Equals(row.Name, "(Intercept)", StringComparison.Ordinal));
        if (strongest.Length > 0) yield return $"Distinguishable from zero at the 5 % level: {ModelWords.List(strongest)}.";
        else if (others) yield return "No effect is distinguishable from zero at the 5 % level.";
        if (FitWords.Shares(facts) is { } shares) yield return shares + ".";
    }

    private static string Effect(Coefficient row, Family? family) => family is not null && RatioTable.Name(family) is { } ratio
        ? $"{row.Name} ({LowerFirst(ratio)} {PlotWords.Number(Math.Exp(row.Estimate))}, p {(row.PValue < 0.001 ? "< 0.001" : "= " + PlotWords.Number(row.PValue!.Value))})"
        : $"{row.Name} {PlotWords.Number(row.Estimate)} (standard error {PlotWords.Number(row.StandardError)})";

    private static IEnumerable<PageBlock> Dropped(IMixedModelFit fit)
    {
        if (fit.DroppedRows == 0) yield break;
        var missing = fit.Design.Data.Columns
            .Select(column => (column.Name, Count: Enumerable.Range(0, column.Length).Count(column.IsMissing)))
            .Where(column => column.Count > 0)
            .Select(column => string.Create(CultureInfo.InvariantCulture, $"{column.Name} {column.Count}"));
        yield return new ParagraphBlock($"Missing values by column: {string.Join(", ", missing)}. A row with one of them was left out; that is harmless if what is missing does not depend on the unseen value itself.");
    }

    private static IEnumerable<PageBlock> Estimates(IMixedModelFit fit, FitFacts facts)
    {
        if (facts.Coefficients.Count > 0)
            yield return new TableBlock($"Fixed effects{FitWords.Method(facts.Method)}", FixedEffectsTable.ForReading(facts.Coefficients, facts.Method));
        if (facts.Dispersion.Count > 0)
            yield return new TableBlock("Dispersion (logarithm of the residual standard deviation)", FixedEffectsTable.ForReading(facts.Dispersion, DegreesOfFreedom.None));
        if (fit is GeneralizedMixedModelFit { Family: var family } && RatioTable.Name(family) is { } ratio && facts.Coefficients.Any(row => !string.Equals(row.Name, "(Intercept)", StringComparison.Ordinal)))
            yield return new TableBlock($"{ratio}s: exponentials of the effects, random effects being equal", RatioTable.Create(family, facts.Coefficients));
        if (FitWords.Aliased(facts) is { } aliased) yield return new ParagraphBlock(aliased + ".");
        if (fit.Design.Fixed.TermNames.Count > 0) yield return new TableBlock($"Tests of terms, type III{FitWords.Method(facts.Method)}", TermTestsTable.ForReading(fit.TestTerms(AnovaType.III, fit is LinearMixedModelFit ? TestStatistic.F : TestStatistic.ChiSquared)));
        if (facts.RandomTerms.Count > 0 || facts.Sigma is not null)
            yield return new TableBlock(facts.RandomTerms.Count == 0 ? "Residual" : $"Variance components{(facts.Integration is null ? "" : $" on the scale of the {facts.Link} link")}", VarianceTable.Create(facts));
        if (FitWords.FamilyParameters(facts) is { } parameters) yield return new ParagraphBlock(parameters + ".");
        foreach (var words in facts.RandomTerms.Select(FitWords.Structure))
        {
            if (words is not null) yield return new ParagraphBlock(words);
        }

        foreach (var sentence in FitWords.Residual(facts)) yield return new ParagraphBlock(sentence + ".");
        yield return new TableBlock("Criteria", CriterionTable.Create(facts));
    }

    private static IEnumerable<PageBlock> Reproduction(IInspectedFit fit, ModelReportOptions options)
    {
        yield return new CodeBlock("bash", FitCommand.Of(fit, options.DataName));
        var explanation = fit.Fit.Explain();
        yield return new CodeBlock("csharp", $"var table = DataTable.ReadCsv(\"{options.DataName.Replace("\\", "\\\\", StringComparison.Ordinal)}\"{FitCommand.ReadingOptions(fit)});\nvar fit = {explanation.CSharp};");
        yield return new CodeBlock("r", explanation.R);
        yield return new CodeBlock("julia", explanation.Julia);
        yield return new ListBlock(
        [
            $"MixedModels {LibraryVersion.Text}, .NET {Environment.Version.ToString(2)}",
            "Seed of what is simulated for figures and diagnostics: 1",
            $"SHA-256 of the columns used: {fit.Design.Data.ContentHash()}",
        ]);
    }
}
