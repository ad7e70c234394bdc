using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Families;

namespace MixedModels.Benchmarks.Fits;

/// <summary>The model of a case, of either kind.</summary>
internal sealed class CaseModel
{
    private readonly LinearMixedModel? linear;
    private readonly GeneralizedMixedModel? generalized;

    /// <summary>The model.</summary>
    /// <exception cref="InvalidOperationException">The family is not one of ours.</exception>
    public CaseModel(FitCase entry)
    {
        if (entry.Family is { } name)
            generalized = new(entry.Formula, FamilyCatalogue.Create(name) ?? throw new InvalidOperationException($"There is no family '{name}'."));
        else
            linear = new(entry.Formula, new LinearMixedModelOptions { Residual = entry.Residual is { } text ? Residual.Parse(text) : null });
    }

    /// <summary>The design of some data.</summary>
    public ModelDesign Prepare(DataTable table) => linear?.Prepare(table) ?? generalized!.Prepare(table);

    /// <summary>The fit to a design.</summary>
    public IMixedModelFit Fit(ModelDesign design) => linear is null ? generalized!.Fit(design) : linear.Fit(design);

    /// <summary>What follow-ups ask; they are of linear models.</summary>
    public FittedCase Fitted(DataTable table, IMixedModelFit fit) =>
        linear is not null && fit is LinearMixedModelFit own ? new(linear, table, own) : throw new NotSupportedException("What follows a generalized fit is not timed.");
}
