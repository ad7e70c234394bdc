using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>A covariance of all estimated parameters of a generalized model, and its parts in the user's units. Immutable.</summary>
internal sealed class GeneralizedCovariance
{
    private readonly int coefficients;
    private readonly StandardizedData data;
    private readonly int variances;

    /// <summary>Takes a covariance of standardised parameters.</summary>
    /// <param name="data">The standardised data.</param>
    /// <param name="variances">The number of covariance parameters theta.</param>
    /// <param name="standardized">k×k, of (theta, beta*, psi).</param>
    public GeneralizedCovariance(StandardizedData data, int variances, double[] standardized)
    {
        (this.data, this.variances, coefficients, Standardized) = (data, variances, data.Data.p, standardized);
        StandardizedCoefficients = Block(variances, coefficients);
        Coefficients = InUserUnits((double[])StandardizedCoefficients.Clone(), coefficients);
    }

    /// <summary>k×k, of (theta, beta*, psi).</summary>
    public double[] Standardized { get; }

    /// <summary>p×p, of beta*.</summary>
    public double[] StandardizedCoefficients { get; }

    /// <summary>p×p, of the fixed effects beta = √n R⁻¹beta*.</summary>
    public double[] Coefficients { get; }

    private int Order => (int)Math.Round(Math.Sqrt(Standardized.Length));

    /// <summary>Of (beta, theta) together, beta in the user's units.</summary>
    public double[] OfEffects()
    {
        var size = coefficients + variances;
        var (joint, order) = (new double[size * size], Order);
        int Place(int i) => i < coefficients ? variances + i : i - coefficients;
        for (var j = 0; j < size; j++)
        {
            for (var i = 0; i < size; i++) joint[i + (j * size)] = Standardized[Place(i) + (Place(j) * order)];
        }

        return InUserUnits(joint, size);
    }

    /// <summary>Of the family's last parameters psi, k×k.</summary>
    public double[] OfFamily(int k) => Block(Order - k, k);

    /// <summary>g'Cov g of standardised parameters.</summary>
    public double Form(ReadOnlySpan<double> gradient)
    {
        var (order, image) = (Order, new double[gradient.Length]);
        for (var j = 0; j < order; j++) Vectors.AddScaled(gradient[j], Standardized.AsSpan(j * order, order), image);
        return Vectors.Dot(gradient, image);
    }

    private double[] Block(int first, int count)
    {
        var (order, block) = (Order, new double[count * count]);
        for (var j = 0; j < count; j++) Standardized.AsSpan(((first + j) * order) + first, count).CopyTo(block.AsSpan(j * count));
        return block;
    }

    /// <summary>√n R⁻¹ on both sides of the first p rows and columns; overwrites C.</summary>
    private double[] InUserUnits(double[] C, int size)
    {
        for (var side = 0; side < 2; side++)
        {
            for (var j = 0; j < size; j++)
            {
                var head = C.AsSpan(j * size, coefficients);
                UserUnits.SolveUpper(data.R, coefficients, head);
                Vectors.Scale(Math.Sqrt(data.Data.n), head);
            }

            for (var j = 0; j < size; j++)
            {
                for (var i = 0; i < j; i++) (C[i + (j * size)], C[j + (i * size)]) = (C[j + (i * size)], C[i + (j * size)]);
            }
        }

        return C;
    }
}
