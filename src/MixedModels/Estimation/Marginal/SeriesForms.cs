using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>[U e]'R⁻¹[U e] and log|R| with their first and second derivatives, summed over subjects. Filled once, then read.</summary>
internal sealed class SeriesForms
{
    private readonly int count;
    private readonly int p;
    private readonly double[] logs;
    private readonly double[]?[] second;

    public SeriesForms(int count, int p)
    {
        (this.count, this.p, Slopes) = (count, p, new(count, p));
        (logs, second) = (new double[count * count], new double[count * count][]);
    }

    /// <summary>First derivatives.</summary>
    public MarginalSlopes Slopes { get; }

    private int m => p + 1;

    /// <summary>Takes a subject.</summary>
    /// <param name="log">log|R| as a flat jet in the subject's parameters.</param>
    /// <param name="rows">W[U e] and its derivatives, n×m each.</param>
    /// <param name="n">The subject's rows.</param>
    /// <param name="places">Where each of the subject's parameters stands.</param>
    public void Add(double[] log, double[] rows, int n, int[] places)
    {
        var (k, size) = (places.Length, n * m);
        var value = rows.AsSpan(0, size);
        for (var i = 0; i < k; i++)
        {
            Slopes.Log[places[i]] += log[1 + i];
            var first = rows.AsSpan((1 + i) * size, size);
            AddSymmetric(-1, value, first, n, Slopes.H[places[i]]);
            for (var j = 0; j <= i; j++)
            {
                var e = 1 + k + Jet.Pair(i, j);
                var (row, column) = (Math.Max(places[i], places[j]), Math.Min(places[i], places[j]));
                var form = second[row + (column * count)] ??= new double[m * m];
                AddSymmetric(1, value, rows.AsSpan(e * size, size), n, form);
                AddSymmetric(1, first, rows.AsSpan((1 + j) * size, size), n, form);
                logs[row + (column * count)] += log[e];
            }
        }
    }

    /// <summary>The second derivatives of the deviance whose sigma² is held at 1/ratio, K×K.</summary>
    public double[] Unprofiled(bool reml, double ratio)
    {
        var hessian = new double[count * count];
        for (var l = 0; l < count; l++)
        {
            for (var k = l; k < count; k++)
            {
                var (logPart, formPart) = Parts(k, l, reml);
                hessian[k + (l * count)] = hessian[l + (k * count)] = logPart + (ratio * formPart);
            }
        }

        return hessian;
    }

    /// <summary>K numbers that the diagonal is judged by; 0 for a parameter that moves nothing.</summary>
    public double[] Sizes(double ratio) => [.. Enumerable.Range(0, count).Select(k =>
    {
        var (logPart, formPart) = Parts(k, k, reml: false);
        return Math.Abs(logPart) + (ratio * Math.Abs(formPart)) + Math.Abs(Slopes.Log[k]);
    })];

    /// <summary>What the logarithms of determinants and what r² have: the second is F_kl,ee − 2F_k,eU F_l,Ue.</summary>
    private (double Logs, double Form) Parts(int k, int l, bool reml)
    {
        var (place, form) = (k + (l * count), second[k + (l * count)]);
        var (logPart, formPart) = (logs[place], form is null ? 0 : form[^1]);
        for (var j = 0; j < p; j++)
        {
            var first = Slopes.H[k].AsSpan(j * m, m);
            var other = Slopes.H[l].AsSpan(j * m, m);
            formPart -= 2 * first[p] * other[p];
            if (reml) logPart += (form is null ? 0 : form[j * (m + 1)]) - Vectors.Dot(first[..p], other[..p]);
        }

        return (logPart, formPart);
    }

    /// <summary>sum += factor (A'B + B'A).</summary>
    private void AddSymmetric(double factor, ReadOnlySpan<double> A, ReadOnlySpan<double> B, int n, double[] sum)
    {
        Product.Add(factor, A, n, true, B, n, false, sum, m, m, m, n);
        Product.Add(factor, B, n, true, A, n, false, sum, m, m, m, n);
    }
}
