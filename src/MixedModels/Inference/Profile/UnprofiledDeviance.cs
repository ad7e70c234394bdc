using MixedModels.Estimation.Linear;
using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>
/// The deviance (or REML criterion) with sigma a parameter beside the covariances, in absolute coordinates: Phi = (Lambda, tau) with
/// Lambda = s·theta and tau = log s, s = sigma in standardised units. In these a standard deviation is a coordinate.
/// </summary>
/// <remarks>D(theta, s) = d(theta) − nu(1 + log(2π r²/nu)) + r²/s² + nu log(2π s²), d the profiled deviance.</remarks>
internal sealed class UnprofiledDeviance(ProfiledDeviance deviance) : ISmoothObjective
{
    /// <inheritdoc/>
    public int Dimension => deviance.Dimension + 1;

    /// <summary>The profiled deviance behind it.</summary>
    public ProfiledDeviance Profiled => deviance;

    /// <summary>The coordinates of relative parameters and a residual standard deviation.</summary>
    public static double[] Coordinates(ReadOnlySpan<double> theta, double s)
    {
        var Phi = new double[theta.Length + 1];
        for (var k = 0; k < theta.Length; k++) Phi[k] = s * theta[k];
        Phi[^1] = Math.Log(s);
        return Phi;
    }

    /// <summary>theta = Lambda/s.</summary>
    public static double[] Theta(ReadOnlySpan<double> Phi)
    {
        var theta = new double[Phi.Length - 1];
        var inverse = Math.Exp(-Phi[^1]);
        for (var k = 0; k < theta.Length; k++) theta[k] = inverse * Phi[k];
        return theta;
    }

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> Phi)
    {
        var theta = Theta(Phi);
        var point = deviance.Evaluate(theta);
        if (!double.IsFinite(point.Value) || !double.IsFinite(Phi[^1])) return new(Phi.ToArray(), double.NaN, [], []);
        var (k, nu, r2) = (theta.Length, (double)deviance.nu, deviance.r2);
        var kappa = Math.Exp(-2 * Phi[^1]);
        var (rho, curvature) = k > 0 ? ResidualCurvature.Of(deviance, theta) : ([], []);
        var value = point.Value - (nu * (1 + Math.Log(r2 / nu))) + (kappa * r2) + (2 * nu * Phi[^1]);

        // From the profiled deviance to D at fixed s: r² enters as r²/s² instead of nu log r².
        var g = new double[k];
        for (var i = 0; i < k; i++) g[i] = point.Gradient[i] + ((kappa - (nu / r2)) * rho[i]);
        var H = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++)
                H[i + (j * k)] = point.Hessian[i + (j * k)] + (nu / (r2 * r2) * rho[i] * rho[j]) + ((kappa - (nu / r2)) * curvature[i + (j * k)]);
        }

        var (gradient, hessian) = ChangeOfCoordinates(theta, Phi[^1], g, H, rho, (-2 * kappa * r2) + (2 * nu), 4 * kappa * r2, kappa);
        return new(Phi.ToArray(), value, gradient, hessian);
    }

    /// <summary>The chain rule for theta = Lambda·exp(−tau).</summary>
    private static (double[] Gradient, double[] Hessian) ChangeOfCoordinates(
        double[] theta, double tau, double[] g, double[] H, double[] rho, double dTau, double dTauTau, double kappa)
    {
        var k = theta.Length;
        var inverse = Math.Exp(-tau);
        var gradient = new double[k + 1];
        var hessian = new double[(k + 1) * (k + 1)];
        gradient[k] = dTau;
        hessian[^1] = dTauTau;
        for (var i = 0; i < k; i++)
        {
            var Htheta = 0.0;
            for (var j = 0; j < k; j++)
            {
                Htheta += H[i + (j * k)] * theta[j];
                hessian[i + (j * (k + 1))] = inverse * inverse * H[i + (j * k)];
            }

            // d²D/dtheta dtau = −2 kappa dr²/dtheta.
            var mixed = -2 * kappa * rho[i];
            gradient[i] = inverse * g[i];
            gradient[k] -= theta[i] * g[i];
            hessian[i + (k * (k + 1))] = inverse * (mixed - g[i] - Htheta);
            hessian[k + (i * (k + 1))] = hessian[i + (k * (k + 1))];
            hessian[^1] += theta[i] * (g[i] + Htheta - (2 * mixed));
        }

        return (gradient, hessian);
    }
}
