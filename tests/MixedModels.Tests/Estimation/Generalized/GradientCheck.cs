namespace MixedModels.Tests.Estimation.Generalized;

/// <summary>An exact gradient held to differences of the deviance.</summary>
internal static class GradientCheck
{
    /// <summary>A deviance at parameters.</summary>
    public delegate double Deviance(ReadOnlySpan<double> phi);

    /// <summary>Fourth-order differences, whose error is below rounding of the deviance at this step.</summary>
    public static void AgreesWithDifferences(Deviance deviance, double[] phi, double value, double[] gradient)
    {
        const double h = 3e-4;
        for (var k = 0; k < phi.Length; k++)
        {
            double At(double step)
            {
                var moved = (double[])phi.Clone();
                moved[k] += step;
                return deviance(moved);
            }

            var difference = ((8 * (At(h) - At(-h))) - (At(2 * h) - At(-2 * h))) / (12 * h);
            gradient[k].ShouldBe(difference, 2e-6 * (1 + Math.Abs(value)), $"parameter {k}");
        }
    }
}
