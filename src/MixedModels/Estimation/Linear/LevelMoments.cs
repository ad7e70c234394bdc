using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// Sums over the levels of one grouping factor from which the gradient and the exact Hessian of the deviance follow, whatever the
/// number of levels. Immutable.
/// </summary>
/// <remarks>
/// B = Z'V0⁻¹Z is block-diagonal here. With v_l = [Y_l w_l], S_l = [REML: Y_lY_l'] + (nu/r²) w_lw_l', E_k = I ⊗ dG_k and
/// Q_k = Σ_l v_l'dG_k v_l: Gamma = Σ_l (B_l − S_l), and the Hessian less its second derivatives of G is
/// Σ_l tr(dG_k B_l dG_j (2S_l − B_l)) − [REML: &lt;Y'E_kY, Y'E_jY&gt;] − 2(nu/r²)(Y'E_kw)'(Y'E_jw) − nu b_kb_j/r⁴, b_k = w'E_kw.
/// </remarks>
internal sealed unsafe class LevelMoments
{
    private readonly LevelColumns columns;
    private readonly double factor;
    private readonly int m;
    private readonly double nu;
    private readonly int p;
    private readonly double r2;
    private readonly bool reml;
    private readonly int s;
    private readonly double[] sums;

    /// <summary>Sums over all levels at the kernel's T and at the fixed effects of the last evaluation.</summary>
    public LevelMoments(LevelColumns columns, LevelLanes lanes, LevelSums over, ProfiledDeviance deviance)
    {
        this.columns = columns;
        (p, m, s) = (lanes.p, lanes.m, lanes.s);
        (nu, r2, reml) = (deviance.nu, deviance.r2, deviance.Reml);
        factor = nu / r2;
        var residuals = new Residuals(deviance);
        sums = over.Over((2 * s) + (s * s) + LevelColumns.PackedSize(p * m), s, (kernel, block, totals) =>
        {
            kernel.Differentiate(block);
            residuals.Replace(kernel.V, p);
            AddBlock(kernel, block[s + (p * m)], totals);
        });
    }

    /// <summary>The same from sums in which the fixed effects were left open.</summary>
    public LevelMoments(LevelColumns columns, LevelRawSums raw, ProfiledDeviance deviance)
    {
        this.columns = columns;
        (p, m, s) = (columns.Count, deviance.beta.Length + 1, LevelColumns.PackedSize(columns.Count));
        (nu, r2, reml) = (deviance.nu, deviance.r2, deviance.Reml);
        factor = nu / r2;
        var weights = new double[m];
        if (reml) Array.Fill(weights, 1);
        weights[^1] = factor;
        sums = raw.AtFixedEffects(ChangeOfColumns(deviance), weights);
    }

    /// <summary>Whether the sums are those of the restricted deviance.</summary>
    public bool IsRestricted => reml;

    /// <summary>M with v_l = V_lM: [Y w] of VC = [VCX VCy], Y = VCX·RX⁻ᵀ and w = VCy − VCX·beta.</summary>
    private static double[] ChangeOfColumns(ProfiledDeviance deviance)
    {
        var (columns, order) = (deviance.beta.Length, deviance.beta.Length + 1);
        var M = new double[order * order];
        for (var j = 0; j < columns; j++)
        {
            var own = M.AsSpan(j * order, order);
            own[j] = 1;
            for (var k = 0; k < j; k++) Vectors.AddScaled(-deviance.RX[j + (k * columns)], M.AsSpan(k * order, order), own);
            Vectors.Scale(1 / deviance.RX[j + (j * columns)], own);
            M[j + (columns * order)] = -deviance.beta[j];
        }

        M[^1] = 1;
        return M;
    }

    private ReadOnlySpan<double> SumB => sums.AsSpan(0, s);

    private ReadOnlySpan<double> SumS => sums.AsSpan(s, s);

    /// <summary>Σ_l B_l[a, x] (2S_l − B_l)[c, b] at [(a, x), (c, b)], s×s.</summary>
    private ReadOnlySpan<double> Spread => sums.AsSpan(2 * s, s * s);

    /// <summary>Σ_l vec(v_l)vec(v_l)', packed.</summary>
    private ReadOnlySpan<double> Products => sums.AsSpan((2 * s) + (s * s));

    /// <summary>Writes Σ_l B_l of a term (p_t×p_t).</summary>
    public void SumDiagonalBlocks(int term, Span<double> sum) => columns.Extract(term, columns.Unpack(SumB), sum);

    /// <summary>Gamma_t, the derivative of the deviance in G_t (p_t×p_t).</summary>
    public void Gamma(int term, Span<double> gamma)
    {
        var difference = SumB.ToArray();
        Vectors.AddScaled(-1, SumS, difference);
        columns.Extract(term, columns.Unpack(difference), gamma);
    }

    /// <summary>Adds the Hessian but for the second derivatives of G.</summary>
    /// <param name="layout">Where parameters stand.</param>
    /// <param name="DG">A term: vec(dG_k) of its parameters, a column each.</param>
    /// <param name="hessian">k×k.</param>
    public void AddCurvature(ThetaLayout layout, double[][] DG, Span<double> hessian)
    {
        var count = layout.Count;
        var dG = new double[count][];
        for (var t = 0; t < layout.TermCount; t++)
        {
            var size = DG[t].Length / (layout.Start(t + 1) - layout.Start(t));
            for (var k = layout.Start(t); k < layout.Start(t + 1); k++)
                dG[k] = columns.Embed(t, DG[t].AsSpan((k - layout.Start(t)) * size, size));
        }

        var images = Array.ConvertAll(dG, Image);
        var contracted = new double[p * p];
        for (var k = 0; k < count; k++)
        {
            Contract(dG[k], contracted);
            for (var l = k; l < count; l++)
            {
                var curvature = Vectors.Dot(contracted, dG[l]) - LowRank(images[k], images[l]);
                hessian[l + (k * count)] += curvature;
                if (l > k) hessian[k + (l * count)] += curvature;
            }
        }
    }

    private double LowRank(double[] first, double[] second)
    {
        var sum = nu / (r2 * r2) * first[^1] * second[^1];
        for (var c = 0; c < m - 1; c++)
        {
            sum += 2 * factor * first[m - 1 + (c * m)] * second[m - 1 + (c * m)];
            if (reml) sum += Vectors.Dot(first.AsSpan(c * m, m - 1), second.AsSpan(c * m, m - 1));
        }

        return sum;
    }

    /// <summary>Q_k = Σ_l v_l'dG v_l (m×m).</summary>
    private double[] Image(double[] dG)
    {
        var products = Products;
        var result = new double[m * m];
        for (var b = 0; b < p; b++)
        {
            for (var a = 0; a < p; a++)
            {
                var weight = dG[a + (b * p)];
                if (weight == 0) continue;
                for (var d = 0; d < m; d++)
                {
                    for (var c = 0; c < m; c++) result[c + (d * m)] += weight * products[LevelColumns.PackedIndex(a + (c * p), b + (d * p))];
                }
            }
        }

        return result;
    }

    /// <summary>contracted[x, b] = Σ dG[a, c] spread[(a, x), (c, b)].</summary>
    private void Contract(double[] dG, double[] contracted)
    {
        var spread = Spread;
        Array.Clear(contracted);
        for (var c = 0; c < p; c++)
        {
            for (var a = 0; a < p; a++)
            {
                var weight = dG[a + (c * p)];
                if (weight == 0) continue;
                for (var b = 0; b < p; b++)
                {
                    var column = LevelColumns.PackedIndex(c, b) * s;
                    for (var x = 0; x < p; x++) contracted[x + (b * p)] += weight * spread[LevelColumns.PackedIndex(a, x) + column];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddBlock(LevelKernel kernel, Vector512<double> multiplicity, Vector512<double>* totals)
    {
        var B = kernel.B;
        var v = kernel.V;
        var S = totals + (2 * s) + (s * s) + LevelColumns.PackedSize(p * m);
        FormS(v, S);
        for (var e = 0; e < s; e++)
        {
            var weighted = multiplicity * B[e];
            totals[e] += weighted;
            totals[s + e] += S[e];
            S[e] = S[e] + S[e] - weighted;
        }

        var spread = totals + (2 * s);
        for (var f = 0; f < s; f++)
        {
            for (var e = 0; e < s; e++) spread[e + (f * s)] = Vector512.MultiplyAddEstimate(B[e], S[f], spread[e + (f * s)]);
        }

        var products = spread + (s * s);
        for (int i = 0, e = 0; i < p * m; i++)
        {
            var vi = v[i];
            for (var j = 0; j <= i; j++, e++) products[e] = Vector512.MultiplyAddEstimate(vi, v[j], products[e]);
        }
    }

    private void FormS(Vector512<double>* v, Vector512<double>* S)
    {
        var w = v + (p * (m - 1));
        for (int i = 0, e = 0; i < p; i++)
        {
            for (var j = 0; j <= i; j++, e++)
            {
                var sum = w[i] * w[j] * factor;
                for (var c = 0; reml && c < m - 1; c++) sum = Vector512.MultiplyAddEstimate(v[i + (c * p)], v[j + (c * p)], sum);
                S[e] = sum;
            }
        }
    }

    /// <summary>Turns Z'V0⁻¹[X y] into v = [Y w]: Y = VCX·RX⁻ᵀ and w = VCy − Y·RX'beta.</summary>
    private sealed class Residuals
    {
        private readonly double[] inverseDiagonal;
        private readonly double[] RX;
        private readonly double[] rotated;

        public Residuals(ProfiledDeviance deviance)
        {
            var p = deviance.beta.Length;
            RX = deviance.RX;
            inverseDiagonal = new double[p];
            rotated = new double[p];
            for (var j = 0; j < p; j++)
            {
                inverseDiagonal[j] = 1 / RX[j + (j * p)];
                rotated[j] = Vectors.Dot(RX.AsSpan((j * p) + j, p - j), deviance.beta.AsSpan(j));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Replace(Vector512<double>* V, int rows)
        {
            var p = rotated.Length;
            for (var j = 0; j <= p; j++)
            {
                for (var i = 0; i < rows; i++)
                {
                    var sum = V[i + (j * rows)];
                    for (var k = 0; k < j; k++)
                        sum -= V[i + (k * rows)] * (j < p ? RX[j + (k * p)] : rotated[k]);
                    V[i + (j * rows)] = j < p ? sum * inverseDiagonal[j] : sum;
                }
            }
        }
    }
}
