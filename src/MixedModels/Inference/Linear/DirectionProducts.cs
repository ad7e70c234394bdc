using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Linear;

/// <summary>
/// Everything that small-sample inference takes from the engine, for directions E_k of the random effects' covariance: with
/// Y = VCX·RX⁻ᵀ (so that X'V0⁻¹X is the identity in the coordinates delta), w = Z'P0y and BP = B − YY'.
/// </summary>
internal sealed class DirectionProducts
{
    private readonly int count;
    private readonly double[][] M;
    private readonly int p;
    private readonly BlockSums sums;

    /// <summary>Reads the products off a deviance whose last evaluation was at theta. O(directions × p) products with B.</summary>
    public DirectionProducts(ProfiledDeviance deviance, double[] theta, IReadOnlyList<VarianceDirection> directions)
    {
        (count, p) = (directions.Count, deviance.beta.Length);
        sums = new(deviance, theta, directions);
        var (system, Y) = (deviance.System, LinearDerivatives.FormY(deviance));
        var q = system.q;
        N = new double[count][];
        b = new double[count];
        h = new double[count][];
        M = new double[count * count][];
        Quadratic = new double[count * count];
        var images = new double[count][];
        for (var k = 0; k < count; k++)
        {
            // E_k times [Y w].
            images[k] = new double[q * (p + 1)];
            for (var c = 0; c < p; c++) ApplyE(system, directions[k].Term, directions[k].dG, Y.AsSpan(c * q, q), images[k].AsSpan(c * q, q));
            ApplyE(system, directions[k].Term, directions[k].dG, deviance.w, images[k].AsSpan(p * q, q));
            b[k] = Vectors.Dot(deviance.w, images[k].AsSpan(p * q, q));
            h[k] = [.. Enumerable.Range(0, p).Select(c => Vectors.Dot(Y.AsSpan(c * q, q), images[k].AsSpan(p * q, q)))];
            N[k] = new double[p * p];
            Product.Add(1, Y, q, true, images[k], q, false, N[k], p, p, p, q);
        }

        var product = new double[q * (p + 1)];
        for (var l = 0; l < count; l++)
        {
            system.ApplyB(images[l], p + 1, product);
            for (var k = 0; k < count; k++) FillPair(k, l, images, product, Y, q);
        }
    }

    /// <summary>Y'E_kY, a direction each (p×p).</summary>
    public double[][] N { get; }

    /// <summary>b_k = w'E_kw.</summary>
    public double[] b { get; }

    /// <summary>Y'E_kw, a direction each (p).</summary>
    public double[][] h { get; }

    /// <summary>(E_kw)'BP(E_lw) at k + l·count.</summary>
    public double[] Quadratic { get; }

    /// <summary>Y'E_kB E_lY (p×p).</summary>
    public double[] Middle(int k, int l) => M[k + (l * count)];

    /// <summary>tr(BP E_k).</summary>
    public double RestrictedTrace(int k) => sums.First[k] - Trace(N[k]);

    /// <summary>tr(B E_kB E_l).</summary>
    public double Trace(int k, int l) => sums.Second(k, l);

    /// <summary>tr(BP E_kBP E_l) = tr(B E_kB E_l) − 2 tr(Y'E_kB E_lY) + tr(N_kN_l).</summary>
    public double RestrictedTrace(int k, int l) => sums.Second(k, l) - (2 * Trace(Middle(k, l))) + Vectors.Dot(N[k], N[l]);

    private double Trace(double[] A)
    {
        var sum = 0.0;
        for (var i = 0; i < p; i++) sum += A[i * (p + 1)];
        return sum;
    }

    private void FillPair(int k, int l, double[][] images, double[] product, double[] Y, int q)
    {
        var middle = new double[p * p];
        Product.Add(1, images[k], q, true, product, q, false, middle, p, p, p, q);
        M[k + (l * count)] = middle;
        var left = images[k].AsSpan(p * q, q);
        var right = images[l].AsSpan(p * q, q);
        var value = Vectors.Dot(left, product.AsSpan(p * q, q));
        for (var c = 0; c < p; c++) value -= Vectors.Dot(Y.AsSpan(c * q, q), left) * Vectors.Dot(Y.AsSpan(c * q, q), right);
        Quadratic[k + (l * count)] = value;
    }

    /// <summary>result += E_kv: dG_k times each level's block of term t, zero elsewhere.</summary>
    internal static void ApplyE(PenalizedSystem system, int t, ReadOnlySpan<double> dG, ReadOnlySpan<double> v, Span<double> result)
    {
        var term = system.Terms[t];
        var size = term.Dimension;
        var first = system.Offset(t);
        var end = first + (term.LevelCount * size);
        for (var j = 0; j < size; j++)
        {
            for (var i = 0; i < size; i++)
            {
                var weight = dG[i + (j * size)];
                if (weight == 0) continue;
                for (var l = first; l < end; l += size) result[l + i] += weight * v[l + j];
            }
        }
    }
}
