using MixedModels.Cli.Options;
using MixedModels.Data;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed examples</c>: lists the data sets that come with the library.</summary>
internal sealed class ExamplesVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "examples";

    /// <summary>What it does.</summary>
    public const string Summary = "list the data sets that come with it, each with a command that fits it";

    private readonly OutputOptions output;

    /// <summary>Creates the verb with its options.</summary>
    public ExamplesVerb()
        : base(Name, Summary) => output = new OutputOptions(this);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => ["mixed examples", "mixed examples --output json"];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        output.Write(new ExamplesReport(ExampleData.All), line, context);
        return ExitCode.Success;
    }
}
