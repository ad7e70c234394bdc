using System.Globalization;
using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>
/// The random effects chosen for a model with the audit trail. JSON, schema <c>mixed/choose/1</c>: <c>formula</c>, <c>method</c>, <c>effects</c>, <c>start</c> and <c>chosen</c> (formula and
/// principal components), <c>tried</c>, <c>messages</c>. CSV is the trail, a row a model.
/// </summary>
public sealed class RandomEffectsChoiceReport : Report
{
    private readonly RandomEffectsChoice choice;

    /// <summary>Reports a choice.</summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public RandomEffectsChoiceReport(RandomEffectsChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        this.choice = choice;
    }

    private string Method => choice.Criterion == EstimationCriterion.Reml ? "REML" : "maximum likelihood";

    private IReadOnlyList<TriedModel> Tried => choice.Tried;

    private protected override void WriteText(TextWriter writer)
    {
        WrappedText.Write(writer, "Chosen: ", choice.Formula, 8);
        writer.Write("\nWhat the design lets vary between levels\n");
        TextTable.Write(writer, EffectsTable(), indent: 1);
        foreach (var effect in choice.Effects.Where(effect => !effect.IsJustified))
            WrappedText.Write(writer, " - ", Sentence(effect), 3);
        writer.Write("\nPrincipal components, before and after\n");
        TextTable.Write(writer, ComponentsTable(), indent: 1);
        writer.Write(FormattableString.Invariant($"\nModels tried ({Method})\n"));
        TextTable.Write(writer, TrailTable(), indent: 1);
        writer.Write("\nFormulas of the start and of every step taken\n");
        foreach (var line in Tried.Where(line => line.Decision is ChoiceDecision.Start or ChoiceDecision.Accepted)) WrappedText.Write(writer, FormattableString.Invariant($" {line.Number,2}: "), line.Formula, 5);
        FindingsText.Write(writer, choice.Findings);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        writer.Write($"### Chosen random effects\n\n{MarkdownTable.CodeSpan(choice.Formula)}\n\n### What the design lets vary between levels\n\n");
        MarkdownTable.Write(writer, EffectsTable());
        writer.Write('\n');
        foreach (var effect in choice.Effects.Where(effect => !effect.IsJustified)) writer.Write($"- {MarkdownTable.Escape(Sentence(effect))}\n");
        writer.Write("\n### Principal components, before and after\n\n");
        MarkdownTable.Write(writer, ComponentsTable());
        writer.Write($"\n### Models tried ({Method})\n\n");
        MarkdownTable.Write(writer, TrailTable());
        writer.Write('\n');
        foreach (var line in Tried) writer.Write(FormattableString.Invariant($"{line.Number}. {MarkdownTable.CodeSpan(line.Formula)}\n"));
        FindingsText.WriteMarkdown(writer, choice.Findings);
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, new(
    [
        Column("number", line => line.Number),
        Column("round", line => line.Round),
        Column("comparedWith", line => line.ComparedWith),
        new TextColumn("step", [.. Tried.Select(line => line.Step)]),
        new TextColumn("formula", [.. Tried.Select(line => line.Formula)]),
        Column("parameters", line => line.ParameterCount),
        Column("logLik", line => line.LogLikelihood),
        Column("aic", line => line.Aic),
        Column("bic", line => line.Bic),
        Column("chisq", line => line.ChiSquare),
        Column("df", line => line.DegreesOfFreedom),
        Column("p", line => line.PValue),
        Column("pMixture", line => line.MixturePValue),
        new TextColumn("singular", [.. Tried.Select(line => line.IsSingular ? "true" : "false")]),
        new TextColumn("verdict", [.. Tried.Select(line => Name(line.Verdict))]),
        Column("evaluations", line => line.Evaluations),
        new TextColumn("decision", [.. Tried.Select(line => Name(line.Decision))]),
    ]));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("schema", "mixed/choose/1");
        json.WriteString("formula", choice.Formula);
        json.WriteString("method", choice.Criterion == EstimationCriterion.Reml ? "REML" : "ML");
        json.WriteStartArray("effects");
        foreach (var effect in choice.Effects)
        {
            json.WriteStartObject();
            json.WriteString("group", effect.Group);
            json.WriteString("effect", effect.Effect);
            json.WriteBoolean("justified", effect.IsJustified);
            json.WriteReal("varyingLevels", effect.VaryingLevels);
            json.WriteNumber("levels", effect.Levels);
            json.WriteString("reason", effect.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteModel(json, "start", Tried[0].Formula, choice.StartComponents);
        WriteModel(json, "chosen", choice.Formula, choice.Components);
        json.WriteStartArray("tried");
        foreach (var line in Tried) WriteTried(json, line);
        json.WriteEndArray();
        json.WriteStrings("messages", choice.Findings.Select(finding => finding.What));
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, string name, string formula, IReadOnlyList<RandomTermComponents> components)
    {
        json.WriteStartObject(name);
        json.WriteString("formula", formula);
        json.WriteStartArray("components");
        foreach (var term in components)
        {
            json.WriteStartObject();
            json.WriteString("group", term.Group);
            json.WriteStrings("names", term.ColumnNames);
            json.WriteNumber("rank", term.Rank);
            json.WriteNumbers("sd", term.StandardDeviations);
            json.WriteNumbers("share", term.Shares);
            json.WriteMatrix("loadings", term.Loadings);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTried(Utf8JsonWriter json, TriedModel line)
    {
        json.WriteStartObject();
        json.WriteNumber("number", line.Number);
        json.WriteNumber("round", line.Round);
        json.WriteReal("comparedWith", line.ComparedWith);
        json.WriteString("step", line.Step);
        json.WriteString("formula", line.Formula);
        json.WriteNumber("parameters", line.ParameterCount);
        json.WriteReal("logLik", line.LogLikelihood);
        json.WriteReal("aic", line.Aic);
        json.WriteReal("bic", line.Bic);
        json.WriteReal("chisq", line.ChiSquare);
        json.WriteReal("df", line.DegreesOfFreedom);
        json.WriteReal("p", line.PValue);
        json.WriteReal("pMixture", line.MixturePValue);
        json.WriteBoolean("singular", line.IsSingular);
        json.WriteString("verdict", Name(line.Verdict));
        json.WriteNumber("evaluations", line.Evaluations);
        json.WriteString("decision", Name(line.Decision));
        json.WriteEndObject();
    }

    private static string Sentence(JustifiedEffect effect) => $"{effect.Effect} of {effect.Group}: {effect.Reason}.";

    private static string Name(ConvergenceVerdict verdict) => verdict switch
    {
        ConvergenceVerdict.Converged => "converged",
        ConvergenceVerdict.Boundary => "boundary",
        ConvergenceVerdict.NotIdentified => "not-identified",
        _ => "not-converged",
    };

    private static string Name(ChoiceDecision decision) => decision switch
    {
        ChoiceDecision.Start => "start",
        ChoiceDecision.Accepted => "accepted",
        ChoiceDecision.Outdone => "outdone",
        ChoiceDecision.Failed => "failed",
        _ => "rejected",
    };

    private ResultTable EffectsTable() => new(
    [
        new TextColumn("Group", [.. choice.Effects.Select(effect => effect.Group)]),
        new TextColumn("Effect", [.. choice.Effects.Select(effect => effect.Effect)]),
        new TextColumn("In the maximal model", [.. choice.Effects.Select(effect => effect.IsJustified ? "yes" : "no")]),
        new TextColumn("Varies within", [.. choice.Effects.Select(effect => effect.VaryingLevels is { } varying ? FormattableString.Invariant($"{varying} of {effect.Levels}") : "")]),
    ]);

    private ResultTable ComponentsTable()
    {
        (string When, RandomTermComponents Term)[] rows =
        [
            .. choice.StartComponents.Select(term => ("start", term)),
            .. choice.Components.Select(term => ("chosen", term)),
        ];
        return new(
        [
            new TextColumn("Model", [.. rows.Select(row => row.When)]),
            new TextColumn("Group", [.. rows.Select(row => row.Term.Group)]),
            new NumberColumn("effects", [.. rows.Select(row => (double?)row.Term.ColumnNames.Count)], new DecimalsLayout(0)),
            new NumberColumn("with variance", [.. rows.Select(row => (double?)row.Term.Rank)], new DecimalsLayout(0)),
            new TextColumn("Share of the variance, %", [.. rows.Select(row => string.Join("  ", row.Term.Shares.Select(share => (100 * share).ToString("0.0", CultureInfo.InvariantCulture))))]),
        ]);
    }

    private ResultTable TrailTable()
    {
        var columns = new List<ResultColumn>
        {
            new TextColumn("No.", [.. Tried.Select(line => line.Number.ToString(CultureInfo.InvariantCulture))]),
            new TextColumn("Step", [.. Tried.Select(line => line.ComparedWith is { } other ? FormattableString.Invariant($"{other}, {line.Step}") : line.Step)]),
            Column("par.", line => line.ParameterCount, new DecimalsLayout(0)),
            Column("logLik", line => line.LogLikelihood, new DecimalsLayout(2)),
            Column("AIC", line => line.Aic, new DecimalsLayout(2)),
            Column("Chi-square", line => line.ChiSquare, new DecimalsLayout(3)),
            Column("df", line => line.DegreesOfFreedom, new DecimalsLayout(0)),
            Column("p", line => line.PValue, new ProbabilityLayout()),
        };
        if (Tried.Any(line => line.MixturePValue is not null)) columns.Add(Column("p (mixture)", line => line.MixturePValue, new ProbabilityLayout()));
        columns.Add(new TextColumn("Decision", [.. Tried.Select(line => Name(line.Decision) + (line.IsSingular ? ", singular" : ""))]));
        return new(columns, keyColumns: 2);
    }

    private NumberColumn Column(string header, Func<TriedModel, double?> value, NumberLayout? layout = null) => new(header, [.. Tried.Select(value)], layout ?? new SignificantLayout());
}
