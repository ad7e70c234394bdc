using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>corus</c>: any correlation, one variance. Row i of L is (l_i1, …, l_i,i−1, 1) divided by its length; R = LL'.</summary>
internal sealed class UnstructuredCorrelation(ResidualSites sites) : ResidualStructure(sites)
{
    public override string Name => "corus";

    public override string Words => "unstructured correlation, one variance";

    public override int ParameterCount => Sites.Count * (Sites.Count - 1) / 2;

    public override Jet[] Evaluate(Jet[] phi)
    {
        var v = Sites.Count;
        var rows = new Jet[v][];
        for (var i = 0; i < v; i++)
        {
            Jet square = 1;
            for (var j = 0; j < i; j++) square += Entry(phi, i, j) * Entry(phi, i, j);
            var length = square.Sqrt();
            rows[i] = [.. Enumerable.Range(0, i + 1).Select(j => (j == i ? Jet.Constant(1) : Entry(phi, i, j)) / length)];
        }

        var R = new Jet[v * (v + 1) / 2];
        for (var a = 0; a < v; a++)
        {
            for (var b = 0; b < a; b++)
            {
                Jet sum = 0;
                for (var c = 0; c <= b; c++) sum += rows[a][c] * rows[b][c];
                R[Jet.Pair(a, b)] = sum;
            }

            R[Jet.Pair(a, a)] = 1;
        }

        return R;
    }

    public override IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi)
    {
        var R = Evaluate(phi);
        return [.. from a in Enumerable.Range(0, Sites.Count) from b in Enumerable.Range(0, a)
                   select ($"cor[{Sites.Names[a]},{Sites.Names[b]}]", R[Jet.Pair(a, b)])];
    }

    public override IEnumerable<double[]> Starts(double[] moments)
    {
        var v = Sites.Count;
        var correlations = (double[])moments.Clone();
        for (var j = 0; j < v; j++)
        {
            for (var i = 0; i < v; i++) correlations[i + (j * v)] = i == j ? 1 : moments[i + (j * v)] / Math.Sqrt(moments[i * (v + 1)] * moments[j * (v + 1)]);
        }

        var factor = Unstructured.DefiniteFactor(correlations, v);
        var phi = new double[ParameterCount];
        for (var i = 1; i < v; i++)
        {
            for (var j = 0; j < i; j++) phi[Place(i, j)] = factor[i + (j * v)] / factor[i * (v + 1)];
        }

        yield return phi;
    }

    private static int Place(int i, int j) => (i * (i - 1) / 2) + j;

    private static Jet Entry(Jet[] phi, int i, int j) => phi[Place(i, j)];
}
