using MixedModels.Inference.Generalized;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A fixed effect, a parameter of the family, or a standard deviation or correlation of <c>us</c> or <c>diag</c>, in coordinates in which these are held by leaving
/// one out.
/// </summary>
internal sealed class GeneralizedFreeParameter : GeneralizedHeldParameter
{
    /// <summary>A family's parameter this far from the estimate, as a factor, stands for its limits 0 and infinity.</summary>
    private const double Far = 1e7;

    private readonly LeadingEffects? effects;
    private readonly double[] weights;

    /// <summary>Puts a fit's optimum into the parameter's coordinates.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="parameter">This one.</param>
    /// <param name="phi">The optimum, in the problem's own parameters.</param>
    /// <param name="values">All parameters there.</param>
    /// <param name="standardError">The standard error of a fixed effect, or of the logarithm of a family's parameter.</param>
    public GeneralizedFreeParameter(GeneralizedProblem problem, ParameterList list, ListedParameter parameter, double[] phi, double[] values, double standardError)
        : this(problem, list, parameter, phi, values, standardError, parameter.Kind is ParameterKind.Deviation or ParameterKind.Correlation ? new(problem.Data, parameter) : null)
    {
    }

    private GeneralizedFreeParameter(
        GeneralizedProblem problem, ParameterList list, ListedParameter parameter, double[] phi, double[] values, double standardError, LeadingEffects? effects)
        : base(problem, list, parameter, effects?.Layout ?? problem.Deviance.Layout, phi, values)
    {
        this.effects = effects;
        weights = parameter.Kind == ParameterKind.Coefficient ? problem.CoefficientWeights(parameter.First) : [];
        FirstStep = parameter.Kind switch
        {
            ParameterKind.Coefficient => 0.5 * standardError,
            ParameterKind.Family => 0.5 * Estimate * Math.Min(1, standardError),
            ParameterKind.Correlation => Math.Max(Math.Min(0.5 * (1 - (Estimate * Estimate)) / Math.Sqrt(Levels), 0.25), 0.02),
            _ => 0.5 * Math.Max(Estimate, LeastDeviation / effects!.ColumnSize) / Math.Sqrt(2.0 * Levels),
        };
    }

    /// <inheritdoc/>
    public override double LowerBound => Parameter.Kind switch
    {
        ParameterKind.Coefficient => double.NegativeInfinity,
        ParameterKind.Correlation => -1,
        ParameterKind.Family => Estimate / Far,
        _ => 0,
    };

    /// <inheritdoc/>
    public override double UpperBound => Parameter.Kind switch { ParameterKind.Correlation => 1, ParameterKind.Family => Estimate * Far, _ => double.PositiveInfinity };

    /// <inheritdoc/>
    public override ParameterRange Limits => Parameter.Kind == ParameterKind.Family ? ParameterRange.Positive : new(LowerBound, UpperBound);

    /// <inheritdoc/>
    public override double FirstStep { get; }

    /// <inheritdoc/>
    protected override IDevianceSlice Hold(double[] phi, double value)
    {
        switch (Parameter.Kind)
        {
            case ParameterKind.Deviation:
                return effects!.HoldDeviation(Deviance, phi, value * effects.ColumnSize);
            case ParameterKind.Correlation:
                return effects!.HoldCorrelation(Deviance, phi, value);
            case ParameterKind.Coefficient:
                return new ImplicitSlice(Deviance, phi, Coefficient, value);
            default:
                var place = Deviance.Layout.Count + Problem.Data.Data.p + Parameter.First;
                phi[place] = Math.Log(value);
                return DevianceSlice.Without(Deviance, phi, place);
        }
    }

    /// <summary>The fixed effect as a function of phi: linear in beta*.</summary>
    private Jet Coefficient(double[] phi)
    {
        var slopes = new double[phi.Length];
        weights.CopyTo(slopes, Deviance.Layout.Count);
        return Jet.Of(Vectors.Dot(slopes, phi), slopes, []);
    }
}
