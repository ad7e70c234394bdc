using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Linear;

/// <summary>How predictions x'beta-hat + z'b-hat move with the estimated covariance parameters, and the variance that these parameters' own uncertainty adds.</summary>
/// <remarks>
/// Along dG_k, with w = Z'P0y and F = (X'V0⁻¹X)⁻¹: dbeta = −F VCX'E_kw, dw = −BP E_kw, db = E_kw + G dw. The variance added is g'Cov(theta)g with
/// g_k = x'dbeta + z'db, the delta method at the data at hand. Sigma moves no prediction. Sources: Kass and Steffey 1989, JASA 84, 717–726, section 2; Booth and Hobert 1998, JASA 93, 262–272.
/// </remarks>
internal sealed class PredictionDerivatives
{
    private readonly double[][] dbeta;
    private readonly double[][] db;
    private readonly double[] covariance;
    private readonly StandardizedData data;
    private readonly ProfiledDeviance deviance;

    private PredictionDerivatives(StandardizedData data, ProfiledDeviance deviance, double[] theta, double[] covariance)
    {
        (this.data, this.deviance) = (data, deviance);
        var (directions, _) = VarianceDirections.OfTheta(deviance.Layout, theta);
        var (q, p, k) = (deviance.System.q, data.Data.p, directions.Count);
        var Y = LinearDerivatives.FormY(deviance);
        var images = new double[q * k];
        for (var d = 0; d < k; d++) DirectionProducts.ApplyE(deviance.System, directions[d].Term, directions[d].dG, deviance.w, images.AsSpan(d * q, q));
        var products = new double[q * k];
        if (k > 0) deviance.System.ApplyB(images, k, products);
        (dbeta, db) = (new double[k][], new double[k][]);
        for (var d = 0; d < k; d++)
        {
            // Y'E_kw first; then −RX⁻ᵀ of it is dbeta, and BP = B − YY'.
            var coordinates = new double[p];
            var image = images.AsSpan(d * q, q);
            var dw = products.AsSpan(d * q, q);
            for (var c = 0; c < p; c++)
            {
                coordinates[c] = Vectors.Dot(Y.AsSpan(c * q, q), image);
                Vectors.AddScaled(-coordinates[c], Y.AsSpan(c * q, q), dw);
            }

            db[d] = image.ToArray();
            Vectors.Scale(-1, dw);
            for (var t = 0; t < deviance.Layout.TermCount; t++)
                DirectionProducts.ApplyE(deviance.System, t, RelativeCovariance.Of(deviance.Layout.Structure(t), deviance.Layout.Slice(theta, t)), dw, db[d]);
            Vectors.Scale(-1, coordinates);
            SolveTransposedFactor(deviance.RX, p, coordinates);
            dbeta[d] = coordinates;
        }

        // Sigma stands last and moves no prediction.
        this.covariance = new double[k * k];
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++) this.covariance[i + (j * k)] = covariance[i + (j * (k + 1))];
        }
    }

    /// <summary>g'Cov(theta)g of every complete row, in the response's unit squared.</summary>
    /// <param name="estimate">The fit.</param>
    /// <param name="theta">Its covariance parameters.</param>
    /// <param name="variances">How well these are known.</param>
    /// <param name="rows">The columns and levels; a new level has the effect 0, which does not move.</param>
    /// <param name="terms">The random terms of <paramref name="rows"/>.</param>
    public static double[] Variances(LinearEstimate estimate, double[] theta, VarianceInformation variances, NewDataDesign rows, IReadOnlyList<int> terms) =>
        estimate.AtOptimum((data, deviance) => new PredictionDerivatives(data, deviance, theta, variances.Covariance).Of(rows, terms));

    private double[] Of(NewDataDesign rows, IReadOnlyList<int> terms)
    {
        var (n, p, k) = (rows.Rows.Length, data.Data.p, dbeta.Length);
        var added = new double[n];
        var x = new double[p];
        var g = new double[k];
        for (var r = 0; r < n; r++)
        {
            for (var j = 0; j < p; j++) x[j] = rows.X.Span[r + (j * n)];
            SolveTransposed(data.R, p, x);
            for (var d = 0; d < k; d++) g[d] = Vectors.Dot(x, dbeta[d]);
            for (var s = 0; s < terms.Count; s++) AddTerm(rows.RandomTerms[s], terms[s], r, n, g);
            for (var j = 0; j < k; j++) added[r] += g[j] * Vectors.Dot(covariance.AsSpan(j * k, k), g);
            added[r] *= data.Scale * data.Scale;
        }

        return added;
    }

    private void AddTerm(NewDataRandomTerm row, int term, int r, int n, double[] g)
    {
        var level = row.LevelOfRow.Span[r];
        if (level < 0) return;
        var size = data.Data.Terms[term].Dimension;
        Span<double> z = stackalloc double[size];
        for (var j = 0; j < size; j++) z[j] = row.Z.Span[r + (j * n)];
        SolveTransposed(data.K[term], size, z);
        var first = deviance.System.Offset(term) + (level * size);
        for (var d = 0; d < g.Length; d++) g[d] += Vectors.Dot(z, db[d].AsSpan(first, size));
    }

    /// <summary>b := R⁻ᵀb of an upper triangular R.</summary>
    private static void SolveTransposed(ReadOnlySpan<double> R, int p, Span<double> b)
    {
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < j; i++) b[j] -= R[i + (j * p)] * b[i];
            b[j] /= R[j * (p + 1)];
        }
    }

    /// <summary>b := L⁻ᵀb of a lower triangular L.</summary>
    private static void SolveTransposedFactor(ReadOnlySpan<double> L, int p, Span<double> b)
    {
        for (var j = p - 1; j >= 0; j--)
        {
            for (var i = j + 1; i < p; i++) b[j] -= L[i + (j * p)] * b[i];
            b[j] /= L[j * (p + 1)];
        }
    }
}
