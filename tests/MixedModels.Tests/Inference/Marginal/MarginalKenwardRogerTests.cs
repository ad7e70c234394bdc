using MixedModels.Data;
using MixedModels.Inference.Marginal;
using MixedModels.LinearAlgebra;
using MixedModels.Tests.Estimation.Marginal;

namespace MixedModels.Tests.Inference.Marginal;

/// <summary>Kenward and Roger's method beside residual structures: identities, and the definition evaluated densely in SAS's parameters.</summary>
public sealed class MarginalKenwardRogerTests
{
    private static readonly DataTable table = MarginalDevianceTests.Table();

    private static LinearMixedModelFit Fit(string formula, string? residual) =>
        new LinearMixedModel(formula, new() { Residual = residual is null ? null : Residual.Parse(residual) }).Fit(table);

    [Theory]
    [InlineData(DegreesOfFreedom.KenwardRoger)]
    [InlineData(DegreesOfFreedom.KenwardRogerObserved)]
    public void Coefficients_CompoundSymmetry_AreThoseOfTheRandomIntercept(DegreesOfFreedom method)
    {
        // A positive correlation, so that a random intercept can take its place.
        var sleep = DataTable.Example("sleepstudy");
        var marginal = new LinearMixedModel("Reaction ~ Days", new() { Residual = "cs(1 | Subject)" }).Fit(sleep).Coefficients(method);
        var conditional = new LinearMixedModel("Reaction ~ Days + (1 | Subject)").Fit(sleep).Coefficients(method);
        for (var j = 0; j < 2; j++)
        {
            marginal[j].StandardError.ShouldBe(conditional[j].StandardError, 1e-6 * conditional[j].StandardError);
            marginal[j].DegreesOfFreedom!.Value.ShouldBe(conditional[j].DegreesOfFreedom!.Value, 1e-5 * conditional[j].DegreesOfFreedom!.Value);
        }
    }

    [Theory]
    [InlineData("us(visit | id)", 1e-8)]
    [InlineData("toep(visit | id)", 1e-8)]
    [InlineData("cs(visit | id)", 1e-8)]
    public void Curvature_CovarianceLinearInItsParameters_IsZero(string residual, double tolerance)
    {
        var fit = Fit("y ~ x * arm", residual);
        var sigma2 = fit.Sigma * fit.Sigma;
        var pieces = fit.Marginal!.AtOptimum((deviance, psi) => MarginalKenwardRoger.Of(deviance, psi, sigma2, observed: false));
        pieces.Curvature.Max(Math.Abs).ShouldBeLessThan(tolerance / sigma2);
    }

    [Theory]
    [InlineData("ar1(visit | id)")]
    [InlineData("csh(visit | id)")]
    [InlineData("ar1h(visit | id)")]
    public void Coefficients_NonlinearStructure_AreTheDefinitionInSassParameters(string residual)
    {
        var fit = Fit("y ~ x * arm", residual);
        var omega = Omega(fit, residual);
        Matrix Covariance(double[] at) => Dense(fit, residual, at);
        var expected = Definition(fit, omega, Covariance, withCurvature: true);
        var linear = Definition(fit, omega, Covariance, withCurvature: false);
        var adjusted = fit.Coefficients(DegreesOfFreedom.KenwardRoger);
        for (var j = 0; j < adjusted.Count; j++)
        {
            adjusted[j].StandardError.ShouldBe(expected[j], 2e-6 * expected[j]);
            Math.Abs(linear[j] - expected[j]).ShouldBeGreaterThan(1e-5 * expected[j], "the term matters");
        }

        fit.Coefficients(DegreesOfFreedom.KenwardRogerLinear)[0].StandardError.ShouldNotBe(fit.Coefficients(DegreesOfFreedom.KenwardRogerObserved)[0].StandardError);
    }

    /// <summary>The structure, whether V is linear in SAS's parameters, and the days of an effect.</summary>
    [Theory]
    [InlineData("ar1", false, 4)]
    [InlineData("homcs", true, 4)]
    [InlineData("homtoep", true, 4)]
    [InlineData("hetar1", false, 4)]
    [InlineData("exp", false, 4)]
    [InlineData("cs", false, 4)]
    [InlineData("toep", false, 4)]
    [InlineData("rr", false, 4)]
    [InlineData("gau", false, 2)]
    [InlineData("ou", false, 2)]
    [InlineData("mat", false, 2)]
    public void Coefficients_StructureOfRandomEffects_AreTheDefinitionInSassParameters(string structure, bool isLinear, int width)
    {
        var sleep = DataTable.Example("sleepstudy");
        var days = ((NumericColumn)sleep["Days"]).Values.ToArray();
        var phases = sleep.WithColumn(new NumericColumn("Phase", [.. days.Select(day => Math.Floor(day / width))]));
        var effects = structure is "exp" or "gau" or "ou" or "mat" ? "Phase" : "factor(Phase)";
        var fit = new LinearMixedModel($"Reaction ~ Days + {structure}(0 + {effects} | Subject)").FitTo(phases);
        fit.Convergence.Verdict.ShouldBeOneOf(ConvergenceVerdict.Converged, ConvergenceVerdict.Boundary);
        var (term, m) = (fit.Design.RandomTerms[0], fit.Design.RandomTerms[0].ColumnNames.Count);
        var (G, s2) = (fit.RandomTerms[0].Covariance, fit.Sigma * fit.Sigma);
        double Rho(int lag) => G[lag, 0] / Math.Sqrt(G[0, 0] * G[lag, lag]);
        var natural = fit.RandomTerms[0].Parameters.Select(parameter => parameter.Value).ToArray();
        double[] variances = [.. Enumerable.Range(0, m).Select(i => G[i, i])];
        double[] omega = structure switch
        {
            "homcs" => [s2, G[0, 0], G[1, 0]],
            "homtoep" => [s2, G[0, 0], .. Enumerable.Range(1, m - 1).Select(lag => G[lag, 0])],
            "hetar1" or "cs" => [s2, .. variances, Rho(1)],
            "toep" => [s2, .. variances, .. Enumerable.Range(1, m - 1).Select(Rho)],
            "rr" => [s2, .. Loadings(G)],
            "exp" => [s2, G[0, 0], -1 / Math.Log(Rho(1))],
            "gau" or "ou" or "mat" => [s2, G[0, 0], .. natural],
            _ => [s2, G[0, 0], Rho(1)],
        };

        // Loadings of rank 2: m of the first column, then those of the second from the second effect on.
        double Loading(double[] at, int i, int column) => column == 0 ? at[1 + i] : i == 0 ? 0 : at[m + i];
        double Entry(double[] at, int i, int j) => (structure, Math.Abs(i - j)) switch
        {
            ("hetar1", var lag) => Math.Sqrt(at[1 + i] * at[1 + j]) * Math.Pow(at[^1], lag),
            ("cs", var lag) => Math.Sqrt(at[1 + i] * at[1 + j]) * (lag == 0 ? 1 : at[^1]),
            ("toep", var lag) => Math.Sqrt(at[1 + i] * at[1 + j]) * (lag == 0 ? 1 : at[m + lag]),
            ("rr", _) => (Loading(at, i, 0) * Loading(at, j, 0)) + (Loading(at, i, 1) * Loading(at, j, 1)),
            (_, 0) => at[1],
            ("homcs", _) => at[2],
            ("homtoep", var lag) => at[1 + lag],
            ("exp", var lag) => at[1] * Math.Exp(-lag / at[2]),
            ("gau", var lag) => at[1] * Math.Exp(-Math.Pow(lag / at[2], 2)),
            ("ou", var lag) => at[1] * Math.Exp(-lag * at[2]),
            ("mat", var lag) => at[1] * Matern(lag / at[2], at[3]),
            (_, var lag) => at[1] * Math.Pow(at[2], lag),
        };

        Matrix Covariance(double[] at)
        {
            var n = fit.Observations;
            var V = new double[n * n];
            for (var a = 0; a < n; a++)
            {
                for (var b = 0; b < n; b++)
                {
                    if (term.LevelOfRow.Span[a] != term.LevelOfRow.Span[b]) continue;
                    V[a + (b * n)] = (a == b ? at[0] : 0) + Entry(at, (int)(days[a] / width), (int)(days[b] / width));
                }
            }

            return new(n, n, V);
        }

        var expected = Definition(fit, omega, Covariance, withCurvature: true);
        var adjusted = fit.Coefficients(DegreesOfFreedom.KenwardRoger);
        for (var j = 0; j < adjusted.Count; j++) adjusted[j].StandardError.ShouldBe(expected[j], 3e-6 * expected[j]);
        var linear = Definition(fit, omega, Covariance, withCurvature: false);
        (Math.Abs(linear[0] - expected[0]) < 1e-6 * expected[0]).ShouldBe(isLinear);
        adjusted[1].DegreesOfFreedom!.Value.ShouldBeInRange(3, 170);
    }

    private static double[] Loadings(Matrix G)
    {
        var m = G.Rows;
        double[] first = [.. Enumerable.Range(0, m).Select(i => G[i, 0] / Math.Sqrt(G[0, 0]))];
        var root = Math.Sqrt(G[1, 1] - (first[1] * first[1]));
        return [.. first, root, .. Enumerable.Range(2, m - 2).Select(i => (G[i, 1] - (first[i] * first[1])) / root)];
    }

    /// <summary>x^ν K_ν(x)/(2^(ν−1) Γ(ν)), both functions by their integrals.</summary>
    private static double Matern(double x, double shape)
    {
        var (bessel, gamma) = (0.0, 0.0);
        for (var t = -12.0; t <= 12; t += 1.0 / 64)
        {
            bessel += Math.Exp(-x * Math.Cosh(t)) * Math.Cosh(shape * t) / 128;
            gamma += Math.Exp((shape * t) - Math.Exp(t)) / 64;
        }

        for (var t = -12 - (1.0 / 64); t > -60 / shape; t -= 1.0 / 64) gamma += Math.Exp((shape * t) - Math.Exp(t)) / 64;
        return Math.Pow(x, shape) * bessel / (Math.Pow(2, shape - 1) * gamma);
    }

    [Fact]
    public void Coefficients_AStructureThatIsUnstructured_AreThoseOfUs()
    {
        // Two effects: cs with a variance each is us, in other parameters, and for us the term in second derivatives vanishes.
        var sleep = DataTable.Example("sleepstudy");
        var days = ((NumericColumn)sleep["Days"]).Values.ToArray();
        var weeks = sleep.WithColumn(new FactorColumn("Week", ["a", "b"], [.. days.Select(day => day < 5 ? 0 : 1)]));
        var us = new LinearMixedModel("Reaction ~ Days + us(0 + Week | Subject)").Fit(weeks).Coefficients(DegreesOfFreedom.KenwardRogerObserved);
        var cs = new LinearMixedModel("Reaction ~ Days + cs(0 + Week | Subject)").Fit(weeks).Coefficients(DegreesOfFreedom.KenwardRogerLinear);
        for (var j = 0; j < 2; j++) cs[j].DegreesOfFreedom!.Value.ShouldBe(us[j].DegreesOfFreedom!.Value, 0.05 * us[j].DegreesOfFreedom!.Value);
    }

    private static double[] Omega(LinearMixedModelFit fit, string residual)
    {
        var rho = fit.Residual!.Parameters.Single().Value;
        return residual.StartsWith("ar1(", StringComparison.Ordinal)
            ? [fit.Sigma * fit.Sigma, rho]
            : [.. fit.Residual.Groups.Single().StandardDeviations.Select(sd => sd * sd), rho];
    }

    private static Matrix Dense(LinearMixedModelFit fit, string residual, double[] omega)
    {
        var (n, structure) = (fit.Observations, fit.Design.Residual!);
        var V = new double[n * n];
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b < n; b++)
            {
                if (structure.SubjectOfRow[a] != structure.SubjectOfRow[b]) continue;
                var (i, j) = (structure.SiteOfRow[a], structure.SiteOfRow[b]);
                var variance = omega.Length == 2 ? omega[0] : Math.Sqrt(omega[i] * omega[j]);
                V[a + (b * n)] = variance * (i == j ? 1 : Math.Pow(omega[^1], residual.StartsWith("csh", StringComparison.Ordinal) ? 1 : Math.Abs(i - j)));
            }
        }

        return new(n, n, V);
    }

    /// <summary>The adjusted standard errors by Kenward and Roger's formulas, derivatives of V by differences.</summary>
    private static double[] Definition(LinearMixedModelFit fit, double[] omega, Func<double[], Matrix> covariance, bool withCurvature)
    {
        var (n, p, r) = (fit.Observations, fit.Design.Fixed.ColumnNames.Count, omega.Length);
        var X = fit.Design.Fixed.X.ToArray();
        var inverse = Inverse(covariance(omega).Values.ToArray(), n);
        var Phi = Inverse(Sandwich(X, inverse, n, p), p);
        var first = Enumerable.Range(0, r).Select(i => Difference(covariance, omega, i, n)).ToArray();
        var VX = Times(inverse, n, X, n, p);
        var P0 = (double[])inverse.Clone();
        Product.Add(-1, Times(VX, n, Phi, p, p), n, false, VX, n, true, P0, n, n, n, p);
        var information = new double[r * r];
        for (var i = 0; i < r; i++)
        {
            for (var j = 0; j < r; j++)
            {
                var (left, right) = (Times(P0, n, first[i], n, n), Times(P0, n, first[j], n, n));
                for (var a = 0; a < n; a++)
                {
                    for (var b = 0; b < n; b++) information[i + (j * r)] += 0.5 * left[a + (b * n)] * right[b + (a * n)];
                }
            }
        }

        var W = Inverse(information, r);
        var correction = new double[p * p];
        for (var i = 0; i < r; i++)
        {
            for (var j = 0; j < r; j++)
            {
                var (Pi, Pj) = (Sandwich(VX, first[i], n, p), Sandwich(VX, first[j], n, p));
                var image = Times(first[j], n, VX, n, p);
                var Qij = new double[p * p];
                Product.Add(1, Times(first[i], n, VX, n, p), n, true, Times(inverse, n, image, n, p), n, false, Qij, p, p, p, n);
                Product.Add(-1, Times(Pi, p, Phi, p, p), p, false, Pj, p, false, Qij, p, p, p, p);
                Vectors.AddScaled(W[i + (j * r)], Qij, correction);
                if (withCurvature) Vectors.AddScaled(-0.25 * W[i + (j * r)], Sandwich(VX, Second(covariance, omega, i, j, n), n, p), correction);
            }
        }

        var adjusted = (double[])Phi.Clone();
        Product.Add(2, Times(Phi, p, correction, p, p), p, false, Phi, p, false, adjusted, p, p, p, p);
        return [.. Enumerable.Range(0, p).Select(j => Math.Sqrt(adjusted[j * (p + 1)]))];
    }

    private static double[] Difference(Func<double[], Matrix> covariance, double[] omega, int i, int n)
    {
        var h = 1e-5 * Math.Abs(omega[i]);
        return Combine(covariance, omega, n, [(i, h, 1), (i, -h, -1)], 2 * h);
    }

    private static double[] Second(Func<double[], Matrix> covariance, double[] omega, int i, int j, int n)
    {
        var (h, g) = (1e-3 * Math.Abs(omega[i]), 1e-3 * Math.Abs(omega[j]));
        var sum = new double[n * n];
        foreach (var (s, t) in new[] { (1, 1), (1, -1), (-1, 1), (-1, -1) })
        {
            var at = (double[])omega.Clone();
            at[i] += s * h;
            at[j] += t * g;
            Vectors.AddScaled(s * t / (4 * h * g), covariance(at).Values.Span, sum);
        }

        return sum;
    }

    private static double[] Combine(Func<double[], Matrix> covariance, double[] omega, int n, (int Place, double Step, double Weight)[] points, double divisor)
    {
        var sum = new double[n * n];
        foreach (var (place, step, weight) in points)
        {
            var at = (double[])omega.Clone();
            at[place] += step;
            Vectors.AddScaled(weight / divisor, covariance(at).Values.Span, sum);
        }

        return sum;
    }

    private static double[] Times(double[] A, int rows, double[] B, int inner, int columns)
    {
        var product = new double[rows * columns];
        Product.Add(1, A, rows, false, B, inner, false, product, rows, rows, columns, inner);
        return product;
    }

    private static double[] Sandwich(double[] X, double[] M, int n, int p)
    {
        var product = new double[p * p];
        Product.Add(1, X, n, true, Times(M, n, X, n, p), n, false, product, p, p, p, n);
        return product;
    }

    private static double[] Inverse(double[] A, int n)
    {
        var factor = (double[])A.Clone();
        Cholesky.Factor(factor, n, n).ShouldBeLessThan(0);
        SymmetricInverse.FromCholesky(factor, n, n);
        Symmetric.MirrorLower(factor, n, n);
        return factor;
    }
}
