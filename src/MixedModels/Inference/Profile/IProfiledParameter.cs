namespace MixedModels.Inference.Profile;

/// <summary>The optimum of all other parameters where one is given.</summary>
/// <param name="Value">The given value.</param>
/// <param name="Deviance">The criterion there.</param>
/// <param name="State">Where the search ended, to start the next one from.</param>
/// <param name="Parameters">All parameters in the order of <see cref="ParameterList"/>.</param>
/// <param name="Converged">Whether the search ended at an optimum.</param>
internal sealed record ConstrainedOptimum(double Value, double Deviance, double[] State, double[] Parameters, bool Converged);

/// <summary>A parameter that can be held at a value while the criterion is minimised over the others.</summary>
internal interface IProfiledParameter
{
    /// <summary>The value at the optimum of the model.</summary>
    double Estimate { get; }

    /// <summary>The least value there is to look at; minus infinity where there is none.</summary>
    double LowerBound { get; }

    /// <summary>The largest value there is to look at.</summary>
    double UpperBound { get; }

    /// <summary>What <see cref="LowerBound"/> and <see cref="UpperBound"/> stand for: a range of zero, or one without end, are limits that no number reaches.</summary>
    ParameterRange Limits => new(LowerBound, UpperBound);

    /// <summary>About half a standard error: how far the first step goes.</summary>
    double FirstStep { get; }

    /// <summary>The optimum of the model in this parameter's states.</summary>
    double[] OptimalState { get; }

    /// <summary>Minimises over the other parameters.</summary>
    /// <param name="value">Where this one is held, a bound included.</param>
    /// <param name="start">A state near the optimum.</param>
    /// <param name="cancellationToken">Checked once an evaluation.</param>
    ConstrainedOptimum At(double value, double[] start, CancellationToken cancellationToken);
}
