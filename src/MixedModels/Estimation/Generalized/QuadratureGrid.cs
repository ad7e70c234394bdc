
namespace MixedModels.Estimation.Generalized;

/// <summary>The product grid of a Gauss–Hermite rule over p effects. Immutable.</summary>
internal sealed class QuadratureGrid
{
    /// <summary>The most nodes of a level: beyond them a product grid is no method.</summary>
    public const int MostNodes = 100_000;

    /// <summary>The grid of so many points a dimension.</summary>
    public QuadratureGrid(GaussHermiteRule rule, int dimension)
    {
        (Points, Dimension) = (rule.Nodes.Length, dimension);
        Count = 1;
        for (var j = 0; j < dimension; j++) Count *= Points;
        Nodes = new double[Count * dimension];
        LogWeights = new double[Count];
        for (var k = 0; k < Count; k++)
        {
            for (int j = 0, rest = k; j < dimension; j++, rest /= Points)
            {
                var x = rule.Nodes[rest % Points];
                Nodes[(k * dimension) + j] = x;
                LogWeights[k] += Math.Log(rule.Weights[rest % Points]) + (0.5 * x * x);
            }
        }
    }

    /// <summary>The points a dimension.</summary>
    public int Points { get; }

    /// <summary>p.</summary>
    public int Dimension { get; }

    /// <summary>The number of nodes.</summary>
    public int Count { get; }

    /// <summary>Node k at k·p: x_k.</summary>
    public double[] Nodes { get; }

    /// <summary>log(weight·exp(½x'x)) of each node.</summary>
    public double[] LogWeights { get; }
}
