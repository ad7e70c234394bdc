using MixedModels.Estimation.Storage;
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
    private readonly double[][] DG;
    private readonly double[][] gamma;
    private readonly ThetaLayout layout;
    private readonly LevelMoments? moments;
    private readonly double[] Q = [];
    private readonly double[] theta;
    private double[]? y;

    /// <summary>The derivatives of a deviance at the parameters of its last evaluation.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="theta">The parameters.</param>
    /// <param name="same">Derivatives at the same covariances in other parameters, whose Gamma and B are taken over; null where there are none.</param>
    public LinearDerivatives(ProfiledDeviance deviance, ReadOnlySpan<double> theta, LinearDerivatives? same = null)
    {
        this.deviance = deviance;
        this.theta = theta.ToArray();
        layout = deviance.Layout;
        if (same is not null)
        {
            (moments, y, Q, gamma) = (same.moments, same.y, same.Q, same.gamma);
        }
        else
        {
            moments = deviance.System.Moments(deviance);
            if (moments is null) FormY(deviance, y = deviance.SidesWorkspace);
            if (moments is null && FormsB(deviance.System)) Q = FormQ();
            else deviance.System.PrepareDerivatives();
            gamma = [.. Enumerable.Range(0, layout.TermCount).Select(FormGamma)];
        }

        DG = new double[layout.TermCount][];
        for (var t = 0; t < layout.TermCount; t++)
        {
            var size = gamma[t].Length;
            DG[t] = new double[size * (layout.Start(t + 1) - layout.Start(t))];
            for (var k = 0; k < DG[t].Length / size; k++) layout.Structure(t).Derivative(k, layout.Slice(theta, t), DG[t].AsSpan(k * size, size));
        }
    }

    /// <summary>Whether these are the derivatives in the parameters of a layout, at theta.</summary>
    public bool AreAt(ThetaLayout parameters, ReadOnlySpan<double> theta) => layout == parameters && theta.SequenceEqual(this.theta);

    /// <summary>Whether <see cref="Hessian"/> is exact rather than the average information.</summary>
    public static bool IsExact(PenalizedSystem system) => system.IsBlockDiagonal || FormsB(system);

    /// <summary>Whether B itself is small enough to be formed.</summary>
    public static bool FormsB(PenalizedSystem system) => system.q <= MostEffects && system.FormBOperations <= MostOperations;

    /// <summary>Y = VCX·RX⁻ᵀ, so that VCX(X'V0⁻¹X)⁻¹VCX' = YY'.</summary>
    private double[] Y => y ??= FormY(deviance);

    /// <summary>Gamma_t, the derivative of the deviance in G_t (p_t×p_t).</summary>
    public ReadOnlySpan<double> Gamma(int term) => gamma[term];

    /// <summary>Writes E[b_lb_l' | y]/sigma² of one level (p_t×p_t): conditional mode and, under REML, beta's uncertainty included.</summary>
    public void ConditionalMoment(int term, int level, ReadOnlySpan<double> G, Span<double> moment)
    {
        var p = deviance.System.Terms[term].Dimension;
        var first = deviance.System.Offset(term) + (level * p);
        deviance.System.PrepareDerivatives();
        deviance.System.ConditionalCovariance(term, level, moment);
        AddImage(G, deviance.w.Slice(first, p), deviance.nu / deviance.r2, moment);
        if (!deviance.Reml) return;
        for (var c = 0; c < deviance.beta.Length; c++) AddImage(G, Y.AsSpan((c * deviance.System.q) + first, p), 1, moment);
    }

    /// <summary>Writes the sum over the levels of a term of the diagonal blocks of B (p_t×p_t).</summary>
    public void SumDiagonalBlocks(int term, Span<double> sum)
    {
        if (Q.Length == 0)
        {
            deviance.System.SumDiagonalBlocks(term, sum);
            return;
        }

        SumDiagonalBlocksOfQ(term, sum);
        if (deviance.Reml) AddOuterProductsOfY(term, 1, sum);
    }

    /// <summary>k first derivatives.</summary>
    public double[] Gradient()
    {
        var gradient = new double[deviance.Layout.Count];
        for (var t = 0; t < DG.Length; t++) Product.Add(1, DG[t], gamma[t].Length, true, gamma[t], gamma[t].Length, false, deviance.Layout.Slice(gradient.AsSpan(), t), CountOf(t), CountOf(t), 1, gamma[t].Length);
        return gradient;
    }

    /// <summary>k×k second derivatives: exact where B is small, else the average information.</summary>
    public double[] Hessian()
    {
        var (layout, count) = (deviance.Layout, deviance.Layout.Count);
        var hessian = new double[count * count];
        if (moments is not null) moments.AddCurvature(layout, DG, hessian);
        else if (Q.Length > 0) AddExact(hessian);
        else AddAverageInformation(hessian);
        if (moments is null) SubtractSquares(hessian);
        for (var t = 0; t < layout.TermCount; t++)
        {
            for (var k = layout.Start(t); k < layout.Start(t + 1); k++)
            {
                for (var l = layout.Start(t); l < layout.Start(t + 1); l++)
                    hessian[k + (l * count)] += layout.Structure(t).SecondDerivative(k - layout.Start(t), l - layout.Start(t), layout.Slice(theta, t), gamma[t]);
            }
        }

        return hessian;
    }

    private int CountOf(int term) => deviance.Layout.Start(term + 1) - deviance.Layout.Start(term);

    /// <summary>2nu(E_kw)'BP(E_lw)/r² − tr(BQ E_k BQ E_l).</summary>
    private void AddExact(double[] hessian)
    {
        var factor = 2 * deviance.nu / deviance.r2;
        var byProducts = HessianProducts.AreCheaper(deviance.System, deviance.Layout);
        if (byProducts || !DG.Select((derivatives, t) => DiagonalMoments.Suffice(derivatives, deviance.System.Terms[t].Dimension)).All(suffices => suffices))
            Symmetric.MirrorLower(Q, deviance.System.q, deviance.System.q);
        if (byProducts) HessianProducts.Add(deviance.System, Q, deviance.w, factor, deviance.Layout, DG, hessian);
        else new HessianMoments(deviance.System).Add(Q, deviance.w, factor, deviance.Layout, DG, hessian);
        if (deviance.Reml) return;

        // Under ML Q is B, and BP = B − YY'.
        SubtractFormsOfY(factor, hessian);
    }

    /// <summary>nu(E_kw)'BP(E_lw)/r².</summary>
    private void AddAverageInformation(double[] hessian)
    {
        var (system, count) = (deviance.System, deviance.Layout.Count);
        var q = system.q;
        var Ew = deviance.ColumnsWorkspace;
        Array.Clear(Ew);
        for (var t = 0; t < DG.Length; t++)
        {
            for (var k = 0; k < CountOf(t); k++) ApplyE(t, k, deviance.w, Ew.AsSpan((deviance.Layout.Start(t) + k) * q, q));
        }

        system.FormOfB(Ew, layout.TermOfParameters(), hessian);
        var factor = deviance.nu / deviance.r2;
        Vectors.Scale(factor, hessian);
        SubtractFormsOfY(factor, hessian);
    }

    /// <summary>Subtracts factor·(Y'E_kw)'(Y'E_lw).</summary>
    private void SubtractFormsOfY(double factor, double[] hessian)
    {
        var count = deviance.Layout.Count;
        for (var j = 0; j < deviance.beta.Length; j++)
        {
            var YEw = FormsWithW(Y.AsSpan(j * deviance.System.q, deviance.System.q));
            Product.Add(-factor, YEw, count, false, YEw, count, true, hessian, count, count, count, 1);
        }
    }

    /// <summary>Subtracts nu b_kb_l/r⁴.</summary>
    private void SubtractSquares(double[] hessian)
    {
        var (b, count) = (FormsWithW(deviance.w), deviance.Layout.Count);
        Product.Add(-deviance.nu / (deviance.r2 * deviance.r2), b, count, false, b, count, true, hessian, count, count, count, 1);
    }

    /// <summary>v'E_kw for all parameters: the inner products of dG_k with Σ_l v_lw_l'.</summary>
    private double[] FormsWithW(ReadOnlySpan<double> v)
    {
        var forms = new double[deviance.Layout.Count];
        for (var t = 0; t < DG.Length; t++)
        {
            var p = deviance.System.Terms[t].Dimension;
            var own = deviance.System.Offset(t)..deviance.System.Offset(t + 1);
            var sum = new double[p * p];
            LevelOuterProducts.Add(1, v[own], deviance.w[own], p, sum);
            Product.Add(1, DG[t], p * p, true, sum, p * p, false, deviance.Layout.Slice(forms.AsSpan(), t), CountOf(t), CountOf(t), 1, p * p);
        }

        return forms;
    }

    /// <summary>B under ML, BP = B − YY' under REML (q×q): the lower triangle, and both of each level's own block.</summary>
    private double[] FormQ()
    {
        var q = deviance.System.q;
        var result = deviance.SquareWorkspace;
        deviance.System.FormB(result);
        if (deviance.Reml) Product.AddSymmetricRankUpdate(-1, Y, q, false, result, q, q, deviance.beta.Length);
        for (var t = 0; t < layout.TermCount; t++)
        {
            var p = deviance.System.Terms[t].Dimension;
            for (var first = deviance.System.Offset(t); p > 1 && first < deviance.System.Offset(t + 1); first += p)
                Symmetric.MirrorLower(result.AsSpan(first * (q + 1), ((p - 1) * q) + p), p, q);
        }

        return result;
    }

    private void SumDiagonalBlocksOfQ(int term, Span<double> sum)
    {
        var (p, q) = (deviance.System.Terms[term].Dimension, deviance.System.q);
        var end = deviance.System.Offset(term) + (deviance.System.Terms[term].LevelCount * p);
        sum.Clear();
        for (var first = deviance.System.Offset(term); first < end; first += p)
        {
            for (var j = 0; j < p; j++) Vectors.AddScaled(1, Q.AsSpan(first + ((first + j) * q), p), sum.Slice(j * p, p));
        }
    }

    /// <summary>Y = VCX·RX⁻ᵀ (q×p) at a deviance's last evaluation.</summary>
    public static double[] FormY(ProfiledDeviance deviance)
    {
        var result = new double[deviance.System.q * deviance.beta.Length];
        FormY(deviance, result);
        return result;
    }

    private static void FormY(ProfiledDeviance deviance, double[] result)
    {
        var (q, p) = (deviance.System.q, deviance.beta.Length);
        deviance.System.VC[..(q * p)].CopyTo(result);
        for (var j = 0; j < p; j++)
        {
            var column = result.AsSpan(j * q, q);
            for (var k = 0; k < j; k++) Vectors.AddScaled(-deviance.RX[j + (k * p)], result.AsSpan(k * q, q), column);
            Vectors.Scale(1 / deviance.RX[j + (j * p)], column);
        }
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

        if (Q.Length > 0)
        {
            SumDiagonalBlocksOfQ(term, result);
        }
        else
        {
            deviance.System.SumDiagonalBlocks(term, result);
            if (deviance.Reml) AddOuterProductsOfY(term, -1, result);
        }

        AddOuterProducts(term, deviance.w, -deviance.nu / deviance.r2, result);
        return result;
    }

    private void AddOuterProductsOfY(int term, double factor, Span<double> block)
    {
        for (var c = 0; c < deviance.beta.Length; c++) AddOuterProducts(term, Y.AsSpan(c * deviance.System.q), factor, block);
    }

    /// <summary>block += factor · Σ_l v_lv_l' over the levels of a term.</summary>
    private void AddOuterProducts(int term, ReadOnlySpan<double> v, double factor, Span<double> block)
    {
        var own = v[deviance.System.Offset(term)..deviance.System.Offset(term + 1)];
        LevelOuterProducts.Add(factor, own, own, deviance.System.Terms[term].Dimension, block);
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
    private void ApplyE(int term, int k, ReadOnlySpan<double> v, Span<double> result)
    {
        var p = deviance.System.Terms[term].Dimension;
        var first = deviance.System.Offset(term);
        Product.Add(1, DG[term].AsSpan(k * p * p, p * p), p, false, v[first..], p, false, result[first..], p, p, deviance.System.Terms[term].LevelCount, p);
    }
}
