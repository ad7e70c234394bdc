using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Linear;

/// <summary>How <see cref="BlockSums"/> finds traces of two factors.</summary>
internal enum TraceRoute
{
    /// <summary>Whichever of the others is cheap.</summary>
    Cheapest,

    /// <summary>From the diagonal blocks; only where there is one random term.</summary>
    DiagonalBlocks,

    /// <summary>From all of B.</summary>
    Dense,

    /// <summary>As derivatives of the sums of the diagonal blocks.</summary>
    Differences,
}

/// <summary>
/// The traces tr(B E_k) and tr(B E_kB E_l) of B = Z'V0⁻¹Z for directions E_k = I ⊗ dG_k, by whichever of three exact routes is cheap:
/// block by block where one grouping factor makes B block-diagonal, from B itself where it is small, else as derivatives of the sums of
/// B's diagonal blocks, for which d tr(B E_l) = −tr(B E_kB E_l) along E_k.
/// </summary>
internal sealed class BlockSums
{
    /// <summary>
    /// The step of a central difference, as a share of the direction's scale: its truncation is of the order of its square, its rounding
    /// of 1e-15 over the step, so that six digits are right in hard cases and eight or more in ordinary ones.
    /// </summary>
    private const double RelativeStep = 3e-5;

    /// <summary>Moments of p²×p² numbers are kept up to this p²; beyond it, block by block costs less and takes no room.</summary>
    private const double MostMoments = 400;

    private readonly ProfiledDeviance deviance;
    private readonly IReadOnlyList<VarianceDirection> directions;
    private readonly double[] second;

    /// <summary>Computes the traces; the system must be factored at theta, and is so again afterwards.</summary>
    public BlockSums(
        ProfiledDeviance deviance, double[] theta, IReadOnlyList<VarianceDirection> directions, TraceRoute route = TraceRoute.Cheapest)
    {
        (this.deviance, this.directions) = (deviance, directions);
        second = new double[directions.Count * directions.Count];
        First = new double[directions.Count];
        var system = deviance.System;
        if (directions.Count == 0) return;
        system.PrepareDerivatives();
        FillFirst(Sums());
        switch (route == TraceRoute.Cheapest ? Cheapest(system) : route)
        {
            case TraceRoute.DiagonalBlocks:
                FillFromDiagonalBlocks(system);
                break;
            case TraceRoute.Dense:
                FillFromDense(system);
                break;
            default:
                FillFromDifferences(theta);
                break;
        }
    }

    /// <summary>tr(B E_k), a direction each.</summary>
    public double[] First { get; }

    /// <summary>tr(B E_kB E_l).</summary>
    public double Second(int k, int l) => second[k + (l * directions.Count)];

    /// <summary>Whether the traces are found where the system is, without moving along a direction's curve.</summary>
    public static bool NeedsNoCurve(PenalizedSystem system) => Cheapest(system) != TraceRoute.Differences;

    private static TraceRoute Cheapest(PenalizedSystem system) =>
        system.Terms.Count == 1 ? TraceRoute.DiagonalBlocks : LinearDerivatives.FormsB(system) && system.Terms.All(term => (double)term.Dimension * term.Dimension <= MostMoments) ? TraceRoute.Dense : TraceRoute.Differences;

    private void FillFirst(double[][] sums)
    {
        for (var k = 0; k < First.Length; k++) First[k] = Vectors.Dot(sums[directions[k].Term], directions[k].dG);
    }

    private double[][] Sums()
    {
        var sums = new double[deviance.System.Terms.Count][];
        for (var t = 0; t < sums.Length; t++)
        {
            sums[t] = new double[deviance.System.Terms[t].Dimension * deviance.System.Terms[t].Dimension];
            deviance.System.SumDiagonalBlocks(t, sums[t]);
        }

        return sums;
    }

    /// <summary>B times the p_t vectors with a 1 at the same effect of every level holds all diagonal blocks.</summary>
    private void FillFromDiagonalBlocks(PenalizedSystem system)
    {
        var (q, p) = (system.q, system.Terms[0].Dimension);
        var pattern = new double[q * p];
        for (var j = 0; j < p; j++)
        {
            for (var l = j; l < q; l += p) pattern[l + (j * q)] = 1;
        }

        var blocks = new double[q * p];
        system.ApplyB(pattern, p, blocks);
        if ((double)p * p > MostMoments) FillBlockByBlock(blocks, q, p);
        else FillFrom(BlockTraces.OfDiagonal(blocks, q, p), 0, 0);
    }

    /// <summary>tr(B_l dG_k B_l dG_m) summed over the levels, a product a direction and level.</summary>
    private void FillBlockByBlock(double[] blocks, int q, int p)
    {
        var images = new double[directions.Count][];
        for (var l = 0; l < q; l += p)
        {
            for (var k = 0; k < images.Length; k++)
            {
                images[k] = new double[p * p];
                Product.Add(1, directions[k].dG, p, false, blocks.AsSpan(l), q, false, images[k], p, p, p, p);
            }

            for (var k = 0; k < images.Length; k++)
            {
                for (var m = 0; m < images.Length; m++) second[k + (m * images.Length)] += TraceOfProduct(images[k], images[m], p);
            }
        }
    }

    private static double TraceOfProduct(double[] A, double[] B, int p)
    {
        var trace = 0.0;
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) trace += A[i + (j * p)] * B[j + (i * p)];
        }

        return trace;
    }

    private void FillFromDense(PenalizedSystem system)
    {
        var q = system.q;
        var B = new double[q * q];
        system.FormB(B);
        system.PrepareDerivatives();
        Symmetric.MirrorLower(B, q, q);
        for (var t = 0; t < system.Terms.Count; t++)
        {
            for (var s = 0; s <= t; s++) FillFrom(new(B, q, system, t, s), t, s);
        }
    }

    private void FillFrom(BlockTraces traces, int t, int s)
    {
        for (var k = 0; k < directions.Count; k++)
        {
            if (directions[k].Term != t) continue;
            traces.Contract(directions[k].dG);
            for (var l = 0; l < directions.Count; l++)
            {
                if (directions[l].Term != s) continue;
                second[k + (l * directions.Count)] = traces.With(directions[l].dG);
                second[l + (k * directions.Count)] = second[k + (l * directions.Count)];
            }
        }
    }

    private void FillFromDifferences(double[] theta)
    {
        var count = directions.Count;
        for (var k = 0; k < count; k++)
        {
            var step = RelativeStep * directions[k].Scale;
            var (up, down) = (SumsAt(theta, directions[k], step), SumsAt(theta, directions[k], -step));
            for (var l = 0; l < count; l++)
            {
                var t = directions[l].Term;
                second[k + (l * count)] = -(Vectors.Dot(up[t], directions[l].dG) - Vectors.Dot(down[t], directions[l].dG)) / (2 * step);
            }
        }

        for (var k = 0; k < count; k++)
        {
            for (var l = 0; l < k; l++)
            {
                var mean = (second[k + (l * count)] + second[l + (k * count)]) / 2;
                (second[k + (l * count)], second[l + (k * count)]) = (mean, mean);
            }
        }

        deviance.Value(theta);
        deviance.System.PrepareDerivatives();
    }

    private double[][] SumsAt(double[] theta, VarianceDirection direction, double h)
    {
        var T = deviance.Layout.Factors(theta);
        T[direction.Term] = direction.FactorAt(h);
        deviance.System.Factor(T);
        deviance.System.PrepareDerivatives();
        return Sums();
    }
}
