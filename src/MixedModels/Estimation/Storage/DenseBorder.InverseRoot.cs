using System.Diagnostics;
using System.Runtime.CompilerServices;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

// What is done by R⁻¹ without N, and the way back to N where it is asked for.
internal sealed partial class DenseBorder
{
    /// <summary>
    /// The least variance of an effect, as a share of what makes between- and within-level variation equal, at which I − S⁻¹ keeps
    /// twelve digits.
    /// </summary>
    private const double LeastShare = 1e-4;

    private bool needsEntries;

    /// <summary>What the matrix S holds at the moment.</summary>
    private enum Content
    {
        /// <summary>R, the lower Cholesky factor of S.</summary>
        Factor,

        /// <summary>R⁻¹.</summary>
        InverseRoot,

        /// <summary>N.</summary>
        Inverse,
    }

    /// <summary>Whether no term of the border has so little variance somewhere that sums from S⁻¹ would lose digits.</summary>
    private bool VariancesAreLarge()
    {
        for (var t = 0; t < Terms.Count; t++)
        {
            if (!(SmallestShare(t) >= LeastShare && CanDivideByCovariance(T[t], Terms[t].Dimension))) return false;
        }

        return true;
    }

    /// <summary>The least of T_ii² times the mean of A_ii over the levels of a term: 1 where between- and within-level variation are equal.</summary>
    private double SmallestShare(int term)
    {
        var (p, levels, blocks) = (Terms[term].Dimension, Terms[term].LevelCount, A.Blocks[term]);
        var smallest = double.PositiveInfinity;
        for (var i = 0; i < p; i++)
        {
            var sum = 0.0;
            for (var l = 0; l < levels; l++) sum += blocks[(l * p * p) + (i * (p + 1))];
            var diagonal = T[term][i * (p + 1)];
            smallest = Math.Min(smallest, diagonal * diagonal * sum / levels);
        }

        return smallest;
    }

    /// <summary>Σ_j (S0 N)_jj = T⁻ᵀ Σ_j (I − (S⁻¹)_jj) T' in the place of Σ_j (S⁻¹)_jj, from S − I = L_b'S0L_b.</summary>
    private void ProductsFromInverse(int term, Span<double> sum)
    {
        var (p, own) = (Terms[term].Dimension, T[term]);
        for (var i = 0; i < sum.Length; i++) sum[i] = -sum[i];
        for (var i = 0; i < p; i++) sum[i * (p + 1)] += Terms[term].LevelCount;
        if (p == 1) return;
        var image = new double[p * p];
        Product.Add(1, sum, p, false, own, p, true, image, p, p, p, p);
        TriangularSolve.LowerTransposed(own, p, p, image, p, p);
        image.CopyTo(sum);
    }

    /// <summary>R⁻¹ in the place of R, and from it the sums.</summary>
    private void InvertRoot(InverseRoot root, Span<double> sums)
    {
        TriangularInverse.InPlace(S, Order, Order, team);
        content = Content.InverseRoot;
        root.Prepare(T);
        ThreadTeam.Run(team, root.Strips, rootStrip);
        for (var strip = 0; strip < root.Strips; strip++) Vectors.AddScaled(1, rootSums.AsSpan(strip * SumCount, SumCount), sums);
        for (var t = 0; t < Terms.Count; t++) ProductsFromInverse(t, sums.Slice(SumStart[t], SumStart[t + 1] - SumStart[t]));
    }

    /// <summary>N, made from S anew where only R⁻¹ is at hand.</summary>
    private void FormInverse()
    {
        if (content == Content.Inverse) return;
        if (content == Content.InverseRoot || isPlaced) Refactor();
        KeepFactor();
        SymmetricInverse.FromCholesky(S, Order, Order, team);
        content = Content.Inverse;
        ThreadTeam.Run(team, slices.Length, invertSlice);
    }

    /// <summary>The factor of S once more, from S0, with the effects in their order.</summary>
    private void Refactor()
    {
        isPlaced = false;
        ThreadTeam.Run(team, slices.Length, scaleSlice);
        var failing = Cholesky.Factor(S, Order, Order, team);
        Debug.Assert(failing < 0, "what was factored before is factored again");
        content = Content.Factor;
    }

    /// <inheritdoc/>
    /// <remarks>Whoever once asks for them is likely to do so again: from then on R⁻¹ is no detour.</remarks>
    public override void RequireEntries()
    {
        needsEntries = true;
        FormInverse();
        RequireImages(team);
    }

    /// <summary>z := S⁻¹z = W'W z with W = R⁻¹.</summary>
    private void SolveByRoots(Span<double> z, int columns)
    {
        var placed = ToPlaces(z, columns);
        TriangularProduct.Lower(S, Order, Order, placed, columns, z, team);
        TriangularProduct.LowerTransposed(S, Order, Order, z, columns, placed, team);
        placed.CopyTo(z);
        FromPlaces(z, columns).CopyTo(z);
    }

    /// <summary>N z = L_b S⁻¹L_b'z with W = R⁻¹.</summary>
    private void MultiplyByRoots(ReadOnlySpan<double> z, int columns, Span<double> result)
    {
        z[..(Order * columns)].CopyTo(result);
        BlockScaling.ScaleRows(result, Order, columns, Terms, Offsets, T, transpose: true);
        SolveByRoots(result, columns);
        BlockScaling.ScaleRows(result, Order, columns, Terms, Offsets, T, transpose: false);
    }

    /// <summary>Columns with every effect at its place in S; overwritten by the next call of this or of <see cref="FromPlaces"/>.</summary>
    private Span<double> ToPlaces(ReadOnlySpan<double> columns, int count)
    {
        var placed = RoomFor(count);
        var place = root!.Place;
        for (var c = 0; c < count; c++)
        {
            for (var j = 0; j < place.Length; j++) placed[(c * Order) + place[j]] = columns[(c * Order) + j];
        }

        return placed;
    }

    /// <summary>Columns with every effect back in order.</summary>
    private Span<double> FromPlaces(ReadOnlySpan<double> placed, int count)
    {
        var columns = RoomFor(count);
        var place = root!.Place;
        for (var c = 0; c < count; c++)
        {
            for (var j = 0; j < place.Length; j++) columns[(c * Order) + j] = placed[(c * Order) + place[j]];
        }

        return columns;
    }

    private Span<double> RoomFor(int columns)
    {
        if (v.Length < Order * columns) v = new double[Order * columns];
        return v.AsSpan(0, Order * columns);
    }

    private void SumStrip(int strip) => root!.SumStrip(strip, S, rootSums.AsSpan(strip * SumCount, SumCount));

    /// <summary>Column j of S where all terms have one effect a level, each number at the place of its effects.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlaceScaled(int term, int j)
    {
        var (place, own) = (root!.Place, root.Place[j]);
        for (var t = term; t < Terms.Count; t++)
        {
            var scale = T[term][0] * T[t][0];
            for (var i = Math.Max(j, Offsets[t]); i < Offsets[t + 1]; i++)
            {
                var other = place[i];
                S[other > own ? other + (own * Order) : own + (other * Order)] = scale * S0[i + (j * Order)];
            }
        }

        S[own * (Order + 1)] += 1;
    }
}
