using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// First and second derivatives in theta of r² = y'P0y at the last evaluation of a deviance. The profiled deviance has them mixed with
/// those of the determinant in a fixed proportion; where sigma is a parameter of its own they are needed by themselves.
/// </summary>
/// <remarks>dr²/dk = −w'E_kw; d²r²/dkdl = 2(E_kw)'BP(E_lw) − Σ_t &lt;Σ_l w_lw_l', d²G_kl&gt; (docs/linear-mixed-models.md, section 4).</remarks>
internal static class ResidualCurvature
{
    /// <summary>The gradient (k) and the Hessian (k×k).</summary>
    public static (double[] Gradient, double[] Hessian) Of(ProfiledDeviance deviance, ReadOnlySpan<double> theta)
    {
        var (system, layout) = (deviance.System, deviance.Layout);
        var (q, count, p) = (system.q, layout.Count, deviance.beta.Length);
        system.PrepareDerivatives();
        var Ew = new double[q * count];
        var gradient = new double[count];
        for (var t = 0; t < layout.TermCount; t++) Apply(deviance, theta, t, Ew, gradient);
        var hessian = new double[count * count];
        system.FormOfB(Ew, layout.TermOfParameters(), hessian);
        Vectors.Scale(2, hessian);
        if (p > 0)
        {
            var YEw = new double[p * count];
            Product.Add(1, system.VC[..(q * p)], q, true, Ew, q, false, YEw, p, p, count, q);
            TriangularSolve.Lower(deviance.RX, p, p, YEw, count, p);
            Product.Add(-2, YEw, p, true, YEw, p, false, hessian, count, count, count, p);
        }

        for (var t = 0; t < layout.TermCount; t++) SubtractSecondDerivatives(deviance, theta, t, hessian);
        return (gradient, hessian);
    }

    /// <summary>E_kw and −w'E_kw for the parameters of a term.</summary>
    private static void Apply(ProfiledDeviance deviance, ReadOnlySpan<double> theta, int t, double[] Ew, double[] gradient)
    {
        var (system, layout) = (deviance.System, deviance.Layout);
        var (p, levels, first, q) = (system.Terms[t].Dimension, system.Terms[t].LevelCount, system.Offset(t), system.q);
        var dG = new double[p * p];
        var w = deviance.w;
        for (var k = layout.Start(t); k < layout.Start(t + 1); k++)
        {
            layout.Structure(t).Derivative(k - layout.Start(t), layout.Slice(theta, t), dG);
            var target = Ew.AsSpan((k * q) + first, levels * p);
            Product.Add(1, dG, p, false, w[first..], p, false, target, p, p, levels, p);
            gradient[k] = -Vectors.Dot(target, w.Slice(first, levels * p));
        }
    }

    private static void SubtractSecondDerivatives(ProfiledDeviance deviance, ReadOnlySpan<double> theta, int t, double[] hessian)
    {
        var (system, layout) = (deviance.System, deviance.Layout);
        var (p, levels) = (system.Terms[t].Dimension, system.Terms[t].LevelCount);
        var W = new double[p * p];
        var w = deviance.w.Slice(system.Offset(t), levels * p);
        Product.Add(1, w, p, false, w, p, true, W, p, p, p, levels);
        for (var k = layout.Start(t); k < layout.Start(t + 1); k++)
        {
            for (var l = layout.Start(t); l < layout.Start(t + 1); l++)
                hessian[k + (l * layout.Count)] -= layout.Structure(t).SecondDerivative(k - layout.Start(t), l - layout.Start(t), layout.Slice(theta, t), W);
        }
    }
}
