using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// V = R(phi) + Z G(theta) Z' at work: its log-determinant, [Q y]'V⁻¹[Q y], and what derivatives are made of. A class a way to hold V; the deviance is
/// the same for all. A workspace of one thread.
/// </summary>
internal abstract class MarginalSystem
{
    protected MarginalSystem(StandardizedData data, ResidualModel residual, ThetaLayout layout)
    {
        (Data, Residual, Layout) = (data, residual, layout);
        Cross = new double[(data.Data.p + 1) * (data.Data.p + 1)];
    }

    /// <summary>log|V| at the last factor.</summary>
    public double LogDeterminant { get; protected set; }

    /// <summary>(p + 1)×(p + 1): [Q y]'V⁻¹[Q y], lower triangle.</summary>
    public double[] Cross { get; }

    /// <summary>The rows, not whitened.</summary>
    protected StandardizedData Data { get; set; }

    /// <summary>R.</summary>
    protected ResidualModel Residual { get; }

    /// <summary>Where each random term's parameters stand; those of R come after them.</summary>
    protected ThetaLayout Layout { get; }

    /// <summary>p, the columns of X.</summary>
    protected int p => Data.Data.p;

    /// <summary>The number of parameters.</summary>
    protected int Dimension => Layout.Count + Residual.ParameterCount;

    /// <summary>Factors V at (theta, phi) and fills what is above; false where it is not positive definite in double precision.</summary>
    public abstract bool Factor(ReadOnlySpan<double> psi);

    /// <summary>Gradient and Hessian of the profiled deviance at its last evaluation, the latter exact or the average information.</summary>
    public abstract (double[] Gradient, double[] Hessian) Derivatives(MarginalDeviance deviance, double[] psi);

    /// <summary>Derivatives of the deviance whose sigma² is held at 1/kappa, at its last evaluation; second ones as good as those of <see cref="Derivatives"/>.</summary>
    public abstract HeldSigmaDerivatives HoldSigma(MarginalDeviance deviance, double[] psi, double kappa);

    /// <summary>What Satterthwaite's degrees of freedom take from the deviance at its last evaluation.</summary>
    public abstract MarginalInformation Information(MarginalDeviance deviance, double[] psi);
}
