using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Marginal;

/// <summary>One pattern of blocks at work: V, its factor, the rows whitened by it, and its share of every sum. A workspace of one thread.</summary>
/// <remarks>[Q y] of the pattern's blocks stands column by column, in each column block by block: n×(blocks·m) for solves, (n·blocks)×m for products.</remarks>
internal sealed class BlockWorkspace
{
    private readonly StandardizedData data;
    private readonly BlockCurvature curvatures;
    private readonly double[] rows;
    private readonly double[] whitened;
    private readonly double[] L;

    public BlockWorkspace(BlockPattern pattern, StandardizedData data, ResidualModel residual, ThetaLayout layout)
    {
        (this.data, Covariance) = (data, new(pattern, data, residual, layout));
        curvatures = new(Covariance, data, residual, layout);
        rows = new double[n * count * (p + 1)];
        for (var j = 0; j <= p; j++) Gather(j < p ? data.Q.AsSpan(j * data.Data.n, data.Data.n) : data.y, rows.AsSpan(j * n * count, n * count));
        whitened = new double[rows.Length];
        L = new double[n * n];
    }

    /// <summary>V and its derivatives.</summary>
    public BlockCovariance Covariance { get; }

    /// <summary>The pattern.</summary>
    public BlockPattern Pattern => Covariance.Pattern;

    /// <summary>log|V| of all its blocks at the last factor.</summary>
    public double LogDeterminant { get; private set; }

    private int n => Pattern.Order;

    private int count => Pattern.Blocks.Count;

    private int p => data.Data.p;

    /// <summary>Takes another response, n values.</summary>
    public void ReplaceResponse(double[] y) => Gather(y, rows.AsSpan(p * n * count, n * count));

    private void Gather(ReadOnlySpan<double> column, Span<double> own)
    {
        var place = 0;
        foreach (var block in Pattern.Blocks)
        {
            foreach (var row in block) own[place++] = column[row];
        }
    }

    /// <summary>Factors V and whitens the rows; false where V is not positive definite in double precision.</summary>
    /// <param name="G">A term: its relative covariance.</param>
    public bool Factor(double[][] G)
    {
        Array.Clear(L);
        Covariance.ReadCells();
        Covariance.AddResidual(L);
        for (var t = 0; t < G.Length; t++) Covariance.AddTerm(t, G[t], L);
        if (Cholesky.Factor(L, n, n) >= 0) return false;
        LogDeterminant = 0;
        for (var i = 0; i < n; i++) LogDeterminant += 2 * count * Math.Log(L[i * (n + 1)]);
        rows.CopyTo(whitened, 0);
        TriangularSolve.Lower(L, n, n, whitened, count * (p + 1), n);
        return double.IsFinite(LogDeterminant);
    }

    /// <summary>Adds [Q y]'V⁻¹[Q y], lower triangle, (p + 1)×(p + 1).</summary>
    public void AddCross(double[] cross) =>
        Product.AddSymmetricRankUpdate(1, whitened, n * count, transposeA: true, cross, p + 1, p + 1, n * count);

    /// <summary>Adds this pattern's share of every sum.</summary>
    /// <param name="psi">The parameters of the last factor.</param>
    /// <param name="RX">p×p factor of Q'V⁻¹Q.</param>
    /// <param name="beta">p standardised fixed effects.</param>
    /// <param name="pieces">The sums.</param>
    /// <param name="gammas">A term: the sum over levels of Z_l'Gamma Z_l.</param>
    /// <param name="curvature">Second derivatives of R against Gamma.</param>
    /// <param name="sites">Where V⁻¹[X e] is gathered by site, from which all [U e]'E_k[U e] follow at once; null where they are formed here.</param>
    public void AddDerivatives(
        ReadOnlySpan<double> psi, double[] RX, double[] beta, MarginalPieces pieces, double[][] gammas, double[] curvature, SiteProducts? sites)
    {
        Covariance.ReadCells();
        var UE = Turned(RX, beta);
        var (A, B) = (new double[n * n], new double[n * n]);
        Product.AddSymmetricRankUpdate(1, UE, n, transposeA: false, A, n, n, p * count);
        Product.AddSymmetricRankUpdate(1, UE.AsSpan(p * count * n), n, transposeA: false, B, n, n, count);
        Symmetric.MirrorLower(A, n, n);
        Symmetric.MirrorLower(B, n, n);
        var active = Covariance.Active(psi);
        var E = WhitenAll(active);
        AddTraces(active, E, A, B, pieces);
        if (sites is null || pieces.Products.Length > 0) AddProducts(active, E, UE, pieces);
        else AddSites(UE, sites);
        curvatures.Add(pieces.Gamma(A, B, n, count, UnwhitenGamma), gammas, curvature);
    }

    /// <summary>Adds this pattern's share of every sum of a model in which R depends on group and site alone.</summary>
    /// <param name="RX">p×p factor of Q'V⁻¹Q.</param>
    /// <param name="beta">p standardised fixed effects.</param>
    /// <param name="pieces">The sums.</param>
    /// <param name="curvature">Second derivatives of R against Gamma.</param>
    /// <param name="sites">Takes V⁻¹[X e].</param>
    /// <param name="traces">Takes V⁻¹ and Gamma.</param>
    public void AddBySites(double[] RX, double[] beta, MarginalPieces pieces, double[] curvature, SiteProducts sites, SiteTraces traces)
    {
        Covariance.ReadCells();
        var UE = Turned(RX, beta);
        var (A, B, P) = (new double[n * n], new double[n * n], new double[n * n]);
        Product.AddSymmetricRankUpdate(1, UE, n, transposeA: false, A, n, n, p * count);
        Product.AddSymmetricRankUpdate(1, UE.AsSpan(p * count * n), n, transposeA: false, B, n, n, count);
        Symmetric.MirrorLower(A, n, n);
        Symmetric.MirrorLower(B, n, n);
        for (var i = 0; i < n; i++) P[i * (n + 1)] = 1;
        UnwhitenGamma(P);
        var Gamma = pieces.Gamma(A, B, n, count, UnwhitenGamma);
        traces.Add(Pattern.Blocks[0], P, Gamma, count);
        AddSites(UE, sites);
        curvatures.Add(Gamma, [], curvature);
    }

    /// <summary>[U e] in the place of [Q y]: U = L⁻¹Q RX⁻ᵀ, e = L⁻¹(y − Q beta).</summary>
    public double[] Turned(double[] RX, double[] beta)
    {
        var height = n * count;
        var inverse = new double[p * p];
        for (var j = 0; j < p; j++) inverse[j * (p + 1)] = 1;
        if (p > 0) TriangularSolve.Lower(RX, p, p, inverse, p, p);
        var UE = new double[whitened.Length];
        Product.Add(1, whitened, height, false, inverse, p, true, UE, height, height, p, p);
        var e = UE.AsSpan(p * height);
        whitened.AsSpan(p * height).CopyTo(e);
        for (var j = 0; j < p; j++) Vectors.AddScaled(-beta[j], whitened.AsSpan(j * height, height), e);
        return UE;
    }

    /// <summary>L⁻¹ dV L⁻ᵀ.</summary>
    public double[] Whiten(double[] dV)
    {
        TriangularSolve.Lower(L, n, n, dV, n, n);
        Transpose(dV);
        TriangularSolve.Lower(L, n, n, dV, n, n);
        return dV;
    }

    /// <summary>L⁻ᵀ Gamma L⁻¹.</summary>
    private void UnwhitenGamma(double[] Gamma)
    {
        TriangularSolve.LowerTransposed(L, n, n, Gamma, n, n);
        Transpose(Gamma);
        TriangularSolve.LowerTransposed(L, n, n, Gamma, n, n);
    }

    private void Transpose(Span<double> M)
    {
        for (var j = 0; j < n; j++)
        {
            for (var i = 0; i < j; i++) (M[i + (j * n)], M[j + (i * n)]) = (M[j + (i * n)], M[i + (j * n)]);
        }
    }

    /// <summary>All L⁻¹ dV_k L⁻ᵀ side by side, n×(nK).</summary>
    private double[] WhitenAll(List<(int Parameter, double[] dV)> active)
    {
        var (K, E) = (active.Count, new double[n * n * active.Count]);
        for (var k = 0; k < K; k++) active[k].dV.CopyTo(E, k * n * n);
        TriangularSolve.Lower(L, n, n, E, n * K, n);
        for (var k = 0; k < K; k++) Transpose(E.AsSpan(k * n * n, n * n));
        TriangularSolve.Lower(L, n, n, E, n * K, n);
        return E;
    }

    private void AddTraces(List<(int Parameter, double[] dV)> active, double[] E, double[] A, double[] B, MarginalPieces pieces)
    {
        var (K, size) = (active.Count, n * n);
        for (var i = 0; i < K; i++)
        {
            for (var a = 0; a < n; a++) pieces.Slope[active[i].Parameter] += count * E[(i * size) + (a * (n + 1))];
        }

        Scatter(active, Inner(E, E, size, K), count, pieces.TraceEE, pieces.Count);
        foreach (var (M, sums) in new[] { (A, pieces.TraceAEE), (B, pieces.TraceBEE) })
        {
            var ME = new double[E.Length];
            Product.Add(1, M, n, false, E, n, false, ME, n, n, n * K, n);
            Scatter(active, Inner(E, ME, size, K), 1, sums, pieces.Count);
        }
    }

    /// <summary>&lt;E_k, F_l&gt;, K×K: with ME_l in F's place tr E_kME_l.</summary>
    private static double[] Inner(double[] E, double[] F, int size, int K)
    {
        var products = new double[K * K];
        Product.Add(1, E, size, true, F, size, false, products, K, K, K, size);
        return products;
    }

    private static void Scatter(List<(int Parameter, double[] dV)> active, double[] products, double weight, double[] sums, int total)
    {
        var K = active.Count;
        for (var j = 0; j < K; j++)
        {
            for (var i = 0; i < K; i++)
                sums[active[i].Parameter + (active[j].Parameter * total)] += 0.5 * weight * (products[i + (j * K)] + products[j + (i * K)]);
        }
    }

    /// <summary>V⁻¹[X e] of every block to its sites.</summary>
    private void AddSites(double[] UE, SiteProducts sites)
    {
        TriangularSolve.LowerTransposed(L, n, n, UE, count * (p + 1), n);
        sites.Add(Pattern.Blocks, UE, n, p + 1);
    }

    private void AddProducts(List<(int Parameter, double[] dV)> active, double[] E, double[] UE, MarginalPieces pieces)
    {
        var (m, height) = (p + 1, n * count);
        var images = new double[pieces.Products.Length > 0 ? active.Count : 1][];
        for (var i = 0; i < images.Length; i++) images[i] = new double[UE.Length];
        for (var i = 0; i < active.Count; i++)
        {
            var image = images[images.Length > 1 ? i : 0];
            Array.Clear(image);
            Product.Add(1, E.AsSpan(i * n * n, n * n), n, false, UE, n, false, image, n, n, count * m, n);
            Product.Add(1, UE, height, true, image, height, false, pieces.H[active[i].Parameter], m, m, m, height);
        }

        for (var i = 0; pieces.Products.Length > 0 && i < active.Count; i++)
        {
            for (var j = 0; j < active.Count; j++)
                Product.Add(1, images[i], height, true, images[j], height, false, pieces.Products[active[i].Parameter + (active[j].Parameter * pieces.Count)], p, p, p, height);
        }
    }
}
