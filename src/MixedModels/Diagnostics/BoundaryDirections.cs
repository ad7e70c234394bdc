using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Diagnostics;

/// <summary>The directions of one random term that have variance, and one that has none.</summary>
/// <param name="FullRank">The directions with variance where nothing is on a boundary: p, and fewer by design for <c>rr</c>.</param>
/// <param name="Rank">The number of directions with variance.</param>
/// <param name="WithoutVariance">The effects whose own variance is zero.</param>
/// <param name="NullDirection">p weights of a combination of effects without variance; empty where there is none.</param>
internal sealed record BoundaryDirections(int FullRank, int Rank, IReadOnlyList<int> WithoutVariance, IReadOnlyList<double> NullDirection)
{
    /// <summary>lme4's tolerance on a canonical diagonal of T, here after scaling by the column's root mean square.</summary>
    private const double Negligible = 1e-4;

    /// <summary>Whether some direction that could have variance has none.</summary>
    public bool IsSingular => Rank < FullRank;

    /// <summary>One answer a term, from covariances relative to sigma² in the user's units.</summary>
    public static IReadOnlyList<BoundaryDirections> Find(StandardizedData data, IReadOnlyList<double[]> relative)
    {
        var found = new BoundaryDirections[relative.Count];
        for (var t = 0; t < found.Length; t++) found[t] = Find(relative[t], data.K[t], data.Data.Terms[t].Structure);
        return found;
    }

    private static BoundaryDirections Find(double[] G, double[] K, CovarianceStructure structure)
    {
        var p = structure.Dimension;
        // A column of K has the norm of its column of Z over √n: its root mean square.
        var sizes = new double[p];
        for (var j = 0; j < p; j++) sizes[j] = Vectors.Norm(K.AsSpan(j * p, p));
        var scaled = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) scaled[i + (j * p)] = G[i + (j * p)] * sizes[i] * sizes[j];
        }

        var T = new double[p * p];
        SemidefiniteCholesky.Factor(scaled, p, T);
        var rank = 0;
        var without = new List<int>();
        for (var j = 0; j < p; j++)
        {
            if (T[j * (p + 1)] >= Negligible) rank++;
            if (Math.Sqrt(scaled[j * (p + 1)]) < Negligible) without.Add(j);
        }

        // Close positions are correlated strongly without being on a boundary: only their variance can vanish.
        if (!structure.HasCorrelationBounds) rank = p - without.Count;
        return new(structure.FullRank, Math.Min(rank, structure.FullRank), without, rank >= structure.FullRank ? [] : Null(scaled, sizes, p));
    }

    /// <summary>The eigenvector of least variance, in the user's units, its largest weight 1.</summary>
    private static double[] Null(double[] scaled, double[] sizes, int p)
    {
        var values = new double[p];
        SymmetricEigen.Decompose(scaled, p, p, values);
        var direction = scaled.AsSpan(0, p).ToArray();
        for (var i = 0; i < p; i++) direction[i] *= sizes[i];
        var largest = direction.MaxBy(Math.Abs);
        Vectors.Scale(1 / largest, direction);
        return direction;
    }
}
