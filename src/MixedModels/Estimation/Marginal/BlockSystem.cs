using MixedModels.Covariance;
using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Marginal;

/// <summary>V in dense blocks of rows that hang together, each pattern of blocks factored once; first and second derivatives are exact.</summary>
internal sealed class BlockSystem : MarginalSystem
{
    /// <summary>Up to so many parameters, products with each E_k cost less than those between all pairs of sites.</summary>
    private const int MostFormedDirectly = 2;

    private readonly BlockWorkspace[] blocks;

    public BlockSystem(StandardizedData data, ResidualModel residual, ThetaLayout layout, IReadOnlyList<BlockPattern> patterns)
        : base(data, residual, layout) =>
        blocks = [.. patterns.Select(pattern => new BlockWorkspace(pattern, data, residual, layout))];

    /// <inheritdoc/>
    public override bool Factor(ReadOnlySpan<double> psi)
    {
        Residual.Evaluate(psi[Layout.Count..], wantsDerivatives: false);
        var theta = psi[..Layout.Count].ToArray();
        var G = Enumerable.Range(0, Layout.TermCount).Select(t => RelativeCovariance.Of(Layout.Structure(t), Layout.Slice(theta, t))).ToArray();
        Array.Clear(Cross);
        LogDeterminant = 0;
        foreach (var block in blocks)
        {
            if (!block.Factor(G)) return false;
            LogDeterminant += block.LogDeterminant;
            block.AddCross(Cross);
        }

        return true;
    }

    /// <inheritdoc/>
    public override (double[] Gradient, double[] Hessian) Derivatives(MarginalDeviance deviance, double[] psi)
    {
        var pieces = DerivativePieces(deviance, psi, deviance.nu / deviance.r2);
        return (pieces.Gradient(), pieces.Hessian());
    }

    /// <inheritdoc/>
    public override HeldSigmaDerivatives HoldSigma(MarginalDeviance deviance, double[] psi, double kappa)
    {
        var pieces = DerivativePieces(deviance, psi, kappa);
        var (hessian, rho) = (new double[Dimension * Dimension], new double[Dimension]);
        for (var l = 0; l < Dimension; l++)
        {
            rho[l] = -pieces.b(l);
            for (var k = 0; k < Dimension; k++) hessian[k + (l * Dimension)] = pieces.Unprofiled(k, l);
        }

        return new(pieces.Gradient(), hessian, rho);
    }

    /// <summary>Takes another response for the same rows.</summary>
    public void ReplaceResponse(StandardizedData numbers)
    {
        Data = numbers;
        foreach (var block in blocks) block.ReplaceResponse(numbers.y);
    }

    /// <inheritdoc/>
    public override MarginalInformation Information(MarginalDeviance deviance, double[] psi)
    {
        var pieces = Pieces(deviance, psi, wantsProducts: false);
        var (K, s2) = (pieces.Count, deviance.r2 / deviance.nu);
        var (hessian, sizes) = (new double[K * K], new double[K]);
        for (var k = 0; k < K; k++)
        {
            for (var l = 0; l < K; l++) hessian[k + (l * K)] = pieces.Unprofiled(k, l);
            if (pieces.TraceEE[k * (K + 1)] > 0) sizes[k] = (2 * pieces.Quadratic(k, k) / s2) + pieces.Trace(k, k);
        }

        return new(hessian, sizes, pieces.H);
    }

    /// <summary>X'V⁻¹ [Σ weights_kl d²V_kl] V⁻¹X at the last evaluation, in coordinates in which X'V⁻¹X is the identity: p×p.</summary>
    public double[] SecondSandwich(MarginalDeviance deviance, double[] psi, double[] weights)
    {
        Residual.Evaluate(psi.AsSpan(Layout.Count), wantsDerivatives: true);
        var sum = new double[p * p];
        foreach (var block in blocks) new SecondDerivatives(block, Residual, Layout, psi).AddSandwich(weights, deviance.RX, deviance.beta, sum);
        return sum;
    }

    /// <summary>What derivatives and inference are made of, at the last evaluation.</summary>
    public MarginalPieces Pieces(MarginalDeviance deviance, ReadOnlySpan<double> psi, bool wantsProducts) =>
        Pieces(deviance, psi, deviance.nu / deviance.r2, wantsProducts);

    private MarginalPieces DerivativePieces(MarginalDeviance deviance, ReadOnlySpan<double> psi, double kappa) =>
        IsBySites ? PiecesBySites(deviance, psi, kappa) : Pieces(deviance, psi, kappa, wantsProducts: false);

    private MarginalPieces Pieces(MarginalDeviance deviance, ReadOnlySpan<double> psi, double kappa, bool wantsProducts)
    {
        var pieces = new MarginalPieces(Dimension, p, deviance.Reml, deviance.nu, kappa, wantsProducts);
        var gammas = Enumerable.Range(0, Layout.TermCount).Select(t => new double[Layout.Structure(t).Dimension * Layout.Structure(t).Dimension]).ToArray();
        var curvature = new double[Residual.ParameterCount * Residual.ParameterCount];
        Residual.Evaluate(psi[Layout.Count..], wantsDerivatives: true);
        var sites = IsBySites ? new SiteProducts(Residual, Data.Data.n, p + 1) : null;
        foreach (var block in blocks) block.AddDerivatives(psi, deviance.RX, deviance.beta, pieces, gammas, curvature, sites);
        if (!wantsProducts) sites?.AddTo(pieces.H);
        Residual.Collect(curvature);
        AddCurvature(pieces, psi, gammas, curvature);
        return pieces;
    }

    private bool IsBySites => Layout.Count == 0 && Residual.IsOfSites && Residual.ParameterCount > MostFormedDirectly;

    /// <summary>What the gradient and the Hessian are made of, the traces of the latter in one sum with the curvature.</summary>
    private MarginalPieces PiecesBySites(MarginalDeviance deviance, ReadOnlySpan<double> psi, double kappa)
    {
        var pieces = new MarginalPieces(Dimension, p, deviance.Reml, deviance.nu, kappa, wantsProducts: false);
        var curvature = new double[Residual.ParameterCount * Residual.ParameterCount];
        Residual.Evaluate(psi, wantsDerivatives: true);
        var (sites, traces) = (new SiteProducts(Residual, Data.Data.n, p + 1), new SiteTraces(Residual));
        foreach (var block in blocks) block.AddBySites(deviance.RX, deviance.beta, pieces, curvature, sites, traces);
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
}
