using MixedModels.Benchmarks.Fits.Peers;
using MixedModels.Data;

namespace MixedModels.Benchmarks.Fits;

/// <summary>A model and its data, what peers it has, and how fast it is meant to be. Linear models are fitted by REML, generalized ones by Laplace's approximation.</summary>
/// <param name="Name">The word of the command line, and the case's name in peer.R where it has a peer.</param>
/// <param name="Title">What the page calls it.</param>
/// <param name="Formula">The formula; the same text means the same model in R.</param>
/// <param name="Data">Where the data come from.</param>
internal sealed record FitCase(string Name, string Title, string Formula, CaseData Data)
{
    /// <summary>The columns of a file that are factors in peer.R; an embedded data set declares its own.</summary>
    public IReadOnlyList<string> Factors { get; init; } = [];

    /// <summary>How the case is run by lme4, and by glmmTMB where the model is generalized.</summary>
    public PeerPace Lmer { get; init; } = PeerPace.Repeated;

    /// <summary>The family of a generalized model, R's name and ours; null for a linear model.</summary>
    public string? Family { get; init; }

    /// <summary>The residuals' structure, as of <c>--residual</c>; null for independent residuals.</summary>
    public string? Residual { get; init; }

    /// <summary>The same model as a call of R's nlme on the data <c>d</c>, in lmer's place; null for lmer's.</summary>
    public string? NlmeCall { get; init; }

    /// <summary>Seconds that design and fit together are meant to reach; null where no figure is set.</summary>
    public double? Reach { get; init; }

    /// <summary>Seconds that the fit alone, the design made, is meant to reach.</summary>
    public double? ReachOfFit { get; init; }

    /// <summary>The fit of validation/linear/reference.json that has the criterion; a case with one is part of the smoke run.</summary>
    public string? Reference { get; init; }

    /// <summary>The columns from which MixedModels.jl's evaluation is re-created; null where that program does not know the model.</summary>
    public CrossedColumns? Crossed { get; init; }

    /// <summary>What is timed after the fit.</summary>
    public IReadOnlyList<FollowUp> FollowUps { get; init; } = [];

    /// <summary>The columns that are factors, wherever they are declared.</summary>
    public IReadOnlyList<string> FactorColumns =>
        Data is CaseData.Example example
            ? [.. ExampleData.Find(example.Name).Columns.Where(column => column.IsFactor).Select(column => column.Name)]
            : Factors;

    /// <summary>Reads the data.</summary>
    /// <param name="path">The file; null for an embedded data set.</param>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public DataTable Read(string? path) =>
        Data is CaseData.Example example
            ? DataTable.Example(example.Name)
            : DataTable.ReadCsv(path ?? throw new ArgumentNullException(nameof(path)), new DelimitedOptions { Factors = Factors });
}
