using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>Everything a fitted generalized model says in numbers, in the user's units, read off the deviance at its optimum. Immutable.</summary>
internal sealed class GeneralizedEstimate
{
    private readonly LaplaceDeviance deviance;
    private readonly Lock gate = new();
    private readonly StandardizedData standardized;
    private readonly UserUnits units;

    /// <summary>Reads what a deviance leaves at an optimum, which is evaluated here.</summary>
    public GeneralizedEstimate(StandardizedData data, LaplaceDeviance deviance, GeneralizedOptimum optimum)
    {
        (this.deviance, standardized, Optimum) = (deviance, data, optimum);
        units = new(data);
        deviance.Value(optimum.Phi);
        var (n, p) = (data.Data.n, data.Data.p);
        Coefficients = deviance.Beta(optimum.Phi).ToArray();
        Vectors.Scale(Math.Sqrt(n), Coefficients);
        UserUnits.SolveUpper(data.R, p, Coefficients);
        Covariance = new(data, deviance.Layout.Count, StandardCovariance(optimum, deviance));
        Covariances = [.. Enumerable.Range(0, deviance.Layout.TermCount).Select(t =>
            units.Covariance(t, RelativeCovariance.Of(deviance.Layout.Structure(t), deviance.Layout.Slice(deviance.Theta(optimum.Phi), t))))];
        StructureParameters = [.. Enumerable.Range(0, deviance.Layout.TermCount).Select(t => (IReadOnlyList<NamedParameter>)
            [.. deviance.Layout.Structure(t).NaturalParameters(deviance.Layout.Slice(deviance.Theta(optimum.Phi), t)).Select(parameter => new NamedParameter(parameter.Name, parameter.Value))])];
        CovarianceDerivatives = [.. Enumerable.Range(0, deviance.Layout.Count).Select(CovarianceDerivative)];
        FamilyParameters = deviance.Psi(optimum.Phi).ToArray();
        Predictors = (double[])deviance.Mode.Eta.Clone();
        Modes = [.. Enumerable.Range(0, deviance.Layout.TermCount).Select(ModesOf)];
    }

    /// <summary>The optimum.</summary>
    public GeneralizedOptimum Optimum { get; }

    /// <summary>p fixed effects.</summary>
    public double[] Coefficients { get; }

    /// <summary>A term: what its structure has beyond standard deviations and free correlations.</summary>
    public IReadOnlyList<NamedParameter>[] StructureParameters { get; }

    /// <summary>Whether the fixed effects are among the parameters of the deviance, and not at the joint mode.</summary>
    public bool HasOuterEffects => deviance.Place == FixedEffectsPlace.Outer;

    /// <summary>The covariance of all parameters: 2H⁻¹, directions without curvature with a huge variance.</summary>
    public GeneralizedCovariance Covariance { get; }

    /// <summary>A term: its covariance on the predictor's scale (p_t×p_t).</summary>
    public double[][] Covariances { get; }

    /// <summary>A covariance parameter theta: its term and the derivative of that term's covariance in it (p_t×p_t); zero on the boundary.</summary>
    public IReadOnlyList<(int Term, double[] Derivative)> CovarianceDerivatives { get; }

    /// <summary>The family's parameters psi.</summary>
    public double[] FamilyParameters { get; }

    /// <summary>n linear predictors at the modes.</summary>
    public double[] Predictors { get; }

    /// <summary>A term: the conditional modes, effect i of level l at i + l·p_t.</summary>
    public double[][] Modes { get; }

    /// <summary>The number of theta, beta and psi together, whether beta is one of the deviance's parameters or not.</summary>
    public int AllParameters => deviance.Dimension + (deviance.Mode.Inner?.Beta.Length ?? 0);

    /// <summary>Reads something off the deviance at the optimum, one reader at a time.</summary>
    public TResult AtOptimum<TResult>(Func<StandardizedData, LaplaceDeviance, TResult> read)
    {
        lock (gate) return read(standardized, deviance);
    }

    /// <summary>The conditional covariances of a term's levels, p_t×p_t a level, in the user's units: given the parameters L M⁻¹L'; with their uncertainty J Cov J' more, J the modes' derivatives in them.</summary>
    public double[] ConditionalCovariances(int term, bool withParameters = false)
    {
        var (p, levels) = (deviance.System.Terms[term].Dimension, deviance.System.Terms[term].LevelCount);
        var result = new double[levels * p * p];
        lock (gate)
        {
            var moved = withParameters ? ModeMovement.OfAll(deviance, Optimum) : [];
            deviance.System.PrepareDerivatives();
            var block = new double[p * p];
            for (var l = 0; l < levels; l++)
            {
                deviance.System.ConditionalCovariance(term, l, block);
                if (withParameters) ModeMovement.AddCovariance(moved, deviance.Predictor.q, deviance.Predictor.Offsets[term] + (l * p), Covariance.Standardized, p, block);
                units.Covariance(term, block).CopyTo(result, l * p * p);
            }
        }

        return result;
    }

    /// <summary>2H⁻¹ in standardised parameters (theta, beta, psi), directions without curvature with a huge variance.</summary>
    private static double[] StandardCovariance(GeneralizedOptimum optimum, LaplaceDeviance deviance)
    {
        var covariance = FlooredInverse.Of(optimum.Hessian, deviance.Dimension);
        Vectors.Scale(2, covariance);
        return deviance.Mode.Inner is null ? covariance : new LaplaceDerivatives(deviance, optimum.Phi).InnerCovariance(covariance);
    }

    /// <summary>dG_t in a covariance parameter, on the predictor's scale.</summary>
    private (int Term, double[] Derivative) CovarianceDerivative(int parameter)
    {
        var layout = deviance.Layout;
        var term = layout.TermOf(parameter);
        var structure = layout.Structure(term);
        var dG = new double[structure.Dimension * structure.Dimension];
        structure.Derivative(parameter - layout.Start(term), layout.Slice(deviance.Theta(Optimum.Phi), term), dG);
        return (term, units.Covariance(term, dG));
    }

    /// <summary>b_l = K⁻¹T u_l.</summary>
    private double[] ModesOf(int term)
    {
        var structure = deviance.Layout.Structure(term);
        var (p, levels) = (structure.Dimension, deviance.System.Terms[term].LevelCount);
        var T = new double[p * p];
        structure.Factor(deviance.Layout.Slice(deviance.Theta(Optimum.Phi), term), T);
        var image = new double[p * p];
        Product.Add(1, units.InverseK(term), p, false, T, p, false, image, p, p, p, p);
        var modes = new double[levels * p];
        Product.Add(1, image, p, false, deviance.Mode.u.AsSpan(deviance.Predictor.Offsets[term], levels * p), p, false, modes, p, p, levels, p);
        return modes;
    }
}
