using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Storage;

/// <summary>What every storage offers, against its definition with n×n and q×q matrices.</summary>
public sealed class PenalizedSystemTests
{
    private const int MostEffects = 400;

    [Fact]
    public void Pieces_AnyProblemInAnyStorage_AreTheirDefinitions() => RandomProblems.Check(
        problem =>
        {
            var data = problem.Data();
            if (data.Terms.Sum(term => term.LevelCount * term.Dimension) > MostEffects) return;
            var standardized = new StandardizedData(data);
            var layout = new ThetaLayout(data.Terms.Select(term => term.Structure));
            var T = layout.Factors(problem.Theta(layout.Count));
            var definition = new Definition(standardized, T);
            foreach (var storage in StorageScheme.Of(data))
            {
                var system = storage.Of(standardized);
                system.Factor(T).ShouldBeTrue(storage.Name);
                system.PrepareDerivatives();
                definition.ShouldHold(system, storage.Name, new Random(problem.Seed));
            }
        },
        count: 160);

    /// <summary>V0 = I + Z G Z' in standardised coordinates, and all that is made of it.</summary>
    private sealed class Definition
    {
        private readonly double[,] A;
        private readonly double[,] B;
        private readonly double[,] C;
        private readonly double[,] conditional;
        private readonly double[,] Cross;
        private readonly double logDeterminant;
        private readonly double[,] VC;

        public Definition(StandardizedData data, double[][] T)
        {
            var Z = DesignOf(data);
            var XY = ColumnsOf([.. data.Q, .. data.y], data.Data.n, data.Data.p + 1);
            var G = CovarianceOf(data.Data, T, Z.GetLength(1));
            var (n, Zt) = (data.Data.n, DenseAlgebra.Transpose(Z));
            var V = DenseAlgebra.Times(DenseAlgebra.Times(Z, G), Zt);
            for (var r = 0; r < n; r++) V[r, r] += 1;
            (A, C) = (DenseAlgebra.Times(Zt, Z), DenseAlgebra.Times(Zt, XY));
            logDeterminant = DenseAlgebra.LogDeterminant(DenseAlgebra.Cholesky(V));
            var inverse = DenseAlgebra.Inverse(V);
            B = DenseAlgebra.Times(DenseAlgebra.Times(Zt, inverse), Z);
            VC = DenseAlgebra.Times(DenseAlgebra.Times(Zt, inverse), XY);
            Cross = DenseAlgebra.Times(DenseAlgebra.Times(DenseAlgebra.Transpose(XY), inverse), XY);

            // The covariance of the effects given y: Var b − Cov(b, y) V⁻¹ Cov(y, b).
            conditional = DenseAlgebra.Minus(G, DenseAlgebra.Times(DenseAlgebra.Times(G, B), G));
        }

        public void ShouldHold(PenalizedSystem system, string storage, Random random)
        {
            var (q, m) = (system.q, system.m);
            system.LogDeterminant.ShouldBe(logDeterminant, 1e-10 * (1 + Math.Abs(logDeterminant)), storage);
            LowerShouldAgree(system.Cross, Cross, m, $"cross-products, {storage}");
            ShouldAgree(system.VC, VC, $"VC, {storage}");
            if (q == 0) return;
            ShouldAgree(system.C, C, $"C, {storage}");
            CrossProductsShouldAgree(system, storage);

            // Storages hold other things after each question: products come at every stage.
            ProductShouldAgree(system, random, $"BU first, {storage}");
            FormsShouldAgree(system, random, $"U'BU, {storage}");
            BlocksShouldAgree(system, storage);
            RowsShouldAgree(system, storage, random);
            ProductShouldAgree(system, random, $"BU after blocks, {storage}");
            var formed = new double[q * q];
            system.FormB(formed);
            LowerShouldAgree(formed, B, q, $"B, {storage}");
            ProductShouldAgree(system, random, $"BU after B, {storage}");
        }

        private void ProductShouldAgree(PenalizedSystem system, Random random, string what)
        {
            double[] U = [.. Enumerable.Range(0, 2 * system.q).Select(_ => RandomProblem.Normal(random))];
            var product = new double[2 * system.q];
            system.ApplyB(U, 2, product);
            ShouldAgree(product, DenseAlgebra.Times(B, ColumnsOf(U, system.q, 2)), what);
        }

        /// <summary>Two columns of every term, zero outside it.</summary>
        private void FormsShouldAgree(PenalizedSystem system, Random random, string what)
        {
            int[] termOf = [.. Enumerable.Range(0, 2 * system.Terms.Count).Select(c => c / 2)];
            var U = new double[system.q * termOf.Length];
            for (var c = 0; c < termOf.Length; c++)
            {
                for (var e = system.Offset(termOf[c]); e < system.Offset(termOf[c] + 1); e++) U[e + (c * system.q)] = RandomProblem.Normal(random);
            }

            var form = new double[termOf.Length * termOf.Length];
            Array.Fill(form, double.NaN);
            system.FormOfB(U, termOf, form);
            var columns = ColumnsOf(U, system.q, termOf.Length);
            ShouldAgree(form, DenseAlgebra.Times(DenseAlgebra.Times(DenseAlgebra.Transpose(columns), B), columns), what);
        }

        /// <summary>Rows as new data may have them: any level with any other, some terms left out.</summary>
        private void RowsShouldAgree(PenalizedSystem system, string storage, Random random)
        {
            var size = Enumerable.Range(0, system.q).Max(i => conditional[i, i]);
            for (var row = 0; row < 6; row++)
            {
                int[] levels = [.. system.Terms.Select(term => random.Next(5) == 0 ? -1 : random.Next(term.LevelCount))];
                double[] z = [.. Enumerable.Range(0, system.Terms.Sum(term => term.Dimension)).Select(_ => RandomProblem.Normal(random))];
                var u = new double[system.q];
                for (int t = 0, first = 0; t < levels.Length; first += system.Terms[t].Dimension, t++)
                {
                    for (var j = 0; j < system.Terms[t].Dimension && levels[t] >= 0; j++) u[system.Offset(t) + (levels[t] * system.Terms[t].Dimension) + j] = z[first + j];
                }

                var expected = Enumerable.Range(0, system.q).Sum(i => Enumerable.Range(0, system.q).Sum(j => u[i] * conditional[i, j] * u[j]));
                system.ConditionalVariance(levels, z).ShouldBe(expected, 1e-9 * (1e-3 + size) * z.Sum(weight => weight * weight), $"variance of a row, {storage}");
            }
        }

        private void BlocksShouldAgree(PenalizedSystem system, string storage)
        {
            for (var t = 0; t < system.Terms.Count; t++)
            {
                var (p, levels) = (system.Terms[t].Dimension, system.Terms[t].LevelCount);
                var sum = new double[p, p];
                var block = new double[p * p];
                for (var l = 0; l < levels; l++)
                {
                    var first = system.Offset(t) + (l * p);
                    for (var i = 0; i < p; i++)
                    {
                        for (var j = 0; j < p; j++) sum[i, j] += B[first + i, first + j];
                    }

                    system.ConditionalCovariance(t, l, block);
                    ShouldAgree(block, BlockOf(conditional, first, p), $"conditional covariance of level {l} of term {t}, {storage}");
                    system.CrossProductBlock(t, l, block);
                    ShouldAgree(block, BlockOf(A, first, p), $"A of level {l} of term {t}, {storage}");
                }

                system.SumDiagonalBlocks(t, block);
                ShouldAgree(block, sum, $"sum of blocks of term {t}, {storage}");
            }
        }

        private void CrossProductsShouldAgree(PenalizedSystem system, string storage)
        {
            var visited = new double[system.q, system.q];
            system.VisitCrossProducts((i, j, value) =>
            {
                visited[i, j] += value;
                if (i != j) visited[j, i] += value;
            });
            double[] flat = [.. Enumerable.Range(0, A.Length).Select(e => visited[e % system.q, e / system.q])];
            ShouldAgree(flat, A, $"A, {storage}");
        }

        private static double[,] DesignOf(StandardizedData data)
        {
            var offset = 0;
            var Z = new double[data.Data.n, data.Data.Terms.Sum(term => term.LevelCount * term.Dimension)];
            for (var t = 0; t < data.Z.Length; t++)
            {
                var term = data.Data.Terms[t];
                for (var r = 0; r < data.Data.n; r++)
                {
                    for (var j = 0; j < term.Dimension; j++) Z[r, offset + (term.LevelOfRow.Span[r] * term.Dimension) + j] = data.Z[t][r + (j * data.Data.n)];
                }

                offset += term.LevelCount * term.Dimension;
            }

            return Z;
        }

        private static double[,] CovarianceOf(LinearData data, double[][] T, int q)
        {
            var G = new double[q, q];
            var first = 0;
            for (var t = 0; t < T.Length; t++)
            {
                var p = data.Terms[t].Dimension;
                var own = DenseDerivatives.Product(T[t], T[t]);
                for (var l = 0; l < data.Terms[t].LevelCount; l++, first += p)
                {
                    for (var e = 0; e < p * p; e++) G[first + (e % p), first + (e / p)] = own[e];
                }
            }

            return G;
        }

        private static double[,] ColumnsOf(double[] values, int rows, int columns)
        {
            var matrix = new double[rows, columns];
            for (var e = 0; e < values.Length; e++) matrix[e % rows, e / rows] = values[e];
            return matrix;
        }

        private static double[,] BlockOf(double[,] matrix, int first, int p)
        {
            var block = new double[p, p];
            for (var e = 0; e < p * p; e++) block[e % p, e / p] = matrix[first + (e % p), first + (e / p)];
            return block;
        }

        private static void LowerShouldAgree(double[] actual, double[,] expected, int order, string what)
        {
            var full = (double[])actual.Clone();
            for (var j = 0; j < order; j++)
            {
                for (var i = 0; i < j; i++) full[i + (j * order)] = actual[j + (i * order)];
            }

            ShouldAgree(full, expected, what);
        }

        /// <summary>Column-major against a matrix, to a tolerance of rounding at a condition of V of 1e4.</summary>
        private static void ShouldAgree(ReadOnlySpan<double> actual, double[,] expected, string what)
        {
            var rows = expected.GetLength(0);
            var scale = 1e-10 * (1 + expected.Cast<double>().Select(Math.Abs).DefaultIfEmpty().Max());
            for (var e = 0; e < expected.Length; e++) actual[e].ShouldBe(expected[e % rows, e / rows], scale, what);
        }
    }
}
