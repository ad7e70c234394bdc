using System.CommandLine;
using MixedModels.Cli.Options;
using MixedModels.Reporting;

namespace MixedModels.Cli.Verbs;

/// <summary><c>mixed vcov MODEL</c>: the covariance of the fixed effects, or of the responses or residuals of one subject.</summary>
internal sealed class VcovVerb : SavedFitVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "vcov";

    /// <summary>What it does.</summary>
    public const string Summary = "covariance matrix of the fixed effects, or of one subject's responses, of a saved fit";

    private readonly DfOption df;
    private readonly VcovOption vcov;
    private readonly Option<string> of;
    private readonly ChoiceOption part;
    private readonly Option<bool> correlation;

    /// <summary>Creates the verb with its options.</summary>
    public VcovVerb()
        : base(Name, Summary)
    {
        df = new DfOption(this, "the covariance its errors come from: kenward-roger adjusts it; default: the model's");
        vcov = new VcovOption(this);
        of = Add(CommandOption.Value("--of", "GROUP=LEVEL", "instead: the covariance of the rows of one level of a group or subject, such as Subject=308"));
        part = new ChoiceOption(this, "--part", "PART", "with --of: V, random effects and residuals together (default), or R, residuals alone", ["V", "R"]);
        correlation = Add(CommandOption.Flag("--correlation", "with --of: correlations"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples => [.. base.Examples, "mixed vcov sleep.fit --of Subject=308 --part V --correlation"];

    /// <inheritdoc/>
    protected override void ThrowIfWrong(ParsedLine line)
    {
        var chosen = part.Read(line);
        if (line.Value(of) is not { } text)
        {
            if (chosen is not null || line.Has(correlation)) throw new CommandLineException("--part and --correlation belong to the covariance of one subject; name it, such as --of Subject=308.");
            return;
        }

        if (text.IndexOf('=', StringComparison.Ordinal) <= 0) throw new CommandLineException($"--of {text}: a group and one of its levels are wanted, such as Subject=308.");
        if (df.Read(line) is not null || vcov.Read(line) is not null) throw new CommandLineException("--df and --vcov are of the fixed effects; leave them out of --of.");
    }

    /// <inheritdoc/>
    protected override Report Report(IMixedModelFit fit, ParsedLine line)
    {
        if (line.Value(of) is not { } text) return new CovarianceReport(fit, df.Read(line), vcov.Read(line));
        var (group, level) = (text[..text.IndexOf('=', StringComparison.Ordinal)], text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var linear = RequireLinear(fit);
        return new CovarianceReport(part.Read(line) == "R" ? linear.ResidualCovariance(group, level) : linear.MarginalCovariance(group, level), line.Has(correlation));
    }
}
