using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Storage;

/// <summary>The deviance without a residual variance, V0 = Z G Z', against a dense evaluation and differences.</summary>
public sealed class ResidualFreeSystemTests
{
    public static TheoryData<string[], bool> Models => new()
    {
        { ["us"], false },
        { ["us"], true },
        { ["toep"], false },
        { ["ar1"], true },
        { ["ou", "us crossed"], false },
        { ["homdiag", "us crossed"], true },
        { ["cs", "us nested"], true },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Value_IsThatOfTheDenseCovariance(string[] structures, bool reml)
    {
        var (deviance, standardized) = Create(structures, reml);
        var theta = Theta(deviance, 1);
        deviance.Value(theta).ShouldBe(Dense(standardized, deviance.Layout, theta, reml), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Evaluate_EqualsFiniteDifferences(string[] structures, bool reml)
    {
        const double Step = 1e-5;
        var (deviance, _) = Create(structures, reml);
        var theta = Theta(deviance, 2);
        var point = deviance.Evaluate(theta);
        var k = theta.Length;
        var scale = 1 + point.Hessian.Max(Math.Abs);
        for (var i = 0; i < k; i++)
        {
            var above = deviance.Evaluate([.. theta.Select((value, j) => j == i ? value + Step : value)]);
            var below = deviance.Evaluate([.. theta.Select((value, j) => j == i ? value - Step : value)]);
            point.Gradient[i].ShouldBe((above.Value - below.Value) / (2 * Step), 1e-6 * scale);
            for (var j = 0; j < k; j++) point.Hessian[i + (j * k)].ShouldBe((above.Gradient[j] - below.Gradient[j]) / (2 * Step), 1e-6 * scale);
        }
    }

    /// <summary>theta times a number is the same model, as sigma² takes the scale.</summary>
    [Fact]
    public void Value_DoesNotDependOnTheScale()
    {
        var (deviance, _) = Create(["us", "us crossed"], reml: true);
        var theta = Theta(deviance, 3);
        deviance.Value([.. theta.Select(value => 7 * value)]).ShouldBe(deviance.Value(theta), 1e-10);
    }

    /// <summary>The same as a model with a residual variance e beside G, e towards 0: theta/√e in the ordinary system.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ResidualSlope_IsTheDerivativeInAResidualVariance(bool reml)
    {
        const double e = 1e-5;
        var (deviance, standardized) = Create(["us"], reml);
        var theta = Theta(deviance, 4);
        var at = deviance.Value(theta);
        var slope = ((ResidualFreeSystem)deviance.System).ResidualSlope(deviance);
        var ordinary = new ProfiledDeviance(standardized, BlockPlan.Allocate(standardized.Rows, BlockPlan.For(standardized.Data), team: null), reml);
        var beside = ordinary.Value([.. theta.Select(value => value / Math.Sqrt(e))]);
        ((beside - at) / e).ShouldBe(slope, 1e-3 * (1 + Math.Abs(slope)));
    }

    /// <summary>Conditional means given all of y: Z b gives the response back, and the conditional variance of a row is 0.</summary>
    [Fact]
    public void ConditionalParts_OfRows_LeaveNothingOver()
    {
        var (deviance, standardized) = Create(["us"], reml: false);
        var theta = Theta(deviance, 5);
        deviance.Value(theta);
        var (n, term) = (standardized.Data.n, standardized.Data.Terms[0]);
        var G = RelativeCovariance.Of(term.Structure, theta);
        var p = term.Dimension;
        for (var r = 0; r < n; r++)
        {
            double[] z = [.. Enumerable.Range(0, p).Select(j => standardized.Z[0][r + (j * n)])];
            deviance.System.ConditionalVariance([term.LevelOfRow.Span[r]], z).ShouldBe(0, 1e-10);
            var mean = deviance.beta.Select((value, c) => value * standardized.Q[r + (c * n)]).Sum();
            for (var i = 0; i < p; i++)
            {
                for (var j = 0; j < p; j++) mean += z[i] * G[i + (j * p)] * deviance.w[(term.LevelOfRow.Span[r] * p) + j];
            }

            mean.ShouldBe(standardized.y[r], 1e-9);
        }
    }

    [Fact]
    public void RowClusters_FollowChainsOfSharedLevels()
    {
        var structure = CovarianceCatalogue.Create("us", 1);
        int[] first = [0, 0, 1, 1, 2, 3];
        int[] second = [0, 1, 1, 2, 3, 3];
        RandomTermData[] terms = [new(structure, 4, first, new double[6]), new(structure, 4, second, new double[6])];
        RowClusters.Of(terms, 6).Select(rows => string.Join(' ', rows)).ShouldBe(["0 1 2 3", "4 5"]);
        RowClusters.Of(terms[..1], 6).Length.ShouldBe(4);
    }

    private static double[] Theta(ProfiledDeviance deviance, int seed)
    {
        var random = new Random(seed);
        return [.. StartValues.WithoutResidual(deviance).Select(value => value + (0.1 * RandomProblem.Normal(random)))];
    }

    /// <summary>Nine persons with four visits each, one missing in four of them; beside them an intercept a rater or a centre.</summary>
    private static (ProfiledDeviance Deviance, StandardizedData Standardized) Create(string[] structures, bool reml)
    {
        var random = new Random(11);
        (int Person, int Visit)[] rows = [.. Enumerable.Range(0, 36).Where(r => r % 9 != 3).Select(r => (r / 4, r % 4))];
        var n = rows.Length;
        var terms = structures.Select(name => name switch
        {
            "us crossed" => new RandomTermData(CovarianceCatalogue.Create("us", 1), 5, rows.Select((_, r) => r * 7 % 5).ToArray(), Enumerable.Repeat(1.0, n).ToArray()),
            "us nested" => new RandomTermData(CovarianceCatalogue.Create("us", 1), 3, rows.Select(row => row.Person / 3).ToArray(), Enumerable.Repeat(1.0, n).ToArray()),
            _ => new RandomTermData(
                CovarianceCatalogue.Create(name, 4, 2, [0, 1, 2.5, 4]),
                9,
                rows.Select(row => row.Person).ToArray(),
                Enumerable.Range(0, 4 * n).Select(e => rows[e % n].Visit == e / n ? 1.0 : 0).ToArray()),
        }).ToArray();
        var X = Enumerable.Range(0, 2 * n).Select(i => i < n ? 1 : RandomProblem.Normal(random)).ToArray();
        var y = Enumerable.Range(0, n).Select(_ => 10 + RandomProblem.Normal(random)).ToArray();
        var standardized = new StandardizedData(new(n, 2, y, X, ReadOnlyMemory<double>.Empty, terms) { HasResidual = false });
        return (new(standardized, BlockPlan.Allocate(standardized, null, team: null), reml), standardized);
    }

    private static double Dense(StandardizedData standardized, ThetaLayout layout, double[] theta, bool reml)
    {
        var plain = new DenseReference(standardized.Data);
        var G = ProfiledDevianceTests.UserFactors(standardized, layout, theta).Select(T => DenseDerivatives.Product(T, T)).ToArray();
        var V = plain.MarginalCovariance(G);
        var (n, p) = (standardized.Data.n, standardized.Data.p);
        for (var r = 0; r < n; r++) V[r, r] -= 1;
        var L = DenseAlgebra.Cholesky(V);
        var y = DenseAlgebra.Forward(L, plain.y);
        var X = Enumerable.Range(0, p).Select(j => DenseAlgebra.Forward(L, [.. Enumerable.Range(0, n).Select(r => plain.X[r, j])])).ToArray();
        var gram = new double[p, p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) gram[i, j] = DenseAlgebra.Dot(X[i], X[j]);
        }

        var R = DenseAlgebra.Cholesky(gram);
        var half = DenseAlgebra.Forward(R, [.. X.Select(column => DenseAlgebra.Dot(column, y))]);
        var r2 = DenseAlgebra.Dot(y, y) - DenseAlgebra.Dot(half, half);
        var nu = reml ? n - p : n;
        return DenseAlgebra.LogDeterminant(L) + (reml ? DenseAlgebra.LogDeterminant(R) : 0) + (nu * (1 + Math.Log(2 * Math.PI * r2 / nu)));
    }
}
