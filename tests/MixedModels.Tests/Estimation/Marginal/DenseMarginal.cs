using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Numerics;

namespace MixedModels.Tests.Estimation.Marginal;

/// <summary>The deviance of y ~ N(X beta, sigma² V), n×n and from the definition, in the user's units; correlations from their natural parameters.</summary>
internal static class DenseMarginal
{
    public static double Deviance(StandardizedData data, ResidualData residual, ThetaLayout layout, double[] psi, bool reml)
    {
        var (n, p, X, y) = (data.Data.n, data.Data.p, data.Data.X.ToArray(), data.Data.y.ToArray());
        var V = Covariance(data, residual, layout, psi);
        var logV = LogDeterminant(V, n, out var inverse);
        var XVX = new double[p, p];
        var XVy = new double[p];
        var yVy = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                yVy += y[i] * inverse[i, j] * y[j];
                for (var a = 0; a < p; a++)
                {
                    XVy[a] += X[i + (a * n)] * inverse[i, j] * y[j];
                    for (var b = 0; b < p; b++) XVX[a, b] += X[i + (a * n)] * inverse[i, j] * X[j + (b * n)];
                }
            }
        }

        var logX = LogDeterminant(XVX, p, out var inverseX);
        var r2 = yVy;
        for (var a = 0; a < p; a++)
        {
            for (var b = 0; b < p; b++) r2 -= XVy[a] * inverseX[a, b] * XVy[b];
        }

        double nu = reml ? n - p : n;
        return logV + (reml ? logX : 0) + (nu * (1 + Math.Log(2 * Math.PI * r2 / nu)));
    }

    private static double[,] Covariance(StandardizedData data, ResidualData residual, ThetaLayout layout, double[] psi)
    {
        var (n, phi) = (data.Data.n, psi[layout.Count..]);
        var V = new double[n, n];
        var own = residual.Structure?.ParameterCount ?? 0;
        var logs = Logs(residual, n, phi[(residual.GroupCount * own)..]);
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b < n; b++)
            {
                if (residual.SubjectOfRow[a] != residual.SubjectOfRow[b]) continue;
                var group = residual.GroupOfRow[a];
                V[a, b] = Math.Exp(logs[a] + logs[b]) * Cell(residual, phi[(group * own)..((group + 1) * own)], residual.SiteOfRow[a], residual.SiteOfRow[b], a == b);
            }
        }

        for (var t = 0; t < layout.TermCount; t++) AddTerm(data, t, RelativeCovariance.Of(layout.Structure(t), layout.Slice(psi, t)), V);
        return V;
    }

    // Z* is Z K⁻¹: with a relative covariance in standard coordinates the marginal covariance is the same.
    private static void AddTerm(StandardizedData data, int t, double[] G, double[,] V)
    {
        var (n, term) = (data.Data.n, data.Data.Terms[t]);
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b < n; b++)
            {
                if (term.LevelOfRow.Span[a] != term.LevelOfRow.Span[b]) continue;
                for (var i = 0; i < term.Dimension; i++)
                {
                    for (var j = 0; j < term.Dimension; j++) V[a, b] += data.Z[t][a + (i * n)] * G[i + (j * term.Dimension)] * data.Z[t][b + (j * n)];
                }
            }
        }
    }

    /// <summary>Each formula from its natural parameters, written here again.</summary>
    private static double Cell(ResidualData residual, double[] phi, int a, int b, bool isSame)
    {
        var structure = residual.Structure;
        if (structure is null || (isSame && structure.IsCorrelation)) return 1;
        var natural = structure.Natural(Jet.Variables(phi)).ToDictionary(entry => entry.Name, entry => entry.Value.Value, StringComparer.Ordinal);
        var x = structure.Sites.Coordinates;
        var (low, high) = (Math.Min(a, b), Math.Max(a, b));
        var d = Math.Sqrt(x.Sum(axis => (axis[a] - axis[b]) * (axis[a] - axis[b])));
        double Stay(double f) => natural.TryGetValue("nugget", out var nugget) ? (1 - nugget) * f : f;
        string Site(int s) => structure.Sites.Names[s];
        var h = natural.TryGetValue("range", out var range) ? d / range : 0;
        return structure.Name switch
        {
            "us" => low == 0 && high == 0 ? 1 : natural[$"cov[{Site(high)},{Site(low)}]"],
            "corus" => natural[$"cor[{Site(high)},{Site(low)}]"],
            "cs" => natural["rho"],
            "ar1" => Math.Pow(natural["rho"], d),
            "toep" => natural[FormattableString.Invariant($"rho{d}")],
            "ad" => Enumerable.Range(low, high - low).Aggregate(1.0, (product, s) => product * natural[$"rho[{Site(s)},{Site(s + 1)}]"]),
            "arma" => ArmaOneOne(natural["phi1"], natural["theta1"], (int)d),
            "car1" => Stay(Math.Pow(natural["phi"], d)),
            "sp_exp" => Stay(Math.Exp(-h)),
            "sp_gau" => Stay(Math.Exp(-h * h)),
            "sp_sph" => Stay(h < 1 ? 1 - (1.5 * h) + (0.5 * h * h * h) : 0),
            "sp_lin" => Stay(Math.Max(0, 1 - h)),
            "sp_ratio" => Stay(1 / (1 + (h * h))),
            "rw" => 1 + Math.Min(x[0][a], x[0][b]) - x[0][0],
            _ => throw new InvalidOperationException(structure.Name),
        };
    }

    private static double ArmaOneOne(double phi, double theta, int lag)
    {
        // From the moving average of infinite order: gamma_k = Σ psi_j psi_j+k.
        double[] psi = [1, .. Enumerable.Range(0, 400).Select(j => (phi + theta) * Math.Pow(phi, j))];
        double Gamma(int k) => Enumerable.Range(0, psi.Length - k).Sum(j => psi[j] * psi[j + k]);
        return Gamma(lag) / Gamma(0);
    }

    /// <summary>The log scales from the natural parameters; sigma stands at the typical row, as in the engine.</summary>
    private static double[] Logs(ResidualData residual, int n, double[] phi)
    {
        var scale = new ResidualScale(residual.Scales, n);
        var natural = scale.Natural(Jet.Variables(phi)).ToDictionary(entry => (entry.Term, entry.Stratum, entry.Parameter), entry => entry.Value.Value);
        var logs = new double[n];
        for (var t = 0; t < residual.Scales.Count; t++)
        {
            var term = residual.Scales[t];
            double Value(int stratum, double v) => term.Function.Name switch
            {
                "ident" => Math.Log(natural[(t, stratum, 0)]),
                "power" => natural[(t, stratum, 0)] * Math.Log(Math.Abs(v)),
                "exp" => natural[(t, stratum, 0)] * v,
                "constpower" => Math.Log(natural[(t, stratum, 0)] + Math.Pow(Math.Abs(v), natural[(t, stratum, 1)])),
                "fixed" => 0.5 * Math.Log(v),
                _ => throw new InvalidOperationException(term.Function.Name),
            };
            var reference = term.Covariate.IsEmpty ? 0 : Value(0, term.Function.Reference(term.Covariate.Span));
            for (var r = 0; r < n; r++) logs[r] += Value(term.StratumOfRow[r], term.Covariate.IsEmpty ? 0 : term.Covariate.Span[r]) - reference;
        }

        return logs;
    }

    private static double LogDeterminant(double[,] matrix, int n, out double[,] inverse)
    {
        var (A, log) = ((double[,])matrix.Clone(), 0.0);
        inverse = new double[n, n];
        for (var i = 0; i < n; i++) inverse[i, i] = 1;
        for (var c = 0; c < n; c++)
        {
            log += Math.Log(A[c, c]);
            var pivot = A[c, c];
            for (var j = 0; j < n; j++) (A[c, j], inverse[c, j]) = (A[c, j] / pivot, inverse[c, j] / pivot);
            for (var r = 0; r < n; r++)
            {
                if (r == c || A[r, c] == 0) continue;
                var share = A[r, c];
                for (var j = 0; j < n; j++) (A[r, j], inverse[r, j]) = (A[r, j] - (share * A[c, j]), inverse[r, j] - (share * inverse[c, j]));
            }
        }

        return log;
    }
}
