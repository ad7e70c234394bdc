using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Storage;

/// <summary>Other rows and signed weights on the same levels, and what rows ask of the factor, against q×q matrices.</summary>
public sealed class ReplaceRowsTests
{
    private const int MostEffects = 300;

    [Fact]
    public void ReplaceRows_AnyProblemInAnyStorage_GivesTheSystemOfTheOthers()
    {
        var (definite, indefinite) = (0, 0);
        RandomProblems.Check(
            problem =>
            {
                var data = problem.Data();
                if (data.Terms.Sum(term => term.LevelCount * term.Dimension) > MostEffects) return;
                var random = new Random(problem.Seed);
                var standardized = new StandardizedData(data);
                var layout = new ThetaLayout(data.Terms.Select(term => term.Structure));
                var T = layout.Factors(problem.Theta(layout.Count));
                var m = random.Next(4);
                var own = OtherRows(data, m, random);
                var other = OtherRows(data, m, random);
                var least = problem.Seed % 6 == 0 ? -3 : -0.05;
                double[] signed = [.. Enumerable.Range(0, data.n).Select(_ => (random.Next(5) == 0 ? least : 2) * random.NextDouble())];
                var definition = new Definition(other, signed, T);
                var unweighted = new Definition(other, [], T);
                if (definition.IsDefinite) definite++;
                else indefinite++;
                foreach (var storage in StorageScheme.Of(data))
                {
                    var system = storage.Create(data, own);
                    system.Factor(T).ShouldBeTrue(storage.Name);
                    system.ReplaceRows(other, signed);
                    definition.ShouldHold(system, T, storage.Name, new Random(problem.Seed));
                    system.ReplaceWeights([]);
                    unweighted.ShouldHold(system, T, storage.Name, new Random(problem.Seed));
                    system.ReplaceWeights(signed);
                    definition.ShouldHold(system, T, storage.Name, new Random(problem.Seed));
                }
            },
            count: 120);
        definite.ShouldBeGreaterThan(50);
        indefinite.ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    public void ReplaceRows_WithSeveralLevelsOfATerm_GivesTheSystemOfTheOthers(int seed, int columns)
    {
        var data = WithSeveralLevels(new Random(seed), columns);
        var random = new Random(seed + 10);
        var layout = new ThetaLayout(data.Terms.Select(term => term.Structure));
        var T = layout.Factors([.. Enumerable.Range(0, layout.Count).Select(k => seed == 4 && k == 0 ? 0 : RandomProblem.Normal(random))]);
        var (own, other) = (OtherRows(data, 2, random), OtherRows(data, 2, random));
        double[] weights = [.. Enumerable.Range(0, data.n).Select(_ => random.NextDouble())];
        BlockPlan.For(data).IsWhole.ShouldBeTrue();
        var system = BlockPlan.Allocate(own, BlockPlan.For(data), null);
        new Definition(own, [], T).ShouldHold(system, T, "several levels", random);
        system.ReplaceRows(other, weights);
        new Definition(other, weights, T).ShouldHold(system, T, "several levels, weighted", random);
    }

    [Fact]
    public void Factor_WeightsThatMakeMIndefinite_IsFalse()
    {
        foreach (var problem in new[] { RandomProblems.Ordinary(3), RandomProblems.Ordinary(4), RandomProblems.Nested(1), RandomProblems.WideTerm(2) })
        {
            var data = problem.Data();
            var standardized = new StandardizedData(data);
            var layout = new ThetaLayout(data.Terms.Select(term => term.Structure));
            var T = layout.Factors([.. Enumerable.Range(0, layout.Count).Select(k => 1 + (0.1 * k))]);
            double[] negative = [.. Enumerable.Repeat(-3.0, data.n)];
            double[] positive = [.. Enumerable.Repeat(2.0, data.n)];
            foreach (var storage in StorageScheme.Of(data).Where(_ => data.Terms.Count > 0))
            {
                var system = storage.Create(data, standardized.Rows);
                system.ReplaceWeights(negative);
                system.Factor(T).ShouldBeFalse(storage.Name);
                system.ReplaceWeights(positive);
                system.Factor(T).ShouldBeTrue(storage.Name);
            }
        }
    }

    [Fact]
    public void Factor_TwoNegativePivotsInOneLevel_IsFalse()
    {
        // M = diag(1 − 4, 1 − 4): its determinant is positive, and yet it is not a curvature.
        var term = new RandomTermData(new MixedModels.Covariance.Unstructured(2), 1, new[] { 0, 0 }, new[] { 1.0, 0, 0, 1 });
        var rows = new SystemRows([term], 2, [[1.0, 0, 0, 1]]);
        var system = new OneFactorSystem(rows);
        system.ReplaceWeights([-1, -1]);
        system.Factor([[2.0, 0, 0, 2]]).ShouldBeFalse();
        system.ReplaceWeights([1, 1]);
        system.Factor([[2.0, 0, 0, 2]]).ShouldBeTrue();
        system.LogDeterminant.ShouldBe(2 * Math.Log(5), 1e-14);
    }

    [Fact]
    public void ReplaceRows_OfAnotherShape_Throws()
    {
        var data = RandomProblems.Ordinary(3).Data();
        var rows = new StandardizedData(data).Rows;
        var system = BlockPlan.Allocate(rows, BlockPlan.For(data), null);
        Should.Throw<ArgumentException>(() => system.ReplaceWeights(new double[data.n - 1])).Message.ShouldContain($"{data.n - 1} weights for {data.n} rows");
        Should.Throw<ArgumentException>(() => system.ReplaceRows(OtherRows(data, rows.m + 1, new Random(1)))).Message.ShouldContain("columns");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void ReplaceRows_OneAndTwoThreads_GiveTheSameBits(int terms)
    {
        var shape = new TermShape(Grouping.Drawn, 9_000, 0, 2, Slopes.Covariates, false, 1);
        var problem = new RandomProblem(30_000, 1, false, [.. new[] { shape, shape with { Levels = 200 } }.Take(terms)], 5);
        var data = problem.Data();
        var rows = new SystemRows(data.Terms, data.n, [.. data.Terms.Select(term => term.Z.ToArray())]);
        var plan = BlockPlan.For(data);
        plan.NeedsThreads.ShouldBeTrue();
        using var team = new ThreadTeam(2);
        var T = new ThetaLayout(data.Terms.Select(term => term.Structure)).Factors([.. Enumerable.Repeat(0.4, 3 * terms)]);
        double[] weights = [.. Enumerable.Range(0, data.n).Select(r => 0.1 + (r % 7))];
        var results = new[] { null, team }.Select(threads =>
        {
            var system = BlockPlan.Allocate(rows, plan, threads);
            system.ReplaceWeights(weights);
            system.Factor(T).ShouldBeTrue();
            var (u, b, h) = (new double[system.q], new double[system.q], new double[data.n]);
            double[] v = [.. Enumerable.Range(0, system.q).Select(i => Math.Sin(i))];
            system.SolvePenalized(v, 1, u);
            system.RowVariances(h);
            system.ApplyConditional(v, 1, b);
            return (system.LogDeterminant, u, b, h);
        }).ToArray();
        results[1].LogDeterminant.ShouldBe(results[0].LogDeterminant);
        results[1].u.ShouldBe(results[0].u);
        results[1].b.ShouldBe(results[0].b);
        results[1].h.ShouldBe(results[0].h);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void RowVariances_CouplingThatIsFull_OneAndTwoThreadsGiveTheBitsOfEachOtherAndTheNumbersOfASparseBorder(int leading, int beside)
    {
        TermShape Shape(int levels, int columns) => new(Grouping.Drawn, levels, 0, columns, Slopes.Covariates, false, 1);
        var data = new RandomProblem(12_000, 1, false, [Shape(300, leading), Shape(12, beside)], 8).Data();
        var rows = new SystemRows(data.Terms, data.n, [.. data.Terms.Select(term => term.Z.ToArray())]);
        BlockPlan.For(data, BorderStorage.Dense).Coupling.IsDense.ShouldBeTrue();
        using var team = new ThreadTeam(2);
        var layout = new ThetaLayout(data.Terms.Select(term => term.Structure));
        var T = layout.Factors([.. Enumerable.Repeat(0.4, layout.Count)]);
        double[] weights = [.. Enumerable.Range(0, data.n).Select(r => 0.1 + (r % 7))];
        double[] Variances(BorderStorage storage, ThreadTeam? threads)
        {
            var system = BlockPlan.Allocate(rows, BlockPlan.For(data, storage), threads);
            system.ReplaceWeights(weights);
            system.Factor(T).ShouldBeTrue();
            var (h, sum) = (new double[data.n], new double[data.Terms[0].Dimension * data.Terms[0].Dimension]);

            // Twice: the first time the storage learns that entries are wanted, from then on it makes them at once.
            for (var k = 0; k < 2; k++)
            {
                system.RowVariances(h);
                system.SumDiagonalBlocks(0, sum);
                system.ReplaceWeights(weights);
                system.Factor(T).ShouldBeTrue();
            }

            return [.. h, .. sum];
        }

        var one = Variances(BorderStorage.Dense, null);
        Variances(BorderStorage.Dense, team).ShouldBe(one);
        Variances(BorderStorage.Sparse, null).ShouldBe(one, 1e-11);
    }

    /// <summary>30 rows of 0 to 3 levels each of one term, the same level twice in some, beside an ordinary term.</summary>
    private static LinearData WithSeveralLevels(Random random, int columns)
    {
        const int n = 30;
        var start = new int[n + 1];
        var levels = new List<int>();
        for (var r = 0; r < n; r++)
        {
            for (var k = random.Next(4); k > 0; k--) levels.Add(random.Next(8));
            start[r + 1] = levels.Count;
        }

        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => RandomProblem.Normal(random))];
        int[] own = [.. Enumerable.Range(0, n).Select(_ => random.Next(5))];
        return new(n, 0, Numbers(n), Array.Empty<double>(), Array.Empty<double>(), [
            new(new MixedModels.Covariance.Unstructured(columns), 8, levels.ToArray(), Numbers(levels.Count * columns), start),
            new(new MixedModels.Covariance.Unstructured(2), 5, own, Numbers(2 * n)),
        ]);
    }

    /// <summary>Rows on the levels of a problem, with other numbers.</summary>
    private static SystemRows OtherRows(LinearData data, int m, Random random)
    {
        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(9) == 0 ? 0 : RandomProblem.Normal(random))];
        return new(data.Terms, data.n, [.. data.Terms.Select(term => Numbers(term.LevelOfRow.Length * term.Dimension))], Numbers(data.n * m));
    }

    /// <summary>M = L'Z'WZL + I, and all that is made of it.</summary>
    private sealed class Definition
    {
        private readonly double[,] A;
        private readonly double[,] C;
        private readonly double[,] conditional;
        private readonly double[,] cross;
        private readonly double[,] inverse;
        private readonly double logDeterminant;
        private readonly double[,] Z;

        public Definition(SystemRows rows, double[] weights, double[][] T)
        {
            Z = DesignOf(rows);
            var W = new double[rows.n, rows.n];
            for (var r = 0; r < rows.n; r++) W[r, r] = weights.Length == 0 ? 1 : weights[r];
            var XY = new double[rows.n, rows.m];
            for (var e = 0; e < XY.Length; e++) XY[e % rows.n, e / rows.n] = rows.Side(e / rows.n)[e % rows.n];
            var left = DenseAlgebra.Times(DenseAlgebra.Transpose(Z), W);
            (A, C) = (DenseAlgebra.Times(left, Z), DenseAlgebra.Times(left, XY));
            var L = FactorOf(rows.Terms, T);
            var Lt = DenseAlgebra.Transpose(L);
            var M = DenseAlgebra.Times(DenseAlgebra.Times(Lt, A), L);
            for (var i = 0; i < M.GetLength(0); i++) M[i, i] += 1;
            var root = DenseAlgebra.Cholesky(M);
            logDeterminant = DenseAlgebra.LogDeterminant(root);
            IsDefinite = double.IsFinite(logDeterminant);
            inverse = DenseAlgebra.Inverse(M);
            conditional = DenseAlgebra.Times(DenseAlgebra.Times(L, inverse), Lt);
            cross = DenseAlgebra.Minus(
                DenseAlgebra.Times(DenseAlgebra.Times(DenseAlgebra.Transpose(XY), W), XY), DenseAlgebra.Times(DenseAlgebra.Times(DenseAlgebra.Transpose(C), conditional), C));
        }

        /// <summary>Whether M is positive definite.</summary>
        public bool IsDefinite { get; }

        public void ShouldHold(PenalizedSystem system, double[][] T, string storage, Random random)
        {
            system.Factor(T).ShouldBe(IsDefinite, storage);
            if (!IsDefinite) return;
            var (q, m) = (system.q, system.m);
            system.LogDeterminant.ShouldBe(logDeterminant, 1e-9 * (1 + Math.Abs(logDeterminant)), storage);
            for (var j = 0; j < m; j++)
            {
                for (var i = j; i < m; i++) system.Cross[i + (j * m)].ShouldBe(cross[i, j], 1e-8 * (1 + Math.Abs(cross[i, i]) + Math.Abs(cross[j, j])), $"cross, {storage}");
            }

            if (q == 0) return;
            double[] U = [.. Enumerable.Range(0, 2 * q).Select(_ => RandomProblem.Normal(random))];
            var matrix = new double[q, 2];
            for (var e = 0; e < U.Length; e++) matrix[e % q, e / q] = U[e];
            ShouldAgree(system.C, C, $"C, {storage}");
            ColumnsShouldAgree(system, U, matrix, $"the factor at hand, {storage}");
            RowsShouldAgree(system, random, storage);
            system.PrepareDerivatives();
            ColumnsShouldAgree(system, U, matrix, $"the inverse at hand, {storage}");
            system.PrepareDerivatives();
            ColumnsShouldAgree(system, U, matrix, $"both at hand, {storage}");
            RowsShouldAgree(system, random, storage);
        }

        private void ColumnsShouldAgree(PenalizedSystem system, double[] U, double[,] matrix, string what)
        {
            var result = new double[U.Length];
            system.ApplyConditional(U, 2, result);
            ShouldAgree(result, DenseAlgebra.Times(conditional, matrix), $"L M⁻¹L'U, {what}");
            system.SolvePenalized(U, 2, result);
            ShouldAgree(result, DenseAlgebra.Times(inverse, matrix), $"M⁻¹U, {what}");
        }

        private void RowsShouldAgree(PenalizedSystem system, Random random, string storage)
        {
            var n = Z.GetLength(0);
            var variances = DenseAlgebra.Times(DenseAlgebra.Times(Z, conditional), DenseAlgebra.Transpose(Z));
            var h = new double[n];
            system.RowVariances(h);
            var largest = Enumerable.Range(0, n).Max(r => variances[r, r]);
            for (var r = 0; r < n; r++) h[r].ShouldBe(variances[r, r], 1e-9 * (1 + largest), $"variance of row {r}, {storage}");
            int[] rows = [.. Enumerable.Range(0, Math.Min(n, 7)).Select(_ => random.Next(n))];
            var block = new double[rows.Length * rows.Length];
            system.RowCovariances(rows, block);
            for (var e = 0; e < block.Length; e++)
                block[e].ShouldBe(variances[rows[e % rows.Length], rows[e / rows.Length]], 1e-9 * (1 + largest), $"covariance of rows, {storage}");
        }

        private static double[,] DesignOf(SystemRows rows)
        {
            var design = new double[rows.n, rows.Terms.Sum(term => term.LevelCount * term.Dimension)];
            for (int t = 0, offset = 0; t < rows.Terms.Count; offset += rows.Terms[t].LevelCount * rows.Terms[t].Dimension, t++)
            {
                for (var r = 0; r < rows.n; r++) AddRow(design, rows, t, r, offset);
            }

            return design;
        }

        private static void AddRow(double[,] design, SystemRows rows, int t, int r, int offset)
        {
            var term = rows.Terms[t];
            var (first, end) = term.Entries(r);
            for (var e = first; e < end; e++)
            {
                for (var j = 0; j < term.Dimension; j++) design[r, offset + (term.LevelOfRow.Span[e] * term.Dimension) + j] += rows.Z(t, j)[e];
            }
        }

        private static double[,] FactorOf(IReadOnlyList<RandomTermData> terms, double[][] T)
        {
            var q = terms.Sum(term => term.LevelCount * term.Dimension);
            var L = new double[q, q];
            for (int t = 0, first = 0; t < T.Length; t++)
            {
                var p = terms[t].Dimension;
                for (var l = 0; l < terms[t].LevelCount; l++, first += p)
                {
                    for (var e = 0; e < p * p; e++) L[first + (e % p), first + (e / p)] = T[t][e];
                }
            }

            return L;
        }

        private static void ShouldAgree(ReadOnlySpan<double> actual, double[,] expected, string what)
        {
            var rows = expected.GetLength(0);
            var scale = 1e-9 * (1 + expected.Cast<double>().Select(Math.Abs).DefaultIfEmpty().Max());
            for (var e = 0; e < expected.Length; e++) actual[e].ShouldBe(expected[e % rows, e / rows], scale, what);
        }
    }
}
