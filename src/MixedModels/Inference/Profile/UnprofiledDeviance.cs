using MixedModels.Estimation.Linear;
using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>
/// The deviance (or REML criterion) with sigma a parameter beside the covariances, in absolute coordinates: Phi = (Lambda, phi, s) with
/// Lambda_k = s^d_k·theta_k, s the engine's sigma in standardised units, d_k the degree of theta_k (1 for entries of a factor, 0 for
/// what makes correlations). In these a standard deviation is a coordinate, or its square, and an optimum at zero an ordinary minimum.
/// </summary>
/// <remarks>
/// D(psi, s) = d(psi) − nu(1 + log(2π r²/nu)) + r²/s² + nu log(2π s²), d the profiled deviance. It is even in s, and has a limit at 0 where random effects can
/// be the whole covariance; below a floor s is the floor, and derivatives are those of the parabola through it. Without a residual V = Z Lambda Lambda'Z' does not depend on s,
/// which stays where it is.
/// </remarks>
internal sealed class UnprofiledDeviance : ISmoothObjective
{
    private readonly IProfiledCriterion criterion;
    private readonly double[] degrees;
    private readonly double floor;
    private readonly bool hasResidual;

    /// <summary>Takes a criterion.</summary>
    /// <param name="criterion">The criterion.</param>
    /// <param name="floor">The least s that is evaluated.</param>
    /// <param name="hasResidual">Whether rows have a residual variance.</param>
    public UnprofiledDeviance(IProfiledCriterion criterion, double floor = 0, bool hasResidual = true)
    {
        (this.criterion, this.floor, this.hasResidual) = (criterion, floor, hasResidual);
        degrees = new double[criterion.Dimension];
        var layout = criterion.Layout;
        for (var t = 0; t < layout.TermCount; t++)
        {
            for (var k = layout.Start(t); k < layout.Start(t + 1); k++) degrees[k] = layout.Structure(t).ScaleDegree(k - layout.Start(t));
        }
    }

    /// <inheritdoc/>
    public int Dimension => criterion.Dimension + 1;

    /// <summary>The profiled deviance behind it.</summary>
    public IProfiledCriterion Profiled => criterion;

    /// <summary>The coordinates of relative parameters and a residual standard deviation.</summary>
    public double[] Coordinates(ReadOnlySpan<double> psi, double s)
    {
        var Phi = new double[psi.Length + 1];
        for (var k = 0; k < psi.Length; k++) Phi[k] = Power(degrees[k], s) * psi[k];
        Phi[^1] = s;
        return Phi;
    }

    /// <summary>sigma, standardised, positive.</summary>
    public double Sigma(ReadOnlySpan<double> Phi) => Math.Max(Math.Abs(Phi[^1]), floor);

    /// <summary>psi_k = s^−d_k Lambda_k.</summary>
    public double[] Relative(ReadOnlySpan<double> Phi)
    {
        var psi = new double[Phi.Length - 1];
        var inverse = 1 / Sigma(Phi);
        for (var k = 0; k < psi.Length; k++) psi[k] = Power(degrees[k], inverse) * Phi[k];
        return psi;
    }

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> Phi)
    {
        var psi = Relative(Phi);
        var d = criterion.ValueAtCovariances(psi);
        if (!double.IsFinite(d)) return new(Phi.ToArray(), double.NaN, [], []);
        var (nu, r2) = ((double)criterion.nu, criterion.r2);
        var s = Sigma(Phi);
        var kappa = 1 / (s * s);
        var value = d - (nu * (1 + Math.Log(r2 / nu))) + (kappa * r2) + (2 * nu * Math.Log(s));
        var held = criterion.HoldSigma(psi, kappa);
        var (gradient, hessian) = ChangeOfCoordinates(psi, s, held, (-2 * kappa * r2) + (2 * nu), 4 * kappa * r2, kappa);
        FromLogarithm(gradient, hessian, s);
        if (!hasResidual) return WithoutSigma(Phi, value, gradient, hessian);
        return Math.Abs(Phi[^1]) >= s ? Signed(Phi, value, gradient, hessian) : BelowFloor(Phi, value, gradient, hessian, s);
    }

    /// <summary>Without the slopes along s, which are rounding, and with a curvature there in their place, so that no step moves it.</summary>
    private static SmoothPoint WithoutSigma(ReadOnlySpan<double> Phi, double value, double[] gradient, double[] hessian)
    {
        var m = gradient.Length;
        gradient[^1] = 0;
        for (var k = 0; k < m; k++) hessian[k + ((m - 1) * m)] = hessian[m - 1 + (k * m)] = 0;
        hessian[^1] = 1;
        return new(Phi.ToArray(), value, gradient, hessian);
    }

    /// <summary>From derivatives in log s to those in s.</summary>
    private static void FromLogarithm(double[] gradient, double[] hessian, double s)
    {
        var m = gradient.Length;
        hessian[^1] = (hessian[^1] - gradient[^1]) / (s * s);
        gradient[^1] /= s;
        for (var k = 0; k < m - 1; k++) hessian[k + ((m - 1) * m)] = hessian[m - 1 + (k * m)] = hessian[k + ((m - 1) * m)] / s;
    }

    /// <summary>The same at −s.</summary>
    private static SmoothPoint Signed(ReadOnlySpan<double> Phi, double value, double[] gradient, double[] hessian)
    {
        var m = gradient.Length;
        if (Phi[^1] < 0)
        {
            gradient[^1] = -gradient[^1];
            for (var k = 0; k < m - 1; k++) hessian[k + ((m - 1) * m)] = hessian[m - 1 + (k * m)] = -hessian[k + ((m - 1) * m)];
        }

        return new(Phi.ToArray(), value, gradient, hessian);
    }

    /// <summary>The even parabola with the value and slope at the floor: D + c(s² − floor²)/2, c = D'/floor.</summary>
    private static SmoothPoint BelowFloor(ReadOnlySpan<double> Phi, double value, double[] gradient, double[] hessian, double floor)
    {
        var (m, s, c) = (gradient.Length, Phi[^1], gradient[^1] / floor);
        var rise = 0.5 * ((s * s) - (floor * floor));
        for (var k = 0; k < m - 1; k++)
        {
            var slope = hessian[k + ((m - 1) * m)] / floor;
            gradient[k] += rise * slope;
            hessian[k + ((m - 1) * m)] = hessian[m - 1 + (k * m)] = slope * s;
        }

        gradient[^1] = c * s;
        hessian[^1] = c;
        return new(Phi.ToArray(), value + (c * rise), gradient, hessian);
    }

    /// <summary>The chain rule for psi_k = Lambda_k·exp(−d_k tau), tau = log s.</summary>
    private (double[] Gradient, double[] Hessian) ChangeOfCoordinates(
        double[] psi, double s, HeldSigmaDerivatives held, double dTau, double dTauTau, double kappa)
    {
        var k = psi.Length;
        var (g, H) = (held.Gradient, held.Hessian);
        double[] inverse = [.. degrees.Select(degree => Power(degree, 1 / s))];
        var gradient = new double[k + 1];
        var hessian = new double[(k + 1) * (k + 1)];
        gradient[k] = dTau;
        hessian[^1] = dTauTau;
        for (var i = 0; i < k; i++)
        {
            // dpsi_i/dtau = −d_i psi_i; d²D/dpsi dtau = −2 kappa dr²/dpsi.
            var slope = degrees[i] * psi[i];
            var mixed = -2 * kappa * held.Rho[i];
            var turned = 0.0;
            for (var j = 0; j < k; j++)
            {
                turned += H[i + (j * k)] * degrees[j] * psi[j];
                hessian[i + (j * (k + 1))] = inverse[i] * inverse[j] * H[i + (j * k)];
            }

            gradient[i] = inverse[i] * g[i];
            gradient[k] -= slope * g[i];
            hessian[i + (k * (k + 1))] = inverse[i] * (mixed - (degrees[i] * g[i]) - turned);
            hessian[k + (i * (k + 1))] = hessian[i + (k * (k + 1))];
            hessian[^1] += slope * ((degrees[i] * g[i]) + turned - (2 * mixed));
        }

        return (gradient, hessian);
    }

    private static double Power(double degree, double s) => degree switch { 0 => 1, 1 => s, _ => Math.Pow(s, degree) };
}
