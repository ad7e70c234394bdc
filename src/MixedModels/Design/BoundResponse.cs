namespace MixedModels.Design;

/// <summary>What a response leaves: its numbers, the trials they count successes of, and the weights that remain.</summary>
internal readonly record struct ResponseValues(ReadOnlyMemory<double> Response, ReadOnlyMemory<double> Trials, ReadOnlyMemory<double> Weights);

/// <summary>A response bound to a table.</summary>
internal abstract class BoundResponse
{
    /// <summary>The variables it is made of.</summary>
    public abstract IReadOnlyList<Variable> Variables { get; }

    /// <summary>The numbers of the complete rows.</summary>
    /// <param name="frame">The rows.</param>
    /// <param name="weights">The prior weights; empty where there are none.</param>
    /// <exception cref="Data.DataException">They are not a response of this kind.</exception>
    public abstract ResponseValues Values(ModelFrame frame, ReadOnlyMemory<double> weights);
}

/// <summary>One number a row.</summary>
internal sealed class NumericResponse(NumericVariable variable) : BoundResponse
{
    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => [variable];

    /// <inheritdoc/>
    public override ResponseValues Values(ModelFrame frame, ReadOnlyMemory<double> weights) => new(ResponseVector.Values(frame, variable), default, weights);
}
