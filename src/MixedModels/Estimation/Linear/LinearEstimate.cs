using MixedModels.Covariance;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// Everything a fitted linear mixed model says in numbers, back in the user's units, read off one evaluation at the optimum.
/// Immutable; conditional modes and covariances are computed when first asked for.
/// </summary>
internal sealed class LinearEstimate
{
    private readonly StandardizedData data;
    private readonly ProfiledDeviance deviance;
    private readonly Lock gate = new();
    private readonly Lazy<double[][]> modes;
    private readonly UserUnits units;

    /// <summary>Evaluates the deviance at theta and keeps what it leaves.</summary>
    public LinearEstimate(StandardizedData data, ProfiledDeviance deviance, double[] theta)
    {
        (this.data, this.deviance) = (data, deviance);
        Deviance = deviance.Value(theta);
        Sigma = data.Scale * Math.Sqrt(deviance.r2 / deviance.nu);
        units = new(data);
        (Coefficients, CoefficientCovariance) = FixedEffects();
        var T = deviance.Layout.Factors(theta);
        Relative = [.. T.Select((factor, t) => units.Covariance(t, RelativeCovariance.Of(deviance.Layout.Structure(t), deviance.Layout.Slice(theta, t))))];
        StructureParameters = [.. T.Select((_, t) => (IReadOnlyList<NamedParameter>)
            [.. deviance.Layout.Structure(t).NaturalParameters(deviance.Layout.Slice(theta, t)).Select(parameter => new NamedParameter(parameter.Name, parameter.Value))])];
        modes = new(() => AtOptimum((_, _) => T.Select((factor, t) => ConditionalModes(factor, t)).ToArray()));
    }

    /// <summary>−2 log-likelihood, or the REML criterion.</summary>
    public double Deviance { get; }

    /// <summary>The residual standard deviation of a row of weight 1.</summary>
    public double Sigma { get; }

    /// <summary>p fixed effects.</summary>
    public double[] Coefficients { get; }

    /// <summary>p×p covariance of the fixed effects.</summary>
    public double[] CoefficientCovariance { get; }

    /// <summary>A term: its covariance relative to sigma² (p_t×p_t).</summary>
    public double[][] Relative { get; }

    /// <summary>A term: what its structure has beside standard deviations and free correlations.</summary>
    public IReadOnlyList<NamedParameter>[] StructureParameters { get; }

    /// <summary>The covariance of a term's effects (p_t×p_t).</summary>
    public double[] Covariance(int term)
    {
        var covariance = (double[])Relative[term].Clone();
        Vectors.Scale(Sigma * Sigma, covariance);
        return covariance;
    }

    /// <summary>A term: the conditional modes, effect i of level l at i + l·p_t.</summary>
    public double[][] Modes => modes.Value;

    /// <summary>Reads something off the deviance at the optimum, one reader at a time; whoever evaluates it elsewhere comes back.</summary>
    public TResult AtOptimum<TResult>(Func<StandardizedData, ProfiledDeviance, TResult> read)
    {
        lock (gate) return read(data, deviance);
    }

    /// <summary>The conditional covariances of a term's levels given the parameters, p_t×p_t a level.</summary>
    /// <remarks>sigma² L M⁻¹L' (Bates, Mächler, Bolker and Walker 2015, section 5.2).</remarks>
    public double[] ConditionalCovariances(int term)
    {
        var (p, levels) = (data.Data.Terms[term].Dimension, data.Data.Terms[term].LevelCount);
        var result = new double[levels * p * p];
        lock (gate)
        {
            deviance.System.PrepareDerivatives();
            var block = new double[p * p];
            for (var l = 0; l < levels; l++)
            {
                deviance.System.ConditionalCovariance(term, l, block);
                var back = units.Covariance(term, block);
                Vectors.Scale(Sigma * Sigma, back);
                back.CopyTo(result, l * p * p);
            }
        }

        return result;
    }

    /// <summary>beta = R⁻¹(Projection + Scale·beta*), its covariance sigma² R⁻¹(Q'V0⁻¹Q)⁻¹R⁻ᵀ.</summary>
    private (double[] Coefficients, double[] Covariance) FixedEffects()
    {
        var p = data.Data.p;
        var beta = UserUnits.Coefficients(data, deviance.beta);

        // Rows of RX⁻¹R⁻ᵀ: the covariance is the product of its transpose with itself.
        var root = new double[p * p];
        for (var j = 0; j < p; j++) root[j + (j * p)] = 1;
        for (var j = 0; j < p; j++) UserUnits.SolveUpper(data.R, p, root.AsSpan(j * p, p));
        var transposed = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) transposed[j + (i * p)] = root[i + (j * p)];
        }

        if (p > 0) TriangularSolve.Lower(deviance.RX, p, p, transposed, p, p);
        var covariance = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
                covariance[i + (j * p)] = Sigma * Sigma * Vectors.Dot(transposed.AsSpan(i * p, p), transposed.AsSpan(j * p, p));
        }

        return (beta, covariance);
    }

    /// <summary>b_l = Scale·K⁻¹T T'w_l: no system is solved.</summary>
    private double[] ConditionalModes(double[] T, int term)
    {
        var (p, levels) = (data.Data.Terms[term].Dimension, data.Data.Terms[term].LevelCount);
        var result = new double[levels * p];
        var w = deviance.w.Slice(deviance.System.Offset(term), levels * p);
        var G = new double[p * p];
        Product.Add(data.Scale, T, p, false, T, p, true, G, p, p, p, p);
        var image = new double[p * p];
        Product.Add(1, units.InverseK(term), p, false, G, p, false, image, p, p, p, p);
        for (var first = 0; first < result.Length; first += p)
        {
            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < p; i++) result[first + i] += image[i + (j * p)] * w[first + j];
            }
        }

        return result;
    }
}
