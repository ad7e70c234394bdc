using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// First and second derivatives of the profiled deviance at its last evaluation, exact, from B = Z'V0⁻¹Z, VCX and w.
/// </summary>
/// <remarks>
/// With BQ = B (ML) or BP = B − YY' (REML), Y = VCX·RX⁻ᵀ, E_k = I ⊗ dG_k and b_k = w'E_kw:
/// Gamma_t = Σ_l BQ_ll − (nu/r²) Σ_l w_lw_l', gradient_k = &lt;Gamma, dG_k&gt;,
/// Hessian_kl = −tr(BQ E_k BQ E_l) + nu[2(E_kw)'BP(E_lw)/r² − b_kb_l/r⁴] + &lt;Gamma, d²G_kl&gt;.
/// The average information drops the trace and one of the two products with BP (Gilmour, Thompson and Cullis 1995, eq. 5).
/// </remarks>
internal sealed class LinearDerivatives
{
    /// <summary>The exact Hessian is formed while the dense B it needs costs less than this many operations, about a tenth of a second.</summary>
    private const double MostOperations = 4e8;

    /// <summary>And while B itself has at most this order.</summary>
    private const int MostEffects = 2000;

    private readonly ProfiledDeviance deviance;
    private readonly double[] B = [];
    private readonly double[][] dG;
    private readonly double[][] gamma;
    private readonly LevelMoments? moments;
    private readonly int[] termOf;
    private double[]? y;

    public LinearDerivatives(ProfiledDeviance deviance, ReadOnlySpan<double> theta)
    {
        this.deviance = deviance;
        var layout = deviance.Layout;
        deviance.System.PrepareDerivatives();
        moments = deviance.System.Moments(deviance);
        if (moments is null && IsExact(deviance.System)) B = FormB();
        gamma = new double[layout.TermCount][];
        dG = new double[layout.Count][];
        termOf = new int[layout.Count];
        for (var t = 0; t < layout.TermCount; t++)
        {
            gamma[t] = FormGamma(t);
            for (var k = layout.Start(t); k < layout.Start(t + 1); k++)
            {
                termOf[k] = t;
                dG[k] = new double[gamma[t].Length];
                layout.Structure(t).Derivative(k - layout.Start(t), layout.Slice(theta, t), dG[k]);
            }
        }
    }

    /// <summary>Whether <see cref="Hessian"/> is exact rather than the average information.</summary>
    public static bool IsExact(PenalizedSystem system) => system.q <= MostEffects && system.FormBOperations <= MostOperations;

    /// <summary>Y = VCX·RX⁻ᵀ, so that VCX(X'V0⁻¹X)⁻¹VCX' = YY'.</summary>
    private double[] Y => y ??= FormY();

    /// <summary>Gamma_t, the derivative of the deviance in G_t (p_t×p_t).</summary>
    public ReadOnlySpan<double> Gamma(int term) => gamma[term];

    /// <summary>Writes E[b_lb_l' | y]/sigma² of one level (p_t×p_t): conditional mode and, under REML, beta's uncertainty included.</summary>
    public void ConditionalMoment(int term, int level, ReadOnlySpan<double> G, Span<double> moment)
    {
        var p = deviance.System.Terms[term].Dimension;
        var first = deviance.System.Offset(term) + (level * p);
        deviance.System.ConditionalCovariance(term, level, moment);
        AddImage(G, deviance.w.Slice(first, p), deviance.nu / deviance.r2, moment);
        if (!deviance.Reml) return;
        for (var c = 0; c < deviance.beta.Length; c++) AddImage(G, Y.AsSpan((c * deviance.System.q) + first, p), 1, moment);
    }

    /// <summary>k first derivatives.</summary>
    public double[] Gradient()
    {
        var gradient = new double[dG.Length];
        for (var k = 0; k < gradient.Length; k++) gradient[k] = Vectors.Dot(gamma[termOf[k]], dG[k]);
        return gradient;
    }

    /// <summary>k×k second derivatives: exact where B is small, else the average information.</summary>
    public double[] Hessian()
    {
        var hessian = moments?.Curvature(termOf, dG) ?? QuadraticPart(B.Length > 0 ? 2 : 1);
        if (B.Length > 0) SubtractTraces(hessian);
        var count = dG.Length;
        for (var k = 0; k < count; k++)
        {
            for (var l = 0; l < count; l++)
            {
                if (termOf[k] != termOf[l]) continue;
                var start = deviance.Layout.Start(termOf[k]);
                hessian[k + (l * count)] += deviance.Layout.Structure(termOf[k]).SecondDerivative(k - start, l - start, gamma[termOf[k]]);
            }
        }

        return hessian;
    }

    /// <summary>nu[factor·(E_kw)'BP(E_lw)/r² − b_kb_l/r⁴].</summary>
    private double[] QuadraticPart(double factor)
    {
        var (system, count, p) = (deviance.System, dG.Length, deviance.beta.Length);
        var q = system.q;
        var Ew = new double[q * count];
        var b = new double[count];
        for (var k = 0; k < count; k++)
        {
            ApplyE(k, deviance.w, Ew.AsSpan(k * q, q));
            b[k] = Vectors.Dot(deviance.w, Ew.AsSpan(k * q, q));
        }

        var BEw = new double[q * count];
        if (B.Length > 0) Product.Add(1, B, q, false, Ew, q, false, BEw, q, q, count, q);
        else system.ApplyB(Ew, count, BEw);
        var YEw = new double[p * count];
        for (var k = 0; k < count; k++)
        {
            for (var j = 0; j < p; j++) YEw[j + (k * p)] = Vectors.Dot(Y.AsSpan(j * q, q), Ew.AsSpan(k * q, q));
        }

        var result = new double[count * count];
        var (nu, r2) = (deviance.nu, deviance.r2);
        for (var k = 0; k < count; k++)
        {
            for (var l = k; l < count; l++)
            {
                var product = Vectors.Dot(Ew.AsSpan(k * q, q), BEw.AsSpan(l * q, q))
                    - Vectors.Dot(YEw.AsSpan(k * p, p), YEw.AsSpan(l * p, p));
                result[k + (l * count)] = nu * ((factor * product / r2) - (b[k] * b[l] / (r2 * r2)));
                result[l + (k * count)] = result[k + (l * count)];
            }
        }

        return result;
    }

    /// <summary>Subtracts tr(BQ E_k BQ E_l).</summary>
    private void SubtractTraces(double[] hessian)
    {
        var (system, count, p) = (deviance.System, dG.Length, deviance.beta.Length);
        var q = system.q;
        var BQ = (double[])B.Clone();
        if (deviance.Reml) Product.AddSymmetricRankUpdate(-1, Y, q, false, BQ, q, q, p);
        Symmetric.MirrorLower(BQ, q, q);
        for (var t = 0; t < deviance.Layout.TermCount; t++)
        {
            for (var s = 0; s <= t; s++)
            {
                var traces = new BlockTraces(BQ, q, system, t, s);
                for (var k = deviance.Layout.Start(t); k < deviance.Layout.Start(t + 1); k++)
                {
                    traces.Contract(dG[k]);
                    for (var l = deviance.Layout.Start(s); l < deviance.Layout.Start(s + 1); l++)
                    {
                        var trace = traces.With(dG[l]);
                        hessian[k + (l * count)] -= trace;
                        if (s != t) hessian[l + (k * count)] -= trace;
                    }
                }
            }
        }
    }

    /// <summary>B with both triangles (q×q).</summary>
    private double[] FormB()
    {
        var q = deviance.System.q;
        var full = new double[q * q];
        deviance.System.FormB(full);
        Symmetric.MirrorLower(full, q, q);
        return full;
    }

    /// <summary>The sum of a term's diagonal blocks of the dense B.</summary>
    private void SumDiagonalBlocks(int term, double[] sum)
    {
        var (p, q) = (deviance.System.Terms[term].Dimension, deviance.System.q);
        var end = deviance.System.Offset(term) + (deviance.System.Terms[term].LevelCount * p);
        for (var first = deviance.System.Offset(term); first < end; first += p)
        {
            for (var j = 0; j < p; j++) Vectors.AddScaled(1, B.AsSpan(first + ((first + j) * q), p), sum.AsSpan(j * p, p));
        }
    }

    private double[] FormY()
    {
        var (q, p) = (deviance.System.q, deviance.beta.Length);
        var result = deviance.System.VC[..(q * p)].ToArray();
        for (var j = 0; j < p; j++)
        {
            var column = result.AsSpan(j * q, q);
            for (var k = 0; k < j; k++) Vectors.AddScaled(-deviance.RX[j + (k * p)], result.AsSpan(k * q, q), column);
            Vectors.Scale(1 / deviance.RX[j + (j * p)], column);
        }

        return result;
    }

    private double[] FormGamma(int term)
    {
        var p = deviance.System.Terms[term].Dimension;
        var result = new double[p * p];
        if (moments is not null)
        {
            moments.Gamma(term, result);
            return result;
        }

        if (B.Length > 0) SumDiagonalBlocks(term, result);
        else deviance.System.SumDiagonalBlocks(term, result);
        if (deviance.Reml)
        {
            for (var c = 0; c < deviance.beta.Length; c++) SubtractOuterProducts(term, Y.AsSpan(c * deviance.System.q), 1, result);
        }

        SubtractOuterProducts(term, deviance.w, deviance.nu / deviance.r2, result);
        return result;
    }

    /// <summary>block −= factor · Σ_l v_lv_l' over the levels of a term.</summary>
    private void SubtractOuterProducts(int term, ReadOnlySpan<double> v, double factor, double[] block)
    {
        var (p, levels) = (deviance.System.Terms[term].Dimension, deviance.System.Terms[term].LevelCount);
        var own = v.Slice(deviance.System.Offset(term), levels * p);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                var sum = 0.0;
                for (var l = 0; l < own.Length; l += p) sum += own[l + i] * own[l + j];
                block[i + (j * p)] -= factor * sum;
            }
        }
    }

    /// <summary>block += factor · (G v)(G v)'.</summary>
    private static void AddImage(ReadOnlySpan<double> G, ReadOnlySpan<double> v, double factor, Span<double> block)
    {
        var p = v.Length;
        Span<double> image = stackalloc double[p];
        image.Clear();
        for (var j = 0; j < p; j++) Vectors.AddScaled(v[j], G.Slice(j * p, p), image);
        for (var j = 0; j < p; j++) Vectors.AddScaled(factor * image[j], image, block.Slice(j * p, p));
    }

    /// <summary>result = E_k v: dG_k times each level's block of the term, zero elsewhere.</summary>
    private void ApplyE(int k, ReadOnlySpan<double> v, Span<double> result)
    {
        var term = termOf[k];
        var p = deviance.System.Terms[term].Dimension;
        var first = deviance.System.Offset(term);
        var end = first + (deviance.System.Terms[term].LevelCount * p);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++)
            {
                var weight = dG[k][i + (j * p)];
                if (weight == 0) continue;
                for (var l = first; l < end; l += p) result[l + i] += weight * v[l + j];
            }
        }
    }
}
