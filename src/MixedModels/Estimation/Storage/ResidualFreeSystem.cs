using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The system of a model without residual variance, V0 = Z G Z' and no I beside it: the rows' own covariance, a dense block a cluster of rows that
/// share effects. Every formula of the deviance and its derivatives is one in V0⁻¹ and holds as it stands; the scale of G and sigma² are then one
/// parameter too many, and the deviance is flat along the scale of theta. O(Σ n_c³) over clusters of n_c rows.
/// </summary>
internal sealed class ResidualFreeSystem : PenalizedSystem
{
    private readonly double[] sides;
    private readonly RowCluster[] clusters;
    private double[][] G = [];

    public ResidualFreeSystem(SystemRows rows)
        : base(rows)
    {
        clusters = [.. RowClusters.Of(Terms, rows.n).Select(own => new RowCluster(own, this))];
        sides = new double[q * m];
        FillProducts();
    }

    /// <inheritdoc/>
    public override bool HasResidual => false;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> C => sides;

    /// <inheritdoc/>
    public override double FormBOperations => clusters.Sum(cluster => cluster.Operations);

    /// <inheritdoc/>
    public override void SumDiagonalBlocks(int term, Span<double> sum)
    {
        PrepareDerivatives();
        var (p, first) = (Terms[term].Dimension, Offset(term));
        var end = first + (Terms[term].LevelCount * p);
        sum.Clear();
        foreach (var cluster in clusters)
        {
            for (var e = 0; e < cluster.Effects.Length; e += Terms[TermOf(cluster.Effects[e])].Dimension)
            {
                if (cluster.Effects[e] < first || cluster.Effects[e] >= end) continue;
                for (var j = 0; j < p; j++) Vectors.AddScaled(1, cluster.B.AsSpan(e + ((e + j) * cluster.Effects.Length), p), sum.Slice(j * p, p));
            }
        }
    }

    /// <summary>G − G B_ll G.</summary>
    public override void ConditionalCovariance(int term, int level, Span<double> block)
    {
        PrepareDerivatives();
        var p = Terms[term].Dimension;
        var own = new double[p * p];
        var first = Offset(term) + (level * p);
        foreach (var cluster in clusters)
        {
            var e = cluster.Effects.IndexOf(first);
            if (e < 0) continue;
            for (var j = 0; j < p; j++) cluster.B.AsSpan(e + ((e + j) * cluster.Effects.Length), p).CopyTo(own.AsSpan(j * p));
        }

        var half = new double[p * p];
        Product.Add(1, own, p, false, G[term], p, false, half, p, p, p, p);
        G[term].CopyTo(block);
        Product.Add(-1, G[term], p, false, half, p, false, block, p, p, p, p);
    }

    /// <summary>z'G z − k'V0⁻¹k with k = Z G z.</summary>
    public override double ConditionalVariance(ReadOnlySpan<int> levels, ReadOnlySpan<double> z)
    {
        var image = new double[q];
        var variance = 0.0;
        for (int t = 0, at = 0; t < Terms.Count; at += Terms[t++].Dimension)
        {
            if (levels[t] < 0) continue;
            var p = Terms[t].Dimension;
            var own = image.AsSpan(Offset(t) + (levels[t] * p), p);
            for (var j = 0; j < p; j++) Vectors.AddScaled(z[at + j], G[t].AsSpan(j * p, p), own);
            variance += Vectors.Dot(z.Slice(at, p), own);
        }

        // H (G z) = L⁻¹k.
        foreach (var cluster in clusters)
        {
            var half = new double[cluster.Rows.Length];
            for (var e = 0; e < cluster.Effects.Length; e++) Vectors.AddScaled(image[cluster.Effects[e]], cluster.H.AsSpan(e * half.Length, half.Length), half);
            variance -= Vectors.SumOfSquares(half);
        }

        return Math.Max(0, variance);
    }

    /// <inheritdoc/>
    public override void CrossProductBlock(int term, int level, Span<double> block)
    {
        var p = Terms[term].Dimension;
        block.Clear();
        for (var r = 0; r < Rows.n; r++)
        {
            if (Terms[term].LevelOfRow.Span[r] != level) continue;
            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < p; i++) block[i + (j * p)] += Left.Z(term, i)[r] * Rows.Z(term, j)[r];
            }
        }
    }

    /// <inheritdoc/>
    public override void ApplyB(ReadOnlySpan<double> U, int columns, Span<double> BU)
    {
        PrepareDerivatives();
        BU.Clear();
        foreach (var cluster in clusters)
        {
            var k = cluster.Effects.Length;
            var (own, product) = (new double[k * columns], new double[k * columns]);
            for (var c = 0; c < columns; c++)
            {
                for (var e = 0; e < k; e++) own[e + (c * k)] = U[cluster.Effects[e] + (c * q)];
            }

            Product.Add(1, cluster.B, k, false, own, k, false, product, k, k, columns, k);
            for (var c = 0; c < columns; c++)
            {
                for (var e = 0; e < k; e++) BU[cluster.Effects[e] + (c * q)] = product[e + (c * k)];
            }
        }
    }

    /// <inheritdoc/>
    public override void FormB(Span<double> B)
    {
        PrepareDerivatives();
        B.Clear();
        foreach (var cluster in clusters)
        {
            var k = cluster.Effects.Length;
            for (var f = 0; f < k; f++)
            {
                for (var e = 0; e < k; e++) B[cluster.Effects[e] + (cluster.Effects[f] * q)] = cluster.B[e + (f * k)];
            }
        }
    }

    /// <summary>Not asked for: a search without a residual starts from equal variances, as only their ratios count.</summary>
    public override void VisitCrossProducts(CrossProductVisitor visit) => throw new NotSupportedException("Moments rest on a residual variance.");

    /// <summary>Zero: the row itself is known.</summary>
    public override void RowVariances(Span<double> h) => h.Clear();

    /// <summary>Zero: the rows themselves are known.</summary>
    public override void RowCovariances(ReadOnlySpan<int> rows, Span<double> block) => block.Clear();

    /// <summary>(G − G B G)U.</summary>
    public override void ApplyConditional(ReadOnlySpan<double> U, int columns, Span<double> result)
    {
        var (image, product) = (ApplyG(U, columns), new double[q * columns]);
        ApplyB(image, columns, product);
        image.CopyTo(result);
        Vectors.AddScaled(-1, ApplyG(product, columns), result);
    }

    /// <summary>Not asked for: a Newton step needs a penalised system, and here nothing is penalised.</summary>
    public override void SolvePenalized(ReadOnlySpan<double> V, int columns, Span<double> result) =>
        throw new NotSupportedException("Without a residual variance there is no penalised system.");

    /// <summary>The derivative of the deviance in the residual variance over sigma² at 0: tr(P0) − nu y'P0P0y/r², with BQ = V0⁻¹ under ML and P0 under REML.</summary>
    public double ResidualSlope(ProfiledDeviance deviance)
    {
        var p = deviance.beta.Length;
        var (slope, squares) = (0.0, new double[m * m]);
        foreach (var cluster in clusters)
        {
            slope += cluster.InverseTrace();
            var solved = cluster.SolvedSides();
            var n = cluster.Rows.Length;
            Product.Add(1, solved, n, true, solved, n, false, squares, m, m, m, n);
        }

        // y'P0P0y = (y − X beta)'V0⁻²(y − X beta); tr(P0) = tr(V0⁻¹) − tr((X'V0⁻¹X)⁻¹X'V0⁻²X).
        double[] weights = [.. deviance.beta.Select(value => -value), 1];
        var rate = 0.0;
        for (var j = 0; j < m; j++) rate += weights[j] * Vectors.Dot(squares.AsSpan(j * m, m), weights);
        if (deviance.Reml)
        {
            var inner = new double[p * p];
            for (var j = 0; j < p; j++) squares.AsSpan(j * m, p).CopyTo(inner.AsSpan(j * p));
            TriangularSolve.Lower(deviance.RX, p, p, inner, p, p);
            TriangularSolve.LowerTransposed(deviance.RX, p, p, inner, p, p);
            for (var j = 0; j < p; j++) slope -= inner[j * (p + 1)];
        }

        return slope - (deviance.nu * rate / deviance.r2);
    }

    /// <inheritdoc/>
    protected override void FillResponse(StandardizedData data) => FillProducts();

    /// <inheritdoc/>
    protected override void FillProducts()
    {
        Array.Clear(sides);
        for (var t = 0; t < Terms.Count; t++)
        {
            var p = Terms[t].Dimension;
            for (var j = 0; j < p; j++)
            {
                var column = Left.Z(t, j);
                for (var r = 0; r < Rows.n; r++)
                {
                    var effect = Offset(t) + (Terms[t].LevelOfRow.Span[r] * p) + j;
                    for (var c = 0; c < m; c++) sides[effect + (c * q)] += column[r] * Rows.Side(c)[r];
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void FillVC(Span<double> VC)
    {
        VC.Clear();
        foreach (var cluster in clusters) cluster.AddSides(VC, q);
    }

    /// <inheritdoc/>
    protected override bool FactorBlocks(IReadOnlyList<double[]> T)
    {
        G = [.. T.Select((factor, t) => Square(factor, Terms[t].Dimension))];
        Array.Clear(Cross);
        var logDeterminant = 0.0;
        foreach (var cluster in clusters)
        {
            if (!cluster.Factor(Rows, G, ref logDeterminant, Cross)) return false;
        }

        LogDeterminant = logDeterminant;
        return double.IsFinite(logDeterminant);
    }

    /// <inheritdoc/>
    protected override void InvertBorder()
    {
        foreach (var cluster in clusters) cluster.FormB();
    }

    private int TermOf(int effect)
    {
        var t = 0;
        while (t + 1 < Terms.Count && effect >= Offset(t + 1)) t++;
        return t;
    }

    private double[] ApplyG(ReadOnlySpan<double> U, int columns)
    {
        var image = new double[q * columns];
        for (var c = 0; c < columns; c++)
        {
            for (var t = 0; t < Terms.Count; t++)
            {
                var first = (c * q) + Offset(t);
                Product.Add(1, G[t], Terms[t].Dimension, false, U[first..], Terms[t].Dimension, false, image.AsSpan(first), Terms[t].Dimension, Terms[t].Dimension, Terms[t].LevelCount, Terms[t].Dimension);
            }
        }

        return image;
    }

    private static double[] Square(double[] T, int p)
    {
        var product = new double[p * p];
        Product.Add(1, T, p, false, T, p, true, product, p, p, p, p);
        return product;
    }
}
