using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// V = R of long subjects without random effects, whitened by a recursion along each: O(n), with exact first and second derivatives by forward
/// differentiation of the recursion.
/// </summary>
/// <remarks>
/// With F_k = [U e]'d(R⁻¹)_k[U e] and F_kl likewise, blocks U and e:
/// d_k = d log|R| + [REML] tr F_k,UU + (nu/r²) F_k,ee;
/// d_kl = d² log|R| + [REML](tr F_kl,UU − tr F_k,UU F_l,UU) + (nu/r²)(F_kl,ee − 2 F_k,eU F_l,Ue) − nu F_k,ee F_l,ee/r⁴.
/// </remarks>
internal sealed class SeriesSystem(StandardizedData data, ResidualModel residual, ThetaLayout layout) : MarginalSystem(data, residual, layout)
{
    private readonly RowWhitening whitening = RowWhitening.OfSeries(data, residual);

    private int m => p + 1;

    /// <inheritdoc/>
    public override bool Factor(ReadOnlySpan<double> psi)
    {
        if (!whitening.Evaluate(psi, wantsDerivatives: false)) return false;
        LogDeterminant = whitening.LogDeterminant;
        var rows = whitening.Apply([.. Data.Q, .. Data.y], Data.Data.n);
        Array.Clear(Cross);
        Product.AddSymmetricRankUpdate(1, rows, Data.Data.n, transposeA: true, Cross, m, m, Data.Data.n);
        return true;
    }

    /// <inheritdoc/>
    public override (double[] Gradient, double[] Hessian) Derivatives(MarginalDeviance deviance, double[] psi)
    {
        var forms = Forms(deviance, psi);
        var (K, ratio) = (Dimension, deviance.nu / deviance.r2);
        var (gradient, hessian) = (new double[K], forms.Unprofiled(deviance.Reml, ratio));
        for (var k = 0; k < K; k++)
        {
            gradient[k] = forms.Slopes.Gradient(k, deviance.Reml, ratio);
            for (var l = 0; l < K; l++) hessian[k + (l * K)] -= ratio / deviance.r2 * forms.Slopes.b(k) * forms.Slopes.b(l);
        }

        return (gradient, hessian);
    }

    /// <inheritdoc/>
    public override HeldSigmaDerivatives HoldSigma(MarginalDeviance deviance, double[] psi, double kappa)
    {
        var forms = Forms(deviance, psi);
        return new(
            [.. Enumerable.Range(0, Dimension).Select(k => forms.Slopes.Gradient(k, deviance.Reml, kappa))],
            forms.Unprofiled(deviance.Reml, kappa),
            [.. Enumerable.Range(0, Dimension).Select(k => -forms.Slopes.b(k))]);
    }

    /// <inheritdoc/>
    public override MarginalInformation Information(MarginalDeviance deviance, double[] psi)
    {
        var forms = Forms(deviance, psi);
        return new(forms.Unprofiled(deviance.Reml, deviance.nu / deviance.r2), forms.Sizes(deviance.nu / deviance.r2), forms.Slopes.H);
    }

    private SeriesForms Forms(MarginalDeviance deviance, double[] psi)
    {
        whitening.Evaluate(psi, wantsDerivatives: true);
        var forms = new SeriesForms(Dimension, p);
        var n = Data.Data.n;
        var turned = deviance.Turned([.. Data.Q, .. Data.y], n);
        var k = Residual.OwnCount + Residual.Scale.ParameterCount;
        foreach (var own in whitening.Subjects)
        {
            var order = own.Pattern.Order;
            var (block, result) = (new double[order * m], new double[order * m * FlatJet.Length(k)]);
            int[] places = [.. Enumerable.Range(0, k).Select(i => i < Residual.OwnCount
                ? (Residual.Data.GroupOfRow[own.Pattern.Blocks[0][0]] * Residual.OwnCount) + i
                : Residual.ScaleStart + i - Residual.OwnCount)];
            foreach (var rows in own.Pattern.Blocks)
            {
                for (var c = 0; c < m; c++)
                {
                    for (var r = 0; r < order; r++) block[r + (c * order)] = turned[rows[r] + (c * n)];
                }

                var log = ((ISubjectSeries)own).Differentiate(block, m, k, result);
                forms.Add(log, result, order, places);
            }
        }

        return forms;
    }
}
