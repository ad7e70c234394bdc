using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary>
/// A stationary process of variance 1 as the first entry of a state: a_t+1 = T a_t + a step of covariance <see cref="Step"/>, T having the coefficients in its
/// first column and ones above its diagonal. Immutable.
/// </summary>
/// <param name="Coefficients">r coefficients.</param>
/// <param name="Step">r×r covariance of a step.</param>
/// <param name="Stationary">r×r covariance of a state of which nothing is known.</param>
internal sealed record StateSpace(Jet[] Coefficients, Jet[] Step, Jet[] Stationary)
{
    /// <summary>r.</summary>
    public int Order => Coefficients.Length;

    /// <summary>T P T' + the covariance of a step, r×r.</summary>
    public Jet[] Predict(Jet[] P)
    {
        var r = Order;
        var next = new Jet[r * r];
        for (var i = 0; i < r; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var value = Step[i + (j * r)] + (Coefficients[i] * Coefficients[j] * P[0]);
                if (j + 1 < r) value += Coefficients[i] * P[j + 1];
                if (i + 1 < r) value += Coefficients[j] * P[i + 1];
                if (i + 1 < r && j + 1 < r) value += P[i + 1 + ((j + 1) * r)];
                next[i + (j * r)] = next[j + (i * r)] = value;
            }
        }

        return next;
    }
}
