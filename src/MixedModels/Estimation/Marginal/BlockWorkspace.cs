using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>One pattern of blocks at work: V, its factor, the rows whitened by it, and its share of every sum. A workspace of one thread.</summary>
/// <remarks>[Q y] of the pattern's blocks stands column by column, in each column block by block: n×(blocks·m) for solves, (n·blocks)×m for products.</remarks>
internal sealed class BlockWorkspace
{
    private readonly StandardizedData data;
    private readonly ResidualModel residual;
    private readonly ThetaLayout layout;
    private readonly double[] rows;
    private readonly double[] whitened;
    private readonly double[] L;
    private readonly Jet[][] cells;

    public BlockWorkspace(BlockPattern pattern, StandardizedData data, ResidualModel residual, ThetaLayout layout)
    {
        (Pattern, this.data, this.residual, this.layout) = (pattern, data, residual, layout);
        var columns = Enumerable.Range(0, p).Select(j => data.Q.AsMemory(j * data.Data.n, data.Data.n)).Append(data.y);
        rows = [.. columns.SelectMany(column => pattern.Blocks.SelectMany(block => block.Select(row => column.Span[row])))];
        whitened = new double[rows.Length];
        L = new double[n * n];
        cells = new Jet[pattern.SubjectStarts.Length - 1][];
    }

    /// <summary>The pattern.</summary>
    public BlockPattern Pattern { get; }

    /// <summary>log|V| of all its blocks at the last factor.</summary>
    public double LogDeterminant { get; private set; }

    private int n => Pattern.Order;

    private int count => Pattern.Blocks.Count;

    private int p => data.Data.p;

    private int[] First => Pattern.Blocks[0];

    /// <summary>Factors V and whitens the rows; false where V is not positive definite in double precision.</summary>
    /// <param name="G">A term: its relative covariance.</param>
    public bool Factor(double[][] G)
    {
        Array.Clear(L);
        ReadCells();
        AddResidual(L);
        for (var t = 0; t < G.Length; t++) AddTerm(t, G[t], L);
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
    public void AddDerivatives(ReadOnlySpan<double> psi, double[] RX, double[] beta, MarginalPieces pieces, double[][] gammas, double[] curvature)
    {
        ReadCells();
        var UE = Turned(RX, beta);
        var (A, B) = (new double[n * n], new double[n * n]);
        Product.AddSymmetricRankUpdate(1, UE, n, transposeA: false, A, n, n, p * count);
        Product.AddSymmetricRankUpdate(1, UE.AsSpan(p * count * n), n, transposeA: false, B, n, n, count);
        Symmetric.MirrorLower(A, n, n);
        Symmetric.MirrorLower(B, n, n);
        var active = Active(psi);
        var E = active.Select(direction => Whiten(direction.dV)).ToArray();
        AddTraces(active, E, A, B, pieces);
        AddProducts(active, E, UE, pieces);
        AddCurvatures(pieces.Gamma(A, B, n, count, UnwhitenGamma), gammas, curvature);
    }

    private void ReadCells()
    {
        for (var s = 0; s < cells.Length; s++) cells[s] = residual.Cells(Subject(s));
    }

    /// <summary>[U e] in the place of [Q y]: U = L⁻¹Q RX⁻ᵀ, e = L⁻¹(y − Q beta).</summary>
    private double[] Turned(double[] RX, double[] beta)
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

    /// <summary>dV of every parameter that moves it.</summary>
    private List<(int Parameter, double[] dV)> Active(ReadOnlySpan<double> psi)
    {
        var active = new List<(int, double[])>();
        for (var t = 0; t < layout.TermCount; t++)
        {
            var structure = layout.Structure(t);
            for (var k = 0; k < structure.ParameterCount; k++)
            {
                var dG = new double[structure.Dimension * structure.Dimension];
                structure.Derivative(k, layout.Slice(psi, t), dG);
                var dV = new double[n * n];
                AddTerm(t, dG, dV);
                active.Add((layout.Start(t) + k, dV));
            }
        }

        for (var k = 0; k < residual.ScaleStart; k++)
        {
            var dV = new double[n * n];
            if (AddStructure(k, dV)) active.Add((layout.Count + k, dV));
        }

        for (var k = 0; k < residual.Scale.ParameterCount; k++)
        {
            var dV = new double[n * n];
            if (AddScale(k, dV)) active.Add((layout.Count + residual.ScaleStart + k, dV));
        }

        return active;
    }

    private bool AddStructure(int parameter, double[] dV)
    {
        var (group, own) = (parameter / residual.OwnCount, parameter % residual.OwnCount);
        var isActive = false;
        for (var s = 0; s < cells.Length; s++)
        {
            if (residual.Data.GroupOfRow[Subject(s)[0]] != group) continue;
            residual.Add(Subject(s), cells[s], jet => jet.First.Length == 0 ? 0 : jet.First[own], dV, n, Pattern.SubjectStarts[s]);
            isActive = true;
        }

        return isActive;
    }

    /// <summary>d(s_a s_b C_ab) = (l_a,k + l_b,k) R_ab.</summary>
    private bool AddScale(int parameter, double[] dV)
    {
        var slopes = Slopes(parameter);
        if (!slopes.ContainsAnyExcept(0)) return false;
        AddResidual(dV);
        for (var b = 0; b < n; b++)
        {
            for (var a = 0; a < n; a++) dV[a + (b * n)] *= slopes[a] + slopes[b];
        }

        return true;
    }

    private Span<double> Slopes(int parameter)
    {
        var slopes = new double[n];
        for (var i = 0; i < n; i++) slopes[i] = residual.Scale.First[First[i] + (parameter * data.Data.n)];
        return slopes;
    }

    private void AddResidual(double[] R)
    {
        for (var s = 0; s < cells.Length; s++) residual.Add(Subject(s), cells[s], jet => jet.Value, R, n, Pattern.SubjectStarts[s]);
    }

    private ReadOnlySpan<int> Subject(int s) => First.AsSpan(Pattern.SubjectStarts[s], Pattern.SubjectStarts[s + 1] - Pattern.SubjectStarts[s]);

    /// <summary>Adds Z_t (I ⊗ G) Z_t'.</summary>
    private void AddTerm(int t, double[] G, double[] V)
    {
        var (size, levels) = (data.Data.Terms[t].Dimension, Pattern.Levels[t]);
        var z = Effects(t);
        Span<double> Gz = new double[size];
        for (var b = 0; b < n; b++)
        {
            Gz.Clear();
            for (var j = 0; j < size; j++) Vectors.AddScaled(z[(b * size) + j], G.AsSpan(j * size, size), Gz);
            for (var a = 0; a < n; a++)
            {
                if (levels[a] == levels[b]) V[a + (b * n)] += Vectors.Dot(z.AsSpan(a * size, size), Gz);
            }
        }
    }

    private double[] Effects(int t)
    {
        var size = data.Data.Terms[t].Dimension;
        var z = new double[n * size];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < size; j++) z[(i * size) + j] = data.Z[t][First[i] + (j * data.Data.n)];
        }

        return z;
    }

    /// <summary>L⁻¹ dV L⁻ᵀ.</summary>
    private double[] Whiten(double[] dV)
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

    private void Transpose(double[] M)
    {
        for (var j = 0; j < n; j++)
        {
            for (var i = 0; i < j; i++) (M[i + (j * n)], M[j + (i * n)]) = (M[j + (i * n)], M[i + (j * n)]);
        }
    }

    private void AddTraces(List<(int Parameter, double[] dV)> active, double[][] E, double[] A, double[] B, MarginalPieces pieces)
    {
        var (EA, EB) = (new double[n * n], new double[n * n]);
        for (var i = 0; i < E.Length; i++)
        {
            var k = active[i].Parameter;
            for (var a = 0; a < n; a++) pieces.Slope[k] += count * E[i][a * (n + 1)];
            Array.Clear(EA);
            Array.Clear(EB);
            Product.Add(1, E[i], n, false, A, n, false, EA, n, n, n, n);
            Product.Add(1, E[i], n, false, B, n, false, EB, n, n, n, n);
            for (var j = 0; j < E.Length; j++)
            {
                var place = k + (active[j].Parameter * pieces.Count);
                pieces.TraceEE[place] += count * Vectors.Dot(E[i], E[j]);
                pieces.TraceAEE[place] += Vectors.Dot(E[j], EA);
                pieces.TraceBEE[place] += Vectors.Dot(E[j], EB);
            }
        }
    }

    private void AddProducts(List<(int Parameter, double[] dV)> active, double[][] E, double[] UE, MarginalPieces pieces)
    {
        var (m, height) = (p + 1, n * count);
        var images = new double[pieces.Products.Length > 0 ? E.Length : 1][];
        for (var i = 0; i < images.Length; i++) images[i] = new double[UE.Length];
        for (var i = 0; i < E.Length; i++)
        {
            var image = images[images.Length > 1 ? i : 0];
            Array.Clear(image);
            Product.Add(1, E[i], n, false, UE, n, false, image, n, n, count * m, n);
            Product.Add(1, UE, height, true, image, height, false, pieces.H[active[i].Parameter], m, m, m, height);
        }

        for (var i = 0; pieces.Products.Length > 0 && i < E.Length; i++)
        {
            for (var j = 0; j < E.Length; j++)
                Product.Add(1, images[i], height, true, images[j], height, false, pieces.Products[active[i].Parameter + (active[j].Parameter * pieces.Count)], p, p, p, height);
        }
    }

    private void AddCurvatures(double[] Gamma, double[][] gammas, double[] curvature)
    {
        for (var t = 0; t < layout.TermCount; t++) AddGamma(t, Gamma, gammas[t]);
        if (residual.ParameterCount == 0) return;
        for (var s = 0; s < cells.Length; s++)
        {
            var start = Pattern.SubjectStarts[s];
            var own = Subject(s);
            var weights = new double[cells[s].Length];
            for (var a = 0; a < own.Length; a++)
            {
                for (var b = 0; b <= a; b++)
                {
                    weights[Jet.Pair(a, b)] = (a == b ? 1 : 2) * Gamma[start + a + ((start + b) * n)]
                        * Math.Exp(residual.Scale.Log[own[a]] + residual.Scale.Log[own[b]]);
                }
            }

            residual.AddCurvature(own, cells[s], weights, curvature);
        }

        if (residual.Scale.ParameterCount > 0) AddScaleCurvature(Gamma, curvature);
    }

    private void AddGamma(int t, double[] Gamma, double[] sum)
    {
        var (size, levels, z) = (data.Data.Terms[t].Dimension, Pattern.Levels[t], Effects(t));
        for (var b = 0; b < n; b++)
        {
            for (var a = 0; a < n; a++)
            {
                if (levels[a] != levels[b]) continue;
                for (var j = 0; j < size; j++) Vectors.AddScaled(Gamma[a + (b * n)] * z[(b * size) + j], z.AsSpan(a * size, size), sum.AsSpan(j * size, size));
            }
        }
    }

    /// <summary>
    /// With S = Gamma∘R and q its row sums: 2 Σ q_a(l_a,k l_a,l + l_a,kl) + 2 Σ l_a,k S_ab l_b,l for two scales; with S of dC in R's place,
    /// 2 Σ q_a l_a,k for a scale and a parameter of C.
    /// </summary>
    private void AddScaleCurvature(double[] Gamma, double[] curvature)
    {
        var (own, first) = (residual.ParameterCount, residual.ScaleStart);
        var S = new double[n * n];
        AddResidual(S);
        for (var i = 0; i < S.Length; i++) S[i] *= Gamma[i];
        var q = RowSums(S);
        var slopes = Enumerable.Range(0, residual.Scale.ParameterCount).Select(k => Slopes(k).ToArray()).ToArray();
        for (var l = 0; l < slopes.Length; l++)
        {
            var Sl = new double[n];
            for (var b = 0; b < n; b++) Vectors.AddScaled(slopes[l][b], S.AsSpan(b * n, n), Sl);
            for (var a = 0; a < n; a++) Sl[a] += q[a] * slopes[l][a];
            for (var k = 0; k < slopes.Length; k++) curvature[first + k + ((first + l) * own)] += 2 * Vectors.Dot(slopes[k], Sl);
        }

        foreach (var (k, l, values) in residual.Scale.Second)
        {
            var sum = 0.0;
            for (var a = 0; a < n; a++) sum += 2 * q[a] * values[First[a]];
            curvature[first + k + ((first + l) * own)] += sum;
            if (k != l) curvature[first + l + ((first + k) * own)] += sum;
        }

        for (var c = 0; c < first; c++)
        {
            Array.Clear(S);
            if (!AddStructure(c, S)) continue;
            for (var i = 0; i < S.Length; i++) S[i] *= Gamma[i];
            q = RowSums(S);
            for (var k = 0; k < slopes.Length; k++)
            {
                var sum = 2 * Vectors.Dot(q, slopes[k]);
                curvature[c + ((first + k) * own)] += sum;
                curvature[first + k + (c * own)] += sum;
            }
        }
    }

    private double[] RowSums(double[] S)
    {
        var sums = new double[n];
        for (var b = 0; b < n; b++) Vectors.AddScaled(1, S.AsSpan(b * n, n), sums);
        return sums;
    }
}
