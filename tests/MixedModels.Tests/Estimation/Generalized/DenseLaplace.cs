using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Families;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.Estimation.Generalized;

/// <summary>Laplace's approximation written out densely in the user's units, with nothing of the engine in it.</summary>
internal static class DenseLaplace
{
    /// <summary>−2 log f(y | û) + û'û + log|L'Z'WZL + I| with a dense ZL.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="phi">The engine's parameters.</param>
    public static double Deviance(GeneralizedProblem problem, double[] phi)
    {
        var (linear, deviance) = (problem.Data.Linear, problem.Deviance);
        var (n, p) = (linear.n, linear.p);
        var beta = deviance.Beta(phi).ToArray();
        Vectors.Scale(Math.Sqrt(n), beta);
        UserUnits.SolveUpper(problem.Standardized.R, p, beta);
        var offset = new double[n];
        for (var j = 0; j < p; j++) Vectors.AddScaled(beta[j], linear.X.Span.Slice(j * n, n), offset);
        var ZL = Columns(problem, phi);
        return Deviance(problem.Data.Family, problem.Data.Rows, offset, ZL, deviance.Psi(phi).ToArray());
    }

    private static double[][] Columns(GeneralizedProblem problem, double[] phi)
    {
        var (linear, deviance) = (problem.Data.Linear, problem.Deviance);
        var units = new UserUnits(problem.Standardized);
        var columns = new List<double[]>();
        for (var t = 0; t < linear.Terms.Count; t++)
        {
            var term = linear.Terms[t];
            var p = term.Dimension;
            var G = units.Covariance(t, RelativeCovariance.Of(term.Structure, deviance.Layout.Slice(deviance.Theta(phi), t)));
            var T = new double[p * p];
            SemidefiniteCholesky.Factor(G, p, T);
            for (var level = 0; level < term.LevelCount; level++)
            {
                for (var j = 0; j < p; j++)
                {
                    var column = new double[linear.n];
                    for (var r = 0; r < linear.n; r++)
                    {
                        if (term.LevelOfRow.Span[r] != level) continue;
                        for (var i = 0; i < p; i++) column[r] += term.Z.Span[r + (i * linear.n)] * T[i + (j * p)];
                    }

                    columns.Add(column);
                }
            }
        }

        return [.. columns];
    }

    private static double Deviance(Family family, Observation[] rows, double[] offset, double[][] ZL, double[] psi)
    {
        var q = ZL.Length;
        var u = new double[q];
        for (var iteration = 0; iteration < 2000; iteration++)
        {
            // Negative weights left out of the step: slower, and always uphill.
            var (value0, gradient, M) = At(family, rows, offset, ZL, psi, u, steps: true);
            Cholesky.Factor(M, q, q).ShouldBeLessThan(0);
            TriangularSolve.Lower(M, q, q, gradient, 1, q);
            TriangularSolve.LowerTransposed(M, q, q, gradient, 1, q);
            var alpha = 1.0;
            while (alpha > 1e-6)
            {
                var trial = (double[])u.Clone();
                Vectors.AddScaled(alpha, gradient, trial);
                if (At(family, rows, offset, ZL, psi, trial).Value <= value0 + 1e-11) break;
                alpha *= 0.5;
            }

            Vectors.AddScaled(alpha, gradient, u);
            if (Vectors.Norm(gradient) < 1e-13) break;
        }

        var (value, slope, matrix) = At(family, rows, offset, ZL, psi, u);
        Vectors.Norm(slope).ShouldBeLessThan(1e-9);
        Cholesky.Factor(matrix, q, q);
        for (var j = 0; j < q; j++) value += 2 * Math.Log(matrix[j * (q + 1)]);
        return value;
    }

    private static (double Value, double[] Gradient, double[] M) At(Family family, Observation[] rows, double[] offset, double[][] ZL, double[] psi, double[] u, bool steps = false)
    {
        var q = ZL.Length;
        var (value, gradient, M) = (Vectors.Dot(u, u), new double[q], new double[q * q]);
        for (var j = 0; j < q; j++) (gradient[j], M[j * (q + 1)]) = (-u[j], 1);
        for (var r = 0; r < rows.Length; r++)
        {
            var eta = offset[r];
            for (var j = 0; j < q; j++) eta += ZL[j][r] * u[j];
            var l = family.LogDensity(rows[r], eta, psi);
            value -= 2 * l.Value;
            var weight = steps ? Math.Max(0, -l.Second) : -l.Second;
            for (var j = 0; j < q; j++)
            {
                gradient[j] += ZL[j][r] * l.First;
                for (var i = 0; i < q; i++) M[i + (j * q)] += ZL[i][r] * weight * ZL[j][r];
            }
        }

        return (value, gradient, M);
    }
}
