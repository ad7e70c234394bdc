namespace MixedModels.Estimation.Generalized;

/// <summary>What more points than Laplace's one add to a deviance.</summary>
internal interface IQuadrature
{
    /// <summary>The difference of the deviances, that by quadrature less that by Laplace, at the deviance's last evaluation; NaN where it is not defined.</summary>
    double Difference(LaplaceDeviance deviance, ReadOnlySpan<double> phi);

    /// <summary>The gradient of the deviance by quadrature in (theta, beta, psi) at the deviance's last evaluation.</summary>
    double[] Gradient(LaplaceDeviance deviance, ReadOnlySpan<double> phi);

    /// <summary>The same quadrature of other responses in the same rows, or of some of the rows.</summary>
    /// <param name="other">The data with these responses or rows.</param>
    /// <param name="standardized">Its columns.</param>
    IQuadrature Of(GeneralizedData other, Linear.StandardizedData standardized);
}
