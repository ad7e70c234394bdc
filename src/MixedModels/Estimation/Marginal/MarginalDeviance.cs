using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// The profiled deviance of y ~ N(X beta, sigma² V), V = R(phi) + Z G(theta) Z', in theta and phi together, with exact derivatives. V is
/// block-diagonal; each pattern of blocks is factored once. A workspace of one thread.
/// </summary>
/// <remarks>
/// d = log|V| + [REML: log|X'V⁻¹X|] + nu(1 + log(2π r²/nu)) + the constants of the change of units. With rows whitened by V = LL' and
/// E_k = L⁻¹ dV_k L⁻ᵀ, U = L⁻¹X RX⁻ᵀ, e = L⁻¹(y − X beta), H_k = U'E_kU, h_k = U'E_ke, b_k = e'E_ke (docs/residual-structures.md, section 3):
/// d_k = tr E_k − [REML] tr H_k − (nu/r²) b_k;
/// d_kl = −tr E_kE_l + [REML](2 tr U'E_kE_lU − tr H_kH_l) + (2nu/r²)(e'E_kE_le − h_k'h_l) − nu b_k b_l/r⁴ + &lt;Gamma, d²V_kl&gt;.
/// </remarks>
internal sealed class MarginalDeviance : IProfiledCriterion
{
    /// <summary>Up to so many parameters, products with each E_k cost less than those between all pairs of sites.</summary>
    private const int MostFormedDirectly = 2;

    private StandardizedData data;
    private readonly BlockWorkspace[] blocks;
    private readonly double[] cross;

    public MarginalDeviance(StandardizedData data, ResidualData residual, ThetaLayout layout, bool reml)
    {
        (this.data, Layout, Reml) = (data, layout, reml);
        Residual = new(residual, data.Data.n);
        blocks = [.. BlockPattern.Find(data, Residual, withRandomTerms: true).Select(pattern => new BlockWorkspace(pattern, data, Residual, layout))];
        (RX, beta, cross) = (new double[p * p], new double[p], new double[m * m]);
    }

    /// <summary>R.</summary>
    public ResidualModel Residual { get; }

    /// <summary>Where each random term's parameters stand; those of R come after them.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>Whether the criterion is the restricted one.</summary>
    public bool Reml { get; }

    /// <inheritdoc/>
    public int Dimension => Layout.Count + Residual.ParameterCount;

    /// <summary>n under ML, n − p under REML.</summary>
    public int nu => Reml ? data.Data.n - p : data.Data.n;

    /// <summary>r² = (y − X beta)'V⁻¹(y − X beta) at the last evaluation, standardised.</summary>
    public double r2 { get; private set; }

    /// <summary>p×p lower Cholesky factor of Q'V⁻¹Q at the last evaluation.</summary>
    public double[] RX { get; }

    /// <summary>p standardised fixed effects at the last evaluation.</summary>
    public double[] beta { get; }

    /// <summary>The rows of the largest block.</summary>
    public int LargestBlock => blocks.Max(block => block.Pattern.Order);

    private int p => data.Data.p;

    private int m => p + 1;

    /// <summary>d(theta, phi); NaN where it is not defined.</summary>
    public double Value(ReadOnlySpan<double> psi)
    {
        Residual.Evaluate(psi[Layout.Count..], wantsDerivatives: false);
        var theta = psi[..Layout.Count].ToArray();
        var G = Enumerable.Range(0, Layout.TermCount).Select(t => RelativeCovariance.Of(Layout.Structure(t), Layout.Slice(theta, t))).ToArray();
        Array.Clear(cross);
        var d = 0.0;
        foreach (var block in blocks)
        {
            if (!block.Factor(G)) return double.NaN;
            d += block.LogDeterminant;
            block.AddCross(cross);
        }

        if (!SolveFixedEffects()) return double.NaN;
        d += nu * (1 + Math.Log(2 * Math.PI * r2 / nu));
        for (var j = 0; Reml && j < p; j++) d += 2 * Math.Log(RX[j * (p + 1)]);
        return d + (2 * nu * Math.Log(data.Scale)) + (Reml ? 2 * data.LogDeterminantR : 0) - data.SumLogWeights;
    }

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> psi)
    {
        var value = Value(psi);
        if (!double.IsFinite(value)) return new(psi.ToArray(), value, [], []);
        var pieces = DerivativePieces(psi, nu / r2);
        return new(psi.ToArray(), value, pieces.Gradient(), pieces.Hessian());
    }

    /// <inheritdoc/>
    public HeldSigmaDerivatives HoldSigma(ReadOnlySpan<double> psi, double kappa)
    {
        var pieces = DerivativePieces(psi, kappa);
        var (hessian, rho) = (new double[Dimension * Dimension], new double[Dimension]);
        for (var l = 0; l < Dimension; l++)
        {
            rho[l] = -pieces.b(l);
            for (var k = 0; k < Dimension; k++) hessian[k + (l * Dimension)] = pieces.Unprofiled(k, l);
        }

        return new(pieces.Gradient(), hessian, rho);
    }

    /// <summary>Takes another response for the same rows: a pass over them, no more.</summary>
    /// <param name="numbers">The same numbers with that response, by <see cref="StandardizedData.WithResponse"/>.</param>
    public void ReplaceResponse(StandardizedData numbers)
    {
        data = numbers;
        foreach (var block in blocks) block.ReplaceResponse(numbers.y);
    }

    /// <summary>n, the number of rows.</summary>
    public int Observations => data.Data.n;

    /// <summary>X'V⁻¹ [Σ weights_kl d²V_kl] V⁻¹X at the last evaluation, in coordinates in which X'V⁻¹X is the identity: p×p.</summary>
    /// <param name="psi">Its parameters.</param>
    /// <param name="weights">K×K, symmetric.</param>
    public double[] SecondSandwich(double[] psi, double[] weights)
    {
        Residual.Evaluate(psi.AsSpan(Layout.Count), wantsDerivatives: true);
        var sum = new double[p * p];
        foreach (var block in blocks) new SecondDerivatives(block, Residual, Layout, psi).AddSandwich(weights, RX, beta, sum);
        return sum;
    }

    /// <summary>What derivatives and inference are made of, at the last evaluation.</summary>
    /// <param name="psi">Its parameters.</param>
    /// <param name="wantsProducts">Whether U'E_kE_lU is wanted, K² p×p matrices.</param>
    public MarginalPieces Pieces(ReadOnlySpan<double> psi, bool wantsProducts) => Pieces(psi, nu / r2, wantsProducts);

    private MarginalPieces DerivativePieces(ReadOnlySpan<double> psi, double kappa) => IsBySites ? PiecesBySites(psi, kappa) : Pieces(psi, kappa, wantsProducts: false);

    private MarginalPieces Pieces(ReadOnlySpan<double> psi, double kappa, bool wantsProducts)
    {
        var pieces = new MarginalPieces(Dimension, p, Reml, nu, kappa, wantsProducts);
        var gammas = Enumerable.Range(0, Layout.TermCount).Select(t => new double[Layout.Structure(t).Dimension * Layout.Structure(t).Dimension]).ToArray();
        var curvature = new double[Residual.ParameterCount * Residual.ParameterCount];
        Residual.Evaluate(psi[Layout.Count..], wantsDerivatives: true);
        var sites = IsBySites ? new SiteProducts(Residual, data.Data.n, m) : null;
        foreach (var block in blocks) block.AddDerivatives(psi, RX, beta, pieces, gammas, curvature, sites);
        if (!wantsProducts) sites?.AddTo(pieces.H);
        Residual.Collect(curvature);
        AddCurvature(pieces, psi, gammas, curvature);
        return pieces;
    }

    private bool IsBySites => Layout.Count == 0 && Residual.IsOfSites && Residual.ParameterCount > MostFormedDirectly;

    /// <summary>What the gradient and the Hessian are made of, the traces of the latter in one sum with the curvature.</summary>
    private MarginalPieces PiecesBySites(ReadOnlySpan<double> psi, double kappa)
    {
        var pieces = new MarginalPieces(Dimension, p, Reml, nu, kappa, wantsProducts: false);
        var curvature = new double[Residual.ParameterCount * Residual.ParameterCount];
        Residual.Evaluate(psi, wantsDerivatives: true);
        var (sites, traces) = (new SiteProducts(Residual, data.Data.n, m), new SiteTraces(Residual));
        foreach (var block in blocks) block.AddBySites(RX, beta, pieces, curvature, sites, traces);
        sites.AddTo(pieces.H);
        traces.AddTo(sites, pieces);
        Residual.Collect(curvature);
        AddCurvature(pieces, psi, [], curvature);
        return pieces;
    }

    private void AddCurvature(MarginalPieces pieces, ReadOnlySpan<double> psi, double[][] gammas, double[] curvature)
    {
        for (var t = 0; t < Layout.TermCount; t++)
        {
            var (structure, start) = (Layout.Structure(t), Layout.Start(t));
            for (var k = 0; k < structure.ParameterCount; k++)
            {
                for (var l = 0; l < structure.ParameterCount; l++) pieces.Curvature[start + k + ((start + l) * Dimension)] += structure.SecondDerivative(k, l, Layout.Slice(psi, t), gammas[t]);
            }
        }

        var own = Residual.ParameterCount;
        for (var k = 0; k < own; k++)
        {
            for (var l = 0; l < own; l++) pieces.Curvature[Layout.Count + k + ((Layout.Count + l) * Dimension)] += curvature[k + (l * own)];
        }
    }

    private bool SolveFixedEffects()
    {
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++) RX[i + (j * p)] = cross[i + (j * m)];
            beta[j] = cross[p + (j * m)];
        }

        if (Cholesky.Factor(RX, p, p) >= 0) return false;
        TriangularSolve.Lower(RX, p, p, beta, 1, p);
        r2 = cross[p + (p * m)] - Vectors.Dot(beta, beta);
        TriangularSolve.LowerTransposed(RX, p, p, beta, 1, p);
        return r2 > 0;
    }
}
