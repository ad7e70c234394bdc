using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;

namespace MixedModels.Inference;

/// <summary>A problem with dependent or unequal residuals: V in dense blocks.</summary>
internal sealed class MarginalProblem : CriterionProblem
{
    private readonly MarginalDeviance deviance;
    private readonly ResidualData residual;
    private StandardizedData data;

    /// <summary>Sorts the rows into blocks.</summary>
    public MarginalProblem(StandardizedData data, ResidualData residual, bool reml)
    {
        (this.data, this.residual) = (data, residual);
        deviance = new(data, residual, new(data.Data.Terms.Select(term => term.Structure)), reml);
    }

    /// <inheritdoc/>
    public override StandardizedData Data => data;

    /// <inheritdoc/>
    public override IProfiledCriterion Criterion => deviance;

    /// <inheritdoc/>
    public override ResidualModel Residual => deviance.Residual;

    /// <inheritdoc/>
    public override void ReplaceResponse(StandardizedData data)
    {
        this.data = data;
        deviance.ReplaceResponse(data);
    }

    /// <inheritdoc/>
    public override IProfiledCriterion With(ThetaLayout layout) => new MarginalDeviance(data, residual, layout, deviance.Reml);

    /// <inheritdoc/>
    public override LinearOptimum Minimize(double[]? start, CancellationToken cancellationToken) =>
        MarginalOptimizer.Minimize(deviance, data, start, cancellationToken);

    /// <inheritdoc/>
    public override void Dispose()
    {
        // Nothing but memory.
    }
}
