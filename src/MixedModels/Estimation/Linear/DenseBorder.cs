using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>A border stored as full square matrices, q2×q2, column-major.</summary>
internal sealed class DenseBorder : Border
{
    private readonly double[] A;
    private readonly double[] S;
    private readonly double[] S0;
    private readonly double[] roots;
    private readonly ThreadTeam? team;

    public DenseBorder(IReadOnlyList<RandomTermData> terms, int[] offsets, Coupling coupling, LeadingBlocks leading, ThreadTeam? team)
        : base(terms, offsets, coupling, leading)
    {
        this.team = team;
        roots = coupling.IsDense ? new double[Order * leading.Levels * leading.p] : [];
        A = new double[Order * Order];
        S = new double[Order * Order];
        S0 = new double[Order * Order];
    }

    /// <inheritdoc/>
    public override void AddCrossProduct(int i, int j, double value) => A[i + (j * Order)] += value;

    /// <inheritdoc/>
    public override double CrossProduct(int i, int j) => A[i + (j * Order)];

    /// <inheritdoc/>
    public override void VisitCrossProducts(CrossProductVisitor visit)
    {
        for (var j = 0; j < Order; j++)
        {
            for (var i = j; i < Order; i++)
            {
                if (A[i + (j * Order)] != 0) visit(i, j, A[i + (j * Order)]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Solve(Span<double> B, int columns)
    {
        TriangularSolve.Lower(S, Order, Order, B, columns, Order, team);
        TriangularSolve.LowerTransposed(S, Order, Order, B, columns, Order, team);
    }

    /// <inheritdoc/>
    public override void MultiplyS0(ReadOnlySpan<double> z, Span<double> result)
    {
        result.Clear();
        for (var j = 0; j < Order; j++)
        {
            var column = S0.AsSpan((j * Order) + j, Order - j);
            result[j] += Vectors.Dot(column, z[j..]);
            Vectors.AddScaled(z[j], column[1..], result[(j + 1)..]);
        }
    }

    /// <inheritdoc/>
    public override void MultiplyN(ReadOnlySpan<double> z, Span<double> result)
    {
        for (var j = 0; j < Order; j++) result[j] = Vectors.Dot(NColumn(j), z);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> S0Column(int j) => S0.AsSpan(j * Order, Order);

    /// <inheritdoc/>
    public override ReadOnlySpan<double> NColumn(int j) => S.AsSpan(j * Order, Order);

    /// <inheritdoc/>
    public override void Expand(Span<double> S0, Span<double> N)
    {
        this.S0.CopyTo(S0);
        S.CopyTo(N);
    }

    /// <inheritdoc/>
    protected override double FactorStorage()
    {
        FormS0();
        S0.CopyTo(S, 0);
        BlockScaling.ScaleBothSides(S, Order, Terms, Offsets, T);
        for (var j = 0; j < Order; j++) S[j * (Order + 1)] += 1;
        if (Cholesky.Factor(S, Order, Order, team) >= 0) return double.NaN;
        var logDeterminant = 0.0;
        for (var j = 0; j < Order; j++) logDeterminant += Math.Log(S[j * (Order + 1)]);
        return 2 * logDeterminant;
    }

    /// <summary>S0 = A_bb − Σ_l A_bl H_l A_lb: by pairs of entries a level, or as one product where the coupling is nearly full.</summary>
    private void FormS0()
    {
        if (Coupling.IsDense)
        {
            A.CopyTo(S0, 0);
            Coupling.StackRoots(Leading, roots);
            Product.AddSymmetricRankUpdate(-1, roots, Order, false, S0, Order, Order, Leading.Levels * Leading.p, team);
            return;
        }

        for (var j = 0; j < Order; j++)
        {
            var column = S0.AsSpan(j * Order, Order);
            A.AsSpan((j * Order) + j, Order - j).CopyTo(column[j..]);
            SubtractEliminated(j, column);
        }
    }

    /// <inheritdoc/>
    protected override void InvertStorage()
    {
        SymmetricInverse.FromCholesky(S, Order, Order, team);
        Symmetric.MirrorLower(S, Order, Order);
        BlockScaling.ScaleRows(S, Order, Order, Terms, Offsets, T, transpose: false);
        BlockScaling.ScaleColumns(S, Order, Terms, Offsets, T);
        Symmetric.MirrorLower(S0, Order, Order);
    }

    /// <inheritdoc/>
    protected override void SumDiagonalProducts(Span<double> sums)
    {
        for (var t = 0; t < Terms.Count; t++)
        {
            var p = Terms[t].Dimension;
            var sum = sums.Slice(ProductStart[t], p * p);
            for (var first = Offsets[t]; first < Offsets[t + 1]; first += p)
            {
                for (var j = 0; j < p; j++)
                {
                    for (var i = 0; i < p; i++) sum[i + (j * p)] += Vectors.Dot(S0Column(first + i), NColumn(first + j));
                }
            }
        }
    }
}
