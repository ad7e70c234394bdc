using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>us</c>: any covariance, R = LL' with L's first entry 1. The parameters are the logarithms of L's other diagonal entries and the entries below.</summary>
internal sealed class Unstructured(ResidualSites sites) : ResidualStructure(sites)
{
    /// <summary>Moment correlations are shrunk by this until their matrix is positive definite.</summary>
    private const double Shrinkage = 0.9;

    public override string Name => "us";

    public override string Words => "unstructured: any covariance between visits";

    public override int ParameterCount => (Sites.Count * (Sites.Count + 1) / 2) - 1;

    public override bool IsCorrelation => false;

    public override Jet[] Evaluate(Jet[] phi)
    {
        var (v, k) = (Sites.Count, phi.Length > 0 && phi[0].First.Length == 0 ? 0 : phi.Length);
        var L = new double[v * (v + 1) / 2];
        for (var e = 0; e < L.Length; e++) L[e] = e == 0 ? 1 : phi[e - 1].Value;
        for (var i = 1; i < v; i++) L[Jet.Pair(i, i)] = Math.Exp(L[Jet.Pair(i, i)]);
        var R = new Jet[L.Length];
        for (var a = 0; a < v; a++)
        {
            for (var b = 0; b <= a; b++) R[Jet.Pair(a, b)] = Entry(L, a, b, k);
        }

        return R;
    }

    public override IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi)
    {
        var R = Evaluate(phi);
        return [.. from a in Enumerable.Range(0, Sites.Count) from b in Enumerable.Range(0, a + 1) where a > 0
                   select ($"cov[{Sites.Names[a]},{Sites.Names[b]}]", R[Jet.Pair(a, b)])];
    }

    public override IEnumerable<double[]> Starts(double[] moments)
    {
        var factor = DefiniteFactor(moments, Sites.Count);
        var phi = new double[ParameterCount];
        for (var i = 1; i < Sites.Count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var entry = factor[i + (j * Sites.Count)] / factor[0];
                phi[Jet.Pair(i, j) - 1] = i == j ? Math.Log(entry) : entry;
            }
        }

        yield return phi;
    }

    /// <summary>The lower factor of a moment matrix, its correlations shrunk until it is positive definite.</summary>
    public static double[] DefiniteFactor(double[] moments, int v)
    {
        for (var share = 1.0; ; share = share > 1e-3 ? share * Shrinkage : 0)
        {
            var factor = new double[v * v];
            for (var j = 0; j < v; j++)
            {
                for (var i = j; i < v; i++)
                {
                    var value = moments[i + (j * v)];
                    factor[i + (j * v)] = i == j ? (value > 0 ? value : 1) : share * (double.IsNaN(value) ? 0 : value);
                }
            }

            var diagonal = Enumerable.Range(0, v).Select(i => factor[i * (v + 1)]).ToArray();
            if (Cholesky.Factor(factor, v, v) >= 0) continue;

            // A pivot of a hundredth of the variance is a multiple correlation of 0.995: no place to start.
            if (share == 0 || Enumerable.Range(0, v).All(i => factor[i * (v + 1)] * factor[i * (v + 1)] > 0.01 * diagonal[i])) return factor;
        }
    }

    private static double Product(double[] L, int a, int b)
    {
        var value = 0.0;
        for (var c = 0; c <= b; c++) value += L[Jet.Pair(a, c)] * L[Jet.Pair(b, c)];
        return value;
    }

    /// <summary>R_ab = Σ_c L_ac L_bc with its derivatives, most of which are zero.</summary>
    private static Jet Entry(double[] L, int a, int b, int k)
    {
        if (k == 0) return Product(L, a, b);
        var (value, first, second) = (0.0, new double[k], new double[k * (k + 1) / 2]);
        for (var c = 0; c <= b; c++)
        {
            var (i, j) = (Jet.Pair(a, c) - 1, Jet.Pair(b, c) - 1);
            var (x, y) = (L[i + 1], L[j + 1]);
            var dx = a == c ? x : 1;
            var dy = b == c ? y : 1;
            value += x * y;
            if (i >= 0) first[i] += dx * y;
            if (j >= 0) first[j] += x * dy;
            if (i >= 0 && a == c) second[Jet.Pair(i, i)] += x * y;
            if (j >= 0 && b == c) second[Jet.Pair(j, j)] += x * y;
            if (i >= 0 && j >= 0) second[Jet.Pair(Math.Max(i, j), Math.Min(i, j))] += (i == j ? 2 : 1) * dx * dy;
        }

        return Jet.Of(value, first, second);
    }
}
