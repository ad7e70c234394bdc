using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>The way back from standardised coordinates to the user's. Immutable.</summary>
internal sealed class UserUnits
{
    private readonly StandardizedData data;
    private readonly double[][] inverseK;

    public UserUnits(StandardizedData data)
    {
        this.data = data;
        inverseK = [.. data.K.Select((K, t) => UpperInverse(K, data.Data.Terms[t].Dimension))];
    }

    /// <summary>K_t⁻¹ of a term (p_t×p_t).</summary>
    public double[] InverseK(int term) => inverseK[term];

    /// <summary>R⁻¹(Projection + Scale·beta*): p fixed effects.</summary>
    /// <param name="data">The data, whose response counts.</param>
    /// <param name="beta">p standardised fixed effects.</param>
    public static double[] Coefficients(StandardizedData data, ReadOnlySpan<double> beta)
    {
        var p = data.Data.p;
        var result = new double[p];
        for (var j = 0; j < p; j++) result[j] = data.Projection[j] + (data.Scale * beta[j]);
        SolveUpper(data.R, p, result);
        return result;
    }

    /// <summary>K⁻¹ S K⁻ᵀ for a term's standardised covariance S (p_t×p_t).</summary>
    public double[] Covariance(int term, ReadOnlySpan<double> S)
    {
        var p = data.Data.Terms[term].Dimension;
        var half = new double[p * p];
        Product.Add(1, inverseK[term], p, false, S, p, false, half, p, p, p, p);
        var result = new double[p * p];
        Product.Add(1, half, p, false, inverseK[term], p, true, result, p, p, p, p);
        return result;
    }

    /// <summary>b := R⁻¹b for an upper triangular R (p×p).</summary>
    public static void SolveUpper(ReadOnlySpan<double> R, int p, Span<double> b)
    {
        for (var j = p - 1; j >= 0; j--)
        {
            for (var k = j + 1; k < p; k++) b[j] -= R[j + (k * p)] * b[k];
            b[j] /= R[j + (j * p)];
        }
    }

    private static double[] UpperInverse(double[] K, int p)
    {
        var inverse = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            inverse[j + (j * p)] = 1;
            SolveUpper(K, p, inverse.AsSpan(j * p, p));
        }

        return inverse;
    }
}
