using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Linear;

/// <summary>The directions in which a fit's covariances are taken to move; those without variance are held where they are.</summary>
internal static class VarianceDirections
{
    /// <summary>A parameter far below its term's largest is stepped on the scale of that one times this share.</summary>
    private const double LeastShare = 0.01;

    /// <summary>The free parameters theta whose derivative of G is not zero, and their places in theta.</summary>
    public static (List<VarianceDirection> Directions, List<int> Places) OfTheta(ThetaLayout layout, double[] theta)
    {
        var directions = new List<VarianceDirection>();
        var places = new List<int>();
        for (var t = 0; t < layout.TermCount; t++)
        {
            var (structure, own) = (layout.Structure(t), layout.Slice(theta, t).ToArray());
            var largest = own.Max(Math.Abs);
            for (var k = 0; k < own.Length; k++)
            {
                var dG = new double[structure.Dimension * structure.Dimension];
                structure.Derivative(k, own, dG);
                if (Array.TrueForAll(dG, value => value == 0)) continue;
                var parameter = k;
                directions.Add(new(t, dG, h => FactorAt(structure, own, parameter, h), Math.Max(Math.Abs(own[k]), LeastShare * largest)));
                places.Add(layout.Start(t) + k);
            }
        }

        return (directions, places);
    }

    /// <summary>
    /// Linear parameters: G_t = T C T' with C = I at the estimate, a direction an entry of C. Columns of T without variance have none;
    /// where they are wanted too, the entries of G_t itself are the parameters of a singular term.
    /// </summary>
    /// <param name="layout">Where parameters stand.</param>
    /// <param name="theta">The estimate.</param>
    /// <param name="withoutVariance">Whether directions without variance are wanted; along them no curve of factors leads both ways.</param>
    /// <returns>The directions, and the weight of each in G itself: G = Σ weight · dG.</returns>
    public static (List<VarianceDirection> Directions, List<double> Weights) Linear(ThetaLayout layout, double[] theta, bool withoutVariance)
    {
        var directions = new List<VarianceDirection>();
        var weights = new List<double>();
        for (var t = 0; t < layout.TermCount; t++)
        {
            var structure = layout.Structure(t);
            var p = structure.Dimension;
            var T = new double[p * p];
            structure.Factor(layout.Slice(theta, t), T);
            if (withoutVariance && IsSingular(T, p))
            {
                AddEntries(t, structure, RelativeCovariance.Of(structure, layout.Slice(theta, t)), directions, weights);
                continue;
            }

            foreach (var (i, j) in structure.LinearEntries)
            {
                var first = T.AsSpan(i * p, p);
                var second = T.AsSpan(j * p, p);
                if (Vectors.SumOfSquares(first) == 0 || Vectors.SumOfSquares(second) == 0) continue;
                var dG = new double[p * p];
                for (var b = 0; b < p; b++)
                {
                    for (var a = 0; a < p; a++) dG[a + (b * p)] = i == j ? first[a] * first[b] : (first[a] * second[b]) + (second[a] * first[b]);
                }

                directions.Add(new(t, dG, h => FactorAt(T, p, i, j, h), 1));
                weights.Add(i == j ? 1 : 0);
            }
        }

        return (directions, weights);
    }

    private static bool IsSingular(double[] T, int p)
    {
        for (var j = 0; j < p; j++)
        {
            if (Vectors.SumOfSquares(T.AsSpan(j * p, p)) == 0) return true;
        }

        return false;
    }

    private static void AddEntries(int term, CovarianceStructure structure, double[] G, List<VarianceDirection> directions, List<double> weights)
    {
        var p = structure.Dimension;
        foreach (var (i, j) in structure.LinearEntries)
        {
            var dG = new double[p * p];
            (dG[i + (j * p)], dG[j + (i * p)]) = (1, 1);
            directions.Add(new(term, dG, _ => throw new InvalidOperationException("A covariance on the boundary cannot move both ways."), 1));
            weights.Add(G[i + (j * p)]);
        }
    }

    private static double[] FactorAt(CovarianceStructure structure, double[] theta, int parameter, double h)
    {
        var moved = (double[])theta.Clone();
        moved[parameter] += h;
        var T = new double[structure.Dimension * structure.Dimension];
        structure.Factor(moved, T);
        return T;
    }

    /// <summary>T times the factor of C = I + h(e_ie_j' + e_je_i'), the diagonal once.</summary>
    private static double[] FactorAt(double[] T, int p, int i, int j, double h)
    {
        var C = new double[p * p];
        for (var a = 0; a < p; a++) C[a * (p + 1)] = 1;
        C[i + (j * p)] += h;
        Cholesky.Factor(C, p, p);
        for (var b = 1; b < p; b++) C.AsSpan(b * p, b).Clear();
        var moved = new double[p * p];
        Product.Add(1, T, p, false, C, p, false, moved, p, p, p, p);
        return moved;
    }
}
