using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;

namespace MixedModels.Tests.Estimation.Linear;

/// <summary>Rows made block by block against the columns that are orthogonalised and stored.</summary>
public sealed class RowStreamTests
{
    private const int Rows = 70_001;

    [Theory]
    [InlineData(true, 0, 1)]
    [InlineData(true, 2000, 2)]
    [InlineData(false, 0, 2)]
    public void Deviance_FromAStream_EqualsThatOfStoredColumns(bool sorted, double shift, int columns)
    {
        var data = Data(sorted, shift, columns);
        RowStream.Of(data, team: null).ShouldNotBeNull();
        var apart = data with { Terms = [data.Terms[0] with { Z = data.Terms[0].Z.ToArray() }] };
        RowStream.Of(apart, team: null).ShouldBeNull();

        var (streamed, stored) = (new StandardizedData(data), new StandardizedData(apart));
        foreach (var reml in new[] { false, true })
        {
            var own = new ProfiledDeviance(streamed, new OneFactorSystem(streamed.Rows), reml);
            var other = new ProfiledDeviance(stored, new OneFactorSystem(stored.Rows), reml);
            double[] theta = columns == 1 ? [0.7] : [0.7, 0.2, 0.4];
            var (point, expected) = (own.Evaluate(theta), other.Evaluate(theta));
            point.Value.ShouldBe(expected.Value, 1e-11 * Math.Abs(expected.Value));
            for (var k = 0; k < theta.Length; k++) point.Gradient[k].ShouldBe(expected.Gradient[k], 1e-9 * expected.Hessian.Max());
            var (beta, wanted) = (UserUnits.Coefficients(streamed, own.beta), UserUnits.Coefficients(stored, other.beta));
            for (var j = 0; j < beta.Length; j++) beta[j].ShouldBe(wanted[j], 1e-9 * (1 + shift));
        }
    }

    /// <summary>X = QR, y = Q·Projection + Scale·y* and Z = Z*K hold to rounding, and Q is orthonormal.</summary>
    [Fact]
    public void Columns_OfAStream_AreAnExactChangeOfCoordinates()
    {
        var data = Data(sorted: true, shift: 10, columns: 2);
        var standardized = new StandardizedData(data);
        var (n, p) = (data.n, data.p);
        for (var r = 0; r < n; r += 997)
        {
            for (var j = 0; j < p; j++)
            {
                var x = Enumerable.Range(0, j + 1).Sum(k => standardized.Q[r + (k * n)] * standardized.R[k + (j * p)]);
                x.ShouldBe(data.X.Span[r + (j * n)], 1e-11);
                if (j < 2) Enumerable.Range(0, j + 1).Sum(k => standardized.Z[0][r + (k * n)] * standardized.K[0][k + (j * 2)]).ShouldBe(data.X.Span[r + (j * n)], 1e-11);
            }

            var y = (standardized.Scale * standardized.y[r]) + Enumerable.Range(0, p).Sum(k => standardized.Q[r + (k * n)] * standardized.Projection[k]);
            y.ShouldBe(data.y.Span[r], 1e-11);
        }

        for (var j = 0; j < p; j++)
        {
            for (var k = 0; k <= j; k++) Enumerable.Range(0, n).Sum(r => standardized.Q[r + (j * n)] * standardized.Q[r + (k * n)]).ShouldBe(j == k ? 1 : 0, 1e-10);
            Enumerable.Range(0, n).Sum(r => standardized.Q[r + (j * n)] * standardized.y[r]).ShouldBe(0, 1e-8);
        }
    }

    /// <summary>A block is the same numbers wherever it begins, and so are rows in an order of their own.</summary>
    [Fact]
    public void Write_AnyBlock_GivesTheRowsOfTheColumns()
    {
        var data = Data(sorted: true, shift: 3, columns: 2);
        var (stream, standardized) = (RowStream.Of(data, team: null)!, new StandardizedData(data));
        var block = new double[6 * 40];
        int[] order = [.. Enumerable.Range(0, Rows).Select(r => (r * 7) % Rows)];
        foreach (var (first, count, rows) in new[] { (0, 40, Array.Empty<int>()), (513, 37, []), (Rows - 3, 3, []), (1000, 39, order) })
        {
            stream.Write(first, count, rows, block, stride: 40);
            for (var i = 0; i < count; i++)
            {
                var r = rows.Length == 0 ? first + i : rows[first + i];
                block[i].ShouldBe(standardized.Z[0][r]);
                block[i + 40].ShouldBe(standardized.Z[0][r + Rows]);
                block[i + 80].ShouldBe(standardized.Q[r]);
                block[i + (5 * 40)].ShouldBe(standardized.y[r]);
            }
        }
    }

    [Fact]
    public void Standardization_OneAndTwoThreads_GiveTheSameBits()
    {
        var data = Data(sorted: false, shift: 0, columns: 2);
        using var team = new ThreadTeam(2);
        var (alone, shared) = (new StandardizedData(data), new StandardizedData(data, team));
        shared.R.ShouldBe(alone.R);
        shared.Scale.ShouldBe(alone.Scale);
        var (one, two) = (new LevelCrossProducts(alone.Rows), new LevelCrossProducts(shared.Rows, team));
        two.A.ShouldBe(one.A);
        two.C.ShouldBe(one.C);
        two.Cross.ShouldBe(one.Cross);
    }

    /// <summary>Columns that all but depend on each other, an exact response, weights and few rows are left to stored columns.</summary>
    [Fact]
    public void Of_WhatTheGramMatrixCannotBear_IsNull()
    {
        var data = Data(sorted: true, shift: 0, columns: 2);
        RowStream.Of(Data(sorted: true, shift: 1e6, columns: 2), team: null).ShouldBeNull();
        RowStream.Of(data with { y = data.X[..Rows] }, team: null).ShouldBeNull();
        RowStream.Of(data with { Weights = Enumerable.Repeat(2.0, Rows).ToArray() }, team: null).ShouldBeNull();
        RowStream.Of(new RandomProblem(60, 1, false, [new(Grouping.Drawn, 7, 0, 1, Slopes.Covariates, false, 1)], 8).Data(), team: null).ShouldBeNull();
    }

    private static LinearData Data(bool sorted, double shift, int columns)
    {
        const int levels = 9000;
        var random = new Random(5);
        var X = new double[3 * Rows];
        var (y, levelOfRow) = (new double[Rows], new int[Rows]);
        var effects = Enumerable.Range(0, 2 * levels).Select(_ => RandomProblem.Normal(random)).ToArray();
        for (var r = 0; r < Rows; r++)
        {
            var level = sorted ? (int)((long)r * levels / Rows) : random.Next(levels);
            (X[r], X[r + Rows], X[r + (2 * Rows)], levelOfRow[r]) = (1, shift + (10 * random.NextDouble()), RandomProblem.Normal(random), level);
            y[r] = 5 + effects[2 * level] + (0.1 * effects[(2 * level) + 1] * (X[r + Rows] - shift)) + RandomProblem.Normal(random);
        }

        ReadOnlyMemory<double> own = X;
        return new(Rows, 3, y, own, ReadOnlyMemory<double>.Empty, [new(new Unstructured(columns), levels, levelOfRow, own[..(columns * Rows)])]);
    }
}
