using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// The exact gradient of <see cref="LaplaceDeviance"/> at its last evaluation, by implicit differentiation of the mode, and a model of its
/// Hessian: the average information of the linear mixed model of the working response.
/// </summary>
/// <remarks>
/// With h_i = z_i'L M⁻¹L'z_i, c = −h∘l''', s = Z L M⁻¹L'Z'c, v = Z'l' and kappa = Z'(c − W s): (2)
/// dd/dbeta = X'(−2l' + c − W s), dd/dpsi = −2Σ l_psi − h'l''_psi + s'l'_psi, (3)
/// dd/dG_t = Gamma_t = Σ_l [B_ll − v_l v_l' + ½(kappa_l v_l' + v_l kappa_l')], B = Z'WZ − Z'WZ L M⁻¹L' Z'WZ. (4)
/// No inverse of L occurs, so a variance of zero is no special case. Docs: docs/generalized-models.md, section 3.
/// With inner fixed effects s is the joint mode's, Z L M⁻¹L'Z'c + N S⁻¹N'c with N = X − Z L M⁻¹L'Z'WX; where they are integrated, h_i has
/// n_i'S⁻¹n_i more and B is B − VCX S⁻¹VCX'. (10)
/// </remarks>
internal sealed partial class LaplaceDerivatives
{
    /// <summary>The step of a family parameter, a logarithm, by which its own curvature is found from differences.</summary>
    private const double ParameterStep = 1e-3;

    private readonly double[] c;
    private readonly LaplaceDeviance deviance;
    private readonly double[][] DG;
    private readonly double[][] gamma;
    private readonly double[] h;
    private readonly double[] kappa;
    private readonly double[] N;
    private readonly double[] phi;
    private readonly double[] r;
    private readonly double[] s;

    // VCX RX⁻ᵀ (q×p) of a restricted deviance; else empty.
    private readonly double[] Y = [];

    /// <summary>The derivatives at the parameters of the last evaluation.</summary>
    public LaplaceDerivatives(LaplaceDeviance deviance, ReadOnlySpan<double> phi)
    {
        (this.deviance, this.phi) = (deviance, phi.ToArray());
        var (n, q) = (deviance.Data.n, deviance.Predictor.q);
        (h, c, s, r, kappa, N) = (new double[n], new double[n], new double[n], new double[n], new double[q], InnerRows());
        if (q > 0) deviance.System.RowVariances(h);
        if (deviance.Place == FixedEffectsPlace.Integrated) (h, Y) = (WithInnerVariances(h), Restriction());
        FormResponse();
        (gamma, DG) = (new double[deviance.Layout.TermCount][], new double[deviance.Layout.Count][]);
        for (var t = 0; t < gamma.Length; t++)
        {
            gamma[t] = FormGamma(t);
            FormDirections(t);
        }
    }

    /// <summary>Gamma_t, the derivative of the deviance in G_t (p_t×p_t).</summary>
    public ReadOnlySpan<double> Gamma(int term) => gamma[term];

    /// <summary>The first derivatives in (theta, beta, psi).</summary>
    public double[] Gradient()
    {
        var gradient = new double[deviance.Dimension];
        var (layout, p) = (deviance.Layout, deviance.Predictor.p);
        for (var k = 0; k < layout.Count; k++) gradient[k] = Vectors.Dot(gamma[layout.TermOf(k)], DG[k]);
        if (deviance.Mode.Inner is null) deviance.Predictor.FixedProducts(r, gradient.AsSpan(layout.Count, p));
        for (var k = 0; k < deviance.Psi(phi).Length; k++)
        {
            var densities = deviance.Mode.Densities;
            var own = densities.EvaluateParameter(k, deviance.Mode.Eta, deviance.Psi(phi));
            gradient[deviance.FirstPsi + k] = (-2 * own) - Vectors.Dot(h, densities.CrossWeights[k]) + Vectors.Dot(s, densities.Cross[k]);
        }

        return gradient;
    }

    /// <summary>
    /// A model of the second derivatives, positive where weights are: with e_k = (I ⊗ dG_k)v and S = X'V⁻¹X, the blocks
    /// e_k'(B + VCX S⁻¹VCX')e_l + &lt;Gamma, d²G_kl&gt; of theta, 2S of beta, 2e_k'VCX between them; psi apart. Without beta among the parameters
    /// its Schur complement, e_k'(B − VCX S⁻¹VCX')e_l + &lt;Gamma, d²G_kl&gt;.
    /// </summary>
    public double[] ModelHessian()
    {
        var (order, layout, p) = (deviance.Dimension, deviance.Layout, deviance.Predictor.p);
        var hessian = new double[order * order];
        var (S, VCX) = FixedBlocks();
        var E = Directions();
        var BE = new double[E.Length];
        var q = deviance.Predictor.q;
        if (layout.Count > 0) deviance.System.ApplyB(E, layout.Count, BE);
        var cross = new double[layout.Count * p];
        for (var k = 0; k < layout.Count; k++)
        {
            for (var j = 0; j < p; j++) cross[j + (k * p)] = Vectors.Dot(E.AsSpan(k * q, q), VCX.AsSpan(j * q, q));
        }

        var isOuter = deviance.Mode.Inner is null;
        for (var j = 0; j < p && isOuter; j++)
        {
            for (var i = 0; i < p; i++) hessian[layout.Count + i + ((layout.Count + j) * order)] = 2 * S[i + (j * p)];
        }

        var half = HalfSolved(S, cross, p, layout.Count);
        for (var l = 0; l < layout.Count; l++)
        {
            for (var j = 0; j < p && isOuter; j++) hessian[layout.Count + j + (l * order)] = hessian[l + ((layout.Count + j) * order)] = 2 * cross[j + (l * p)];
            for (var k = 0; k < layout.Count; k++)
            {
                var ofBeta = Vectors.Dot(half.AsSpan(k * p, p), half.AsSpan(l * p, p));
                hessian[k + (l * order)] = Vectors.Dot(E.AsSpan(k * q, q), BE.AsSpan(l * q, q)) + (isOuter ? ofBeta : -ofBeta) + SecondDerivative(k, l);
            }
        }

        AddParameters(hessian);
        return hessian;
    }

    /// <summary>Equation (2) and the vector of (3).</summary>
    private void FormResponse()
    {
        var (densities, predictor) = (deviance.Mode.Densities, deviance.Predictor);
        var q = predictor.q;
        Vectors.Multiply(h, densities.Third, c);
        Vectors.Scale(-1, c);
        if (q > 0)
        {
            var products = new double[q];
            var b = new double[q];
            predictor.RandomProducts(c, products);
            deviance.System.ApplyConditional(products, 1, b);
            predictor.AddRandom(b, s);
        }

        if (deviance.Mode.Inner is { } inner)
        {
            var beta = new double[predictor.p];
            for (var j = 0; j < beta.Length; j++) beta[j] = Vectors.Dot(N.AsSpan(j * c.Length, c.Length), c);
            inner.Solve(beta);
            for (var j = 0; j < beta.Length; j++) Vectors.AddScaled(beta[j], N.AsSpan(j * s.Length, s.Length), s);
        }

        Vectors.Multiply(densities.Weights, s, r);
        Vectors.Scale(-1, r);
        Vectors.AddScaled(1, c, r);
        predictor.RandomProducts(r, kappa);
        Vectors.AddScaled(-2, densities.First, r);
    }

    /// <summary>Equation (4).</summary>
    private double[] FormGamma(int term)
    {
        var p = deviance.System.Terms[term].Dimension;
        var sum = new double[p * p];
        deviance.System.SumDiagonalBlocks(term, sum);
        var v = deviance.Mode.v;
        var first = deviance.Predictor.Offsets[term];
        for (var e = first; e < deviance.Predictor.Offsets[term + 1]; e += p)
        {
            for (var j = 0; j < p; j++)
            {
                for (var k = e; k < Y.Length; k += deviance.Predictor.q) Vectors.AddScaled(-Y[k + j], Y.AsSpan(k, p), sum.AsSpan(j * p, p));
                for (var i = 0; i < p; i++) sum[i + (j * p)] += (0.5 * ((kappa[e + i] * v[e + j]) + (v[e + i] * kappa[e + j]))) - (v[e + i] * v[e + j]);
            }
        }

        return sum;
    }

    private void FormDirections(int term)
    {
        var (layout, structure) = (deviance.Layout, deviance.Layout.Structure(term));
        for (var k = layout.Start(term); k < layout.Start(term + 1); k++)
        {
            DG[k] = new double[structure.Dimension * structure.Dimension];
            structure.Derivative(k - layout.Start(term), layout.Slice(deviance.Theta(phi), term), DG[k]);
        }
    }

    private double SecondDerivative(int k, int l)
    {
        var (layout, term) = (deviance.Layout, deviance.Layout.TermOf(k));
        return layout.TermOf(l) == term ? layout.Structure(term).SecondDerivative(k - layout.Start(term), l - layout.Start(term), layout.Slice(deviance.Theta(phi), term), gamma[term]) : 0;
    }

    /// <summary>e_k = (I ⊗ dG_k)v, q×k.</summary>
    private double[] Directions()
    {
        var q = deviance.Predictor.q;
        var E = new double[q * deviance.Layout.Count];
        for (var k = 0; k < deviance.Layout.Count; k++)
        {
            var term = deviance.Layout.TermOf(k);
            var p = deviance.System.Terms[term].Dimension;
            for (var e = deviance.Predictor.Offsets[term]; e < deviance.Predictor.Offsets[term + 1]; e += p)
            {
                for (var j = 0; j < p; j++) Vectors.AddScaled(deviance.Mode.v[e + j], DG[k].AsSpan(j * p, p), E.AsSpan((k * q) + e, p));
            }
        }

        return E;
    }

    /// <summary>S = X'V⁻¹X (p×p) and VCX = Z'V⁻¹X (q×p), with V⁻¹ = W − W Z L M⁻¹L' Z'W.</summary>
    private (double[] S, double[] VCX) FixedBlocks()
    {
        var (predictor, weights) = (deviance.Predictor, deviance.Mode.Densities.Weights);
        var (n, p, q) = (predictor.n, predictor.p, predictor.q);
        var (S, VCX, C, b) = (new double[p * p], new double[q * p], new double[q * p], new double[q * p]);
        var x = new double[n];
        for (var j = 0; j < p; j++)
        {
            Vectors.Multiply(weights, predictor.Column(j), x);
            predictor.RandomProducts(x, C.AsSpan(j * q, q));
        }

        Vectors.Scale(-1, C);
        if (q > 0) deviance.System.ApplyConditional(C, p, b);
        for (var j = 0; j < p; j++)
        {
            predictor.Column(j).CopyTo(x);
            predictor.AddRandom(b.AsSpan(j * q, q), x);
            Vectors.Multiply(weights, x, x);
            predictor.FixedProducts(x, S.AsSpan(j * p, p));
            predictor.RandomProducts(x, VCX.AsSpan(j * q, q));
        }

        return (S, VCX);
    }

    /// <summary>RX⁻¹cross with S = RX RX'; zeros where S is not positive definite.</summary>
    private static double[] HalfSolved(double[] S, double[] cross, int p, int columns)
    {
        var (half, factor) = ((double[])cross.Clone(), (double[])S.Clone());
        if (p == 0 || columns == 0) return half;
        if (Cholesky.Factor(factor, p, p) >= 0) Array.Clear(half);
        else TriangularSolve.Lower(factor, p, p, half, columns, p);
        return half;
    }

    /// <summary>The curvature in each family parameter with the predictors held, from differences of its exact first derivative.</summary>
    private void AddParameters(double[] hessian)
    {
        var psi = deviance.Psi(phi).ToArray();
        var order = deviance.Dimension;
        for (var k = 0; k < psi.Length; k++)
        {
            var moved = (double[])psi.Clone();
            moved[k] = psi[k] + ParameterStep;
            var after = deviance.Mode.Densities.EvaluateParameter(k, deviance.Mode.Eta, moved);
            moved[k] = psi[k] - ParameterStep;
            var before = deviance.Mode.Densities.EvaluateParameter(k, deviance.Mode.Eta, moved);
            var place = order - psi.Length + k;
            hessian[place + (place * order)] = -(after - before) / ParameterStep;
        }
    }
}
