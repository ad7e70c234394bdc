using MixedModels.Estimation.Linear;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>A border stored as full matrices, q2×q2, column-major, of which the lower triangles are used.</summary>
/// <remarks>
/// The work on columns is cut into slices that threads share; what a slice adds to a sum is kept apart until all are done.
/// One matrix holds in turn S, its factor R, and then R⁻¹ where that is enough for the sums, else N. In the first case its rows and
/// columns stand in an order of their own.
/// </remarks>
internal sealed partial class DenseBorder : Border
{
    /// <summary>Columns of a slice: enough to repay the handing out, few enough to share a triangle evenly.</summary>
    private const int SliceWidth = 16;

    private readonly Action<int> formSlice;
    private readonly Action<int> invertSlice;
    private readonly InverseRoot? root;
    private readonly double[] rootSums;
    private readonly Action<int> rootStrip;
    private readonly double[] roots;
    private readonly double[] S;
    private readonly double[] S0;
    private readonly Action<int> scaleSlice;
    private readonly (int Term, int First, int End)[] slices;
    private readonly double[] sliceSums;
    private readonly ThreadTeam? team;
    private Content content;
    private bool isPlaced;
    private double[] u = [];
    private double[] v = [];

    public DenseBorder(IReadOnlyList<RandomTermData> terms, int[] offsets, Coupling coupling, LeadingBlocks leading, ThreadTeam? team)
        : base(terms, offsets, coupling, leading, new(terms, offsets))
    {
        this.team = team;
        roots = coupling.Pattern.IsDense ? new double[Order * leading.Levels * leading.p] : [];
        S = new double[Order * Order];
        S0 = new double[Order * Order];
        slices = [.. Slices()];
        sliceSums = new double[slices.Length * SumCount];
        root = InverseRoot.WhereCheaper(terms, offsets, coupling, SumStart);
        rootSums = root is null ? [] : new double[root.Strips * SumCount];
        (formSlice, scaleSlice, invertSlice, rootStrip) = (FormSlice, ScaleSlice, InvertSlice, SumStrip);
    }

    /// <inheritdoc/>
    public override void Solve(Span<double> B, int columns)
    {
        if (isPlaced) ToPlaces(B, columns).CopyTo(B);
        TriangularSolve.Lower(S, Order, Order, B, columns, Order, team);
        TriangularSolve.LowerTransposed(S, Order, Order, B, columns, Order, team);
        if (isPlaced) FromPlaces(B, columns).CopyTo(B);
    }

    /// <inheritdoc/>
    public override void MultiplyS0(ReadOnlySpan<double> z, int columns, Span<double> result)
    {
        result[..(Order * columns)].Clear();
        if (Order * (double)Order <= 4.0 * Coupling.Values.Length)
        {
            Product.SymmetricTimes(1, S0, Order, z, Order, result, Order, Order, columns, team);
            return;
        }

        // S0 is the difference of two sparse products, which read fewer numbers than it has.
        var levels = Leading.Levels * Leading.p;
        if (u.Length < levels * columns) u = new double[levels * columns];
        Array.Clear(u);
        A.AddProduct(z, columns, result);
        Coupling.AddProduct(Coupling.HValues, z, Order, columns, u, levels);
        Coupling.AddTransposedProduct(-1, Coupling.Values, u, levels, columns, result, Order);
    }

    /// <inheritdoc/>
    public override void MultiplyN(ReadOnlySpan<double> z, int columns, Span<double> result)
    {
        if (content == Content.InverseRoot)
        {
            MultiplyByRoots(z, columns, result);
            return;
        }

        result[..(Order * columns)].Clear();
        Product.SymmetricTimes(1, S, Order, z, Order, result, Order, Order, columns, team);
    }

    /// <inheritdoc/>
    public override double Form(ReadOnlySpan<int> effects, ReadOnlySpan<double> k)
    {
        FormInverse();
        var form = 0.0;
        for (var a = 0; a < effects.Length; a++)
        {
            var above = 0.0;
            for (var b = 0; b < a; b++)
                above += k[b] * S[Math.Max(effects[a], effects[b]) + (Math.Min(effects[a], effects[b]) * Order)];
            form += k[a] * ((2 * above) + (k[a] * S[effects[a] * (Order + 1)]));
        }

        return form;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> NColumn(int j)
    {
        FormInverse();
        return S.AsSpan(j * Order, Order);
    }

    /// <inheritdoc/>
    public override void ExpandS0(Span<double> S0)
    {
        this.S0.CopyTo(S0);
        Symmetric.MirrorLower(S0, Order, Order);
    }

    /// <inheritdoc/>
    public override void SubtractQuadraticForm(Span<double> V, int q, Span<double> B)
    {
        if (content != Content.Factor || isPlaced) Refactor();

        // With S = RR': V'NV = K'K, K = R⁻¹L_b'V.
        BlockScaling.ScaleRows(V, Order, q, Terms, Offsets, T, transpose: true);
        TriangularSolve.Lower(S, Order, Order, V, q, Order, team);
        Product.AddSymmetricRankUpdate(-1, V, Order, true, B, q, q, Order, team);
    }

    /// <inheritdoc/>
    protected override double FactorStorage()
    {
        content = Content.Factor;
        isPlaced = root is not null && !needsEntries && VariancesAreLarge();
        ThreadTeam.Run(team, slices.Length, formSlice);
        if (Coupling.Pattern.IsDense)
        {
            Coupling.StackRoots(Leading, roots);
            Product.AddSymmetricRankUpdate(-1, roots, Order, false, S0, Order, Order, Leading.Levels * Leading.p, team);
            ThreadTeam.Run(team, slices.Length, scaleSlice);
        }

        if (Cholesky.Factor(S, Order, Order, team) >= 0) return double.NaN;
        var logDeterminant = 0.0;
        for (var j = 0; j < Order; j++) logDeterminant += Math.Log(S[j * (Order + 1)]);
        return 2 * logDeterminant;
    }

    /// <inheritdoc/>
    protected override void InvertStorage(Span<double> sums)
    {
        if (isPlaced)
        {
            InvertRoot(root!, sums);
            return;
        }

        FormInverse();
        for (var slice = 0; slice < slices.Length; slice++) Vectors.AddScaled(1, sliceSums.AsSpan(slice * SumCount, SumCount), sums);
        if (!needsEntries) return;
        RequireImages(team);
        AddLeadingSum(sums[SumStart[^1]..]);
    }

    /// <inheritdoc/>
    /// <remarks>Where the coupling is nearly full, a product of full matrices.</remarks>
    protected override void FillImages(double[][] images, ThreadTeam? team)
    {
        if (!Coupling.Pattern.IsDense)
        {
            base.FillImages(images, team);
            return;
        }

        var columns = Leading.Levels * Leading.p;
        Coupling.Stack(Coupling.DValues, roots);
        images[1].AsSpan().Clear();
        Product.SymmetricTimes(1, S, Order, roots, Order, images[1], Order, Order, columns, team);
        Coupling.Unstack(images[1], images[0]);
    }

    /// <inheritdoc/>
    protected override double[][] NewImages() => Coupling.Pattern.IsDense ? [new double[Coupling.Values.Length], new double[roots.Length]] : base.NewImages();

    /// <summary>S0 = A_bb − Σ_l A_bl H_l A_lb by pairs of entries a level, unless the coupling is nearly full and a product does it; then S.</summary>
    private void FormSlice(int slice)
    {
        var (term, first, end) = slices[slice];
        for (var j = first; j < end; j++)
        {
            var column = S0.AsSpan(j * Order, Order);
            column[j..].Clear();
            A.WriteColumn(term, j, column);
            if (!Coupling.Pattern.IsDense) SubtractEliminated(j, column);
        }

        if (!Coupling.Pattern.IsDense) ScaleSlice(slice);
    }

    /// <summary>S = L_b'S0L_b + I.</summary>
    private void ScaleSlice(int slice)
    {
        var (term, first, end) = slices[slice];
        if (isPlaced && root!.Moves)
        {
            for (var j = first; j < end; j++) PlaceScaled(term, j);
            return;
        }

        for (var j = first; j < end; j++) S0.AsSpan((j * Order) + j, Order - j).CopyTo(S.AsSpan((j * Order) + j));
        for (var level = first; level < end; level += Terms[term].Dimension)
            BlockScaling.Congruence(S, Order, term, level, Terms, Offsets, T, transposeLeft: true);
        for (var j = first; j < end; j++) S[j * (Order + 1)] += 1;
    }

    /// <summary>N = L_bS⁻¹L_b', and what its columns add to the sums.</summary>
    private void InvertSlice(int slice)
    {
        var (term, first, end) = slices[slice];
        var sums = sliceSums.AsSpan(slice * SumCount, SumCount);
        sums.Clear();
        for (var level = first; level < end; level += Terms[term].Dimension)
        {
            BlockScaling.Congruence(S, Order, term, level, Terms, Offsets, T, transposeLeft: false);
            AddProducts(term, level, sums);
        }

        // Images of the coupling, where they are made anyway, hold the leading term's sum.
        for (var j = first; j < end && !needsEntries; j++) AddLeadingForms(j, NColumn(j), sums[SumStart[^1]..]);
    }

    /// <summary>What the columns of one level add to Σ_j (S0 N)_jj, for its own term and for those of the rows below it.</summary>
    private void AddProducts(int term, int first, Span<double> sums)
    {
        var p = Terms[term].Dimension;
        var own = sums.Slice(SumStart[term], p * p);
        for (var k = 0; k < p; k++)
        {
            var n = S.AsSpan((first + k) * Order, Order);
            for (var i = 0; i < p; i++)
            {
                var s = S0.AsSpan((first + i) * Order, Order);
                for (var r = 0; r < i; r++) own[i + (k * p)] += S0[first + i + ((first + r) * Order)] * n[first + r];
                for (var r = i; r < p; r++) own[i + (k * p)] += s[first + r] * n[first + r];
                own[i + (k * p)] += Vectors.Dot(s[(first + p)..], n[(first + p)..]);
            }

            for (var t = term; t < Terms.Count; t++)
            {
                var from = t == term ? first + p : Offsets[t];
                AddRowProducts(S0.AsSpan(((first + k) * Order) + from, Offsets[t + 1] - from), n[from..Offsets[t + 1]], sums[SumStart[t]..SumStart[t + 1]]);
            }
        }
    }

    /// <summary>sum += Σ s_I n_I' over the levels I of rows of one term.</summary>
    private static void AddRowProducts(ReadOnlySpan<double> s, ReadOnlySpan<double> n, Span<double> sum)
    {
        if (sum.Length == 1)
        {
            sum[0] += Vectors.Dot(s, n);
            return;
        }

        var p = (int)Math.Sqrt(sum.Length);
        for (var row = 0; row < s.Length; row += p)
        {
            for (var d = 0; d < p; d++) Vectors.AddScaled(n[row + d], s.Slice(row, p), sum.Slice(d * p, p));
        }
    }

    private IEnumerable<(int Term, int First, int End)> Slices()
    {
        for (var t = 0; t < Terms.Count; t++)
        {
            var p = Terms[t].Dimension;
            var width = p * Math.Max(1, SliceWidth / p);
            for (var first = Offsets[t]; first < Offsets[t + 1]; first += width) yield return (t, first, Math.Min(first + width, Offsets[t + 1]));
        }
    }
}
