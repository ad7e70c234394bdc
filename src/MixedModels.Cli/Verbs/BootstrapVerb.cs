using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed bootstrap MODEL --replicates N --seed S</c>: refits to responses drawn from a saved fit.</summary>
internal sealed class BootstrapVerb : Verb
{
    /// <summary>The verb.</summary>
    public const string Name = "bootstrap";

    /// <summary>What it does.</summary>
    public const string Summary = "parameters of refits to responses drawn from a saved fit";

    private readonly BootstrapRunOptions run;
    private readonly OutputOptions output;

    /// <summary>Creates the verb with its options.</summary>
    public BootstrapVerb()
        : base(Name, Summary, ("MODEL", "a file written by 'mixed fit … --save FILE'"))
    {
        run = new BootstrapRunOptions(this);
        output = new OutputOptions(this);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "mixed bootstrap sleep.fit --replicates 1000 --seed 1",
        "mixed bootstrap sleep.fit --replicates 10000 --seed 1 --save draws.boot --output csv --out draws.csv",
        "mixed bootstrap sleep.fit --replicates 20000 --seed 1 --resume draws.boot --output json",
    ];

    /// <inheritdoc/>
    protected override int Execute(ParsedLine line, VerbContext context)
    {
        output.ThrowIfWrong(line);
        run.ThrowIfWrong(line);
        var fit = context.Library.LoadAny(line.Argument(0));
        if (run.Run(fit, line, output.IsQuiet(line), context) is not { } bootstrap) return ExitCode.Cancelled;
        output.Write(new BootstrapReport(bootstrap), line, context);
        return ExitCode.Success;
    }
}
