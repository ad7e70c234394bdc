using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// The profiled deviance of y ~ N(X beta, sigma² V), V = R(phi) + Z G(theta) Z', in theta and phi together, with exact first derivatives.
/// How V is held is a <see cref="MarginalSystem"/>'s business. A workspace of one thread.
/// </summary>
/// <remarks>
/// d = log|V| + [REML: log|X'V⁻¹X|] + nu(1 + log(2π r²/nu)) + the constants of the change of units. With rows whitened by V = LL' and
/// E_k = L⁻¹ dV_k L⁻ᵀ, U = L⁻¹X RX⁻ᵀ, e = L⁻¹(y − X beta), H_k = U'E_kU, h_k = U'E_ke, b_k = e'E_ke (docs/residual-structures.md, section 3):
/// d_k = tr E_k − [REML] tr H_k − (nu/r²) b_k;
/// d_kl = −tr E_kE_l + [REML](2 tr U'E_kE_lU − tr H_kH_l) + (2nu/r²)(e'E_kE_le − h_k'h_l) − nu b_k b_l/r⁴ + &lt;Gamma, d²V_kl&gt;.
/// </remarks>
internal sealed class MarginalDeviance : IProfiledCriterion
{
    private StandardizedData data;
    private Lazy<MarginalSystem> system;
    private BlockSystem? blocks;

    public MarginalDeviance(StandardizedData data, ResidualData residual, ThetaLayout layout, bool reml, MarginalRoute route = MarginalRoute.Cheapest)
    {
        (this.data, Layout, Reml) = (data, layout, reml);
        Residual = new(residual, data.Data.n);
        Plan = new(data, Residual, layout, route);
        system = new(Plan.Allocate);
        (RX, beta) = (new double[p * p], new double[p]);
    }

    /// <summary>R.</summary>
    public ResidualModel Residual { get; }

    /// <summary>Where each random term's parameters stand; those of R come after them.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>Whether the criterion is the restricted one.</summary>
    public bool Reml { get; }

    /// <inheritdoc/>
    public int Dimension => Layout.Count + Residual.ParameterCount;

    /// <summary>Who is told of evaluations while a search goes on; null otherwise.</summary>
    public SearchProgress? Progress { get; set; }

    /// <summary>n, the number of rows.</summary>
    public int Observations => data.Data.n;

    /// <summary>n under ML, n − p under REML.</summary>
    public int nu => Reml ? data.Data.n - p : data.Data.n;

    /// <summary>r² = (y − X beta)'V⁻¹(y − X beta) at the last evaluation, standardised.</summary>
    public double r2 { get; private set; }

    /// <summary>p×p lower Cholesky factor of Q'V⁻¹Q at the last evaluation.</summary>
    public double[] RX { get; }

    /// <summary>p standardised fixed effects at the last evaluation.</summary>
    public double[] beta { get; }

    /// <summary>How V is held, and why.</summary>
    public MarginalPlan Plan { get; private set; }

    private int p => data.Data.p;

    /// <summary>d(theta, phi); NaN where it is not defined.</summary>
    public double Value(ReadOnlySpan<double> psi)
    {
        var value = Evaluated(psi);
        Progress?.Evaluated(value);
        return value;
    }

    private double Evaluated(ReadOnlySpan<double> psi)
    {
        if (!system.Value.Factor(psi) || !SolveFixedEffects(system.Value.Cross)) return double.NaN;
        var d = system.Value.LogDeterminant + (nu * (1 + Math.Log(2 * Math.PI * r2 / nu)));
        for (var j = 0; Reml && j < p; j++) d += 2 * Math.Log(RX[j * (p + 1)]);
        return d + (2 * nu * Math.Log(data.Scale)) + (Reml ? 2 * data.LogDeterminantR : 0) - data.SumLogWeights;
    }

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> psi)
    {
        var (own, value) = (psi.ToArray(), Value(psi));
        if (!double.IsFinite(value)) return new(own, value, [], []);
        var (gradient, hessian) = system.Value.Derivatives(this, own);
        return new(own, value, gradient, hessian);
    }

    /// <summary>What Satterthwaite's degrees of freedom take from the last evaluation.</summary>
    /// <param name="psi">Its parameters.</param>
    public MarginalInformation Information(double[] psi) => system.Value.Information(this, psi);

    /// <inheritdoc/>
    public HeldSigmaDerivatives HoldSigma(ReadOnlySpan<double> psi, double kappa) => system.Value.HoldSigma(this, psi.ToArray(), kappa);

    /// <summary>Takes another response for the same rows: where dense blocks hold V a pass over them, no more.</summary>
    /// <param name="numbers">The same numbers with that response, by <see cref="StandardizedData.WithResponse"/>.</param>
    public void ReplaceResponse(StandardizedData numbers)
    {
        (data, blocks) = (numbers, null);
        if (system.IsValueCreated && system.Value is BlockSystem own)
        {
            own.ReplaceResponse(numbers);
            return;
        }

        Plan = new(numbers, Residual, Layout, Plan.Route);
        system = new(Plan.Allocate);
    }

    /// <summary>X'V⁻¹ [Σ weights_kl d²V_kl] V⁻¹X at the last evaluation, in coordinates in which X'V⁻¹X is the identity: p×p.</summary>
    /// <param name="psi">Its parameters.</param>
    /// <param name="weights">K×K, symmetric.</param>
    public double[] SecondSandwich(double[] psi, double[] weights) => Blocks(psi).SecondSandwich(this, psi, weights);

    /// <summary>What derivatives and inference are made of, at the last evaluation, from dense blocks of V.</summary>
    /// <param name="psi">Its parameters.</param>
    /// <param name="wantsProducts">Whether U'E_kE_lU is wanted, K² p×p matrices.</param>
    public MarginalPieces Pieces(double[] psi, bool wantsProducts) => Blocks(psi).Pieces(this, psi, wantsProducts);

    /// <summary>Columns [X y] to [U e] = [X RX⁻ᵀ, y − X beta] at the last evaluation, whatever their height.</summary>
    public double[] Turned(ReadOnlySpan<double> columns, int height)
    {
        var turned = columns.ToArray();
        for (var j = 0; j < p; j++) Vectors.AddScaled(-beta[j], columns.Slice(j * height, height), turned.AsSpan(p * height, height));
        for (var j = 0; j < p; j++)
        {
            var column = turned.AsSpan(j * height, height);
            for (var k = 0; k < j; k++) Vectors.AddScaled(-RX[j + (k * p)], turned.AsSpan(k * height, height), column);
            Vectors.Scale(1 / RX[j * (p + 1)], column);
        }

        return turned;
    }

    /// <summary>The dense blocks of V at the last evaluation, whatever the search holds V by.</summary>
    private BlockSystem Blocks(double[] psi)
    {
        if (system.Value is BlockSystem own) return own;
        if (blocks is not null) return blocks;
        blocks = Plan.AllocateBlocks();
        blocks.Factor(psi);
        return blocks;
    }

    private bool SolveFixedEffects(double[] cross)
    {
        var m = p + 1;
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
