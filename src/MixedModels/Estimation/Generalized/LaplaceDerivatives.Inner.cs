using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <content>What inner fixed effects add: equation (10).</content>
internal sealed partial class LaplaceDerivatives
{
    /// <summary>
    /// The covariance of (theta, beta, psi) with inner fixed effects: that of theta and psi, S⁻¹ of beta given these, and what beta moves by
    /// when they do.
    /// </summary>
    /// <param name="ofParameters">The covariance of (theta, psi).</param>
    public double[] InnerCovariance(double[] ofParameters)
    {
        var (p, k, first) = (deviance.Predictor.p, deviance.Dimension, deviance.Layout.Count);
        var all = k + p;

        // D: all parameters by those of the deviance; beta's rows are its movement.
        var (movement, D) = (InnerMovement(), new double[all * k]);
        for (var j = 0; j < k; j++)
        {
            D[(j < first ? j : j + p) + (j * all)] = 1;
            movement.AsSpan(j * p, p).CopyTo(D.AsSpan((j * all) + first));
        }

        var (image, covariance) = (new double[all * k], new double[all * all]);
        Product.Add(1, D, all, false, ofParameters, k, false, image, all, all, k, k);
        Product.Add(1, image, all, false, D, all, true, covariance, all, all, all, k);
        var unit = new double[p];
        for (var j = 0; j < p; j++)
        {
            Array.Clear(unit);
            unit[j] = 1;
            deviance.Mode.Inner!.Solve(unit);
            Vectors.AddScaled(1, unit, covariance.AsSpan(((first + j) * all) + first, p));
        }

        return covariance;
    }

    /// <summary>dbeta/dphi (p×k): −S⁻¹VCX'e_k of theta, S⁻¹N'l'_psi of psi.</summary>
    private double[] InnerMovement()
    {
        var (n, p, q) = (deviance.Predictor.n, deviance.Predictor.p, deviance.Predictor.q);
        var (E, movement) = (Directions(), new double[p * deviance.Dimension]);
        var VCX = InnerProducts();
        for (var k = deviance.Layout.Count; k < deviance.Dimension; k++) deviance.Mode.Densities.EvaluateParameter(k - deviance.Layout.Count, deviance.Mode.Eta, deviance.Psi(phi));
        for (var k = 0; k < deviance.Dimension; k++)
        {
            var own = movement.AsSpan(k * p, p);
            for (var j = 0; j < p; j++)
            {
                own[j] = k < deviance.Layout.Count
                    ? -Vectors.Dot(VCX.AsSpan(j * q, q), E.AsSpan(k * q, q))
                    : Vectors.Dot(N.AsSpan(j * n, n), deviance.Mode.Densities.Cross[k - deviance.Layout.Count]);
            }

            deviance.Mode.Inner!.Solve(own);
        }

        return movement;
    }

    /// <summary>N = X − Z L U (n×p); empty where fixed effects are parameters.</summary>
    private double[] InnerRows()
    {
        if (deviance.Mode.Inner is not { } inner) return [];
        var predictor = deviance.Predictor;
        var (n, p, q) = (predictor.n, predictor.p, predictor.q);
        var rows = (double[])predictor.X.Clone();
        if (q == 0) return rows;
        var b = (double[])inner.U.Clone();
        BlockScaling.ScaleRows(b, q, p, deviance.System.Terms, predictor.Offsets, deviance.Layout.Factors(deviance.Theta(phi)), transpose: false);
        Vectors.Scale(-1, b);
        for (var j = 0; j < p; j++) predictor.AddRandom(b.AsSpan(j * q, q), rows.AsSpan(j * n, n));
        return rows;
    }

    /// <summary>VCX = Z'V⁻¹X = Z'W N (q×p).</summary>
    private double[] InnerProducts()
    {
        var (predictor, weights) = (deviance.Predictor, deviance.Mode.Densities.Weights);
        var (n, q) = (predictor.n, predictor.q);
        var (VCX, x) = (new double[q * predictor.p], new double[n]);
        for (var j = 0; j < predictor.p; j++)
        {
            Vectors.Multiply(weights, N.AsSpan(j * n, n), x);
            predictor.RandomProducts(x, VCX.AsSpan(j * q, q));
        }

        return VCX;
    }

    /// <summary>h_i + n_i'S⁻¹n_i.</summary>
    private double[] WithInnerVariances(double[] variances)
    {
        var (n, p) = (deviance.Predictor.n, deviance.Predictor.p);
        var half = HalfOf(N, n);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < n; i++) variances[i] += half[(j * n) + i] * half[(j * n) + i];
        }

        return variances;
    }

    private double[] Restriction() => HalfOf(InnerProducts(), deviance.Predictor.q);

    /// <summary>A RX⁻ᵀ for a matrix of p columns.</summary>
    private double[] HalfOf(double[] A, int rows)
    {
        var (p, RX) = (deviance.Predictor.p, deviance.Mode.Inner!.RX);
        var half = (double[])A.Clone();
        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k < j; k++) Vectors.AddScaled(-RX[j + (k * p)], half.AsSpan(k * rows, rows), half.AsSpan(j * rows, rows));
            Vectors.Scale(1 / RX[j * (p + 1)], half.AsSpan(j * rows, rows));
        }

        return half;
    }
}
