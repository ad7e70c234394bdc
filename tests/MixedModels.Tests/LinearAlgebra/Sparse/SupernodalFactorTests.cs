using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Tests.LinearAlgebra.Sparse;

public class SupernodalFactorTests
{
    // The matrices are diagonally dominant with a condition below 1e4, so both routes agree to about 1e-12; the entries are of order one.
    private const double Tolerance = 1e-11;

    public static TheoryData<string> Names => TestMatrices.Names();

    [Fact]
    public void Refactor_ByHand_FactorAndDeterminant()
    {
        // (4 2 0; 2 5 2; 0 2 5) = L L' with L = (2 0 0; 1 2 0; 0 1 2).
        var factor = NewFactor(TestMatrices.Band(3, 1), FillOrdering.Natural, relax: false);

        factor.Refactor([4, 2, 5, 2, 5]).ShouldBeTrue();

        factor.LogDeterminant.ShouldBe(6 * Math.Log(2), 1e-15);
        var L = ToDense(factor);
        (L[0, 0], L[1, 0], L[1, 1], L[2, 1], L[2, 2]).ShouldBe((2, 1, 2, 1, 2));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Refactor_EachPattern_AsDenseCholesky(string name)
    {
        var pattern = TestMatrices.Pattern(name);
        var values = TestMatrices.PositiveDefinite(pattern);
        foreach (var ordering in Enum.GetValues<FillOrdering>())
        {
            foreach (var relax in new[] { false, true })
                CompareWithDense(NewFactor(pattern, ordering, relax), values);
        }
    }

    [Fact]
    public void Refactor_RandomPatterns_AsDenseCholesky()
    {
        for (var seed = 0; seed < 80; seed++)
        {
            var n = 1 + 2 * seed;
            var pattern = TestMatrices.Random(n, n * (1 + seed % 5), seed);
            CompareWithDense(NewFactor(pattern), TestMatrices.PositiveDefinite(pattern, seed));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Refactor_NewValues_BitsOfAFreshFactor(string name)
    {
        var pattern = TestMatrices.Pattern(name);
        var used = NewFactor(pattern);
        used.Refactor(TestMatrices.PositiveDefinite(pattern, seed: 1)).ShouldBeTrue();
        used.Refactor(TestMatrices.PositiveDefinite(pattern, seed: 2)).ShouldBeTrue();

        var fresh = NewFactor(pattern);
        fresh.Refactor(TestMatrices.PositiveDefinite(pattern, seed: 2)).ShouldBeTrue();

        used.Panels.SequenceEqual(fresh.Panels).ShouldBeTrue();
        used.LogDeterminant.ShouldBe(fresh.LogDeterminant);
    }

    [Fact]
    public void Refactor_Again_AllocatesNothing()
    {
        var pattern = TestMatrices.Pattern("nested with movers");
        var values = TestMatrices.PositiveDefinite(pattern);
        var factor = NewFactor(pattern);
        var inverse = new SelectedInverse(factor.Layout);
        var x = new double[pattern.Order];
        factor.Refactor(values);
        inverse.Compute(factor);
        factor.Solve(x.ToArray(), x);
        var b = new double[pattern.Order];

        var before = GC.GetAllocatedBytesForCurrentThread();
        factor.Refactor(values);
        inverse.Compute(factor);
        factor.Solve(b, x);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_SeveralRightHandSides_LeavesNoResidual(string name)
    {
        const int Columns = 11;
        var pattern = TestMatrices.Pattern(name);
        var values = TestMatrices.PositiveDefinite(pattern);
        var factor = NewFactor(pattern);
        factor.Refactor(values).ShouldBeTrue();
        var random = new Random(8);
        double[] b = [.. Enumerable.Range(0, pattern.Order * Columns).Select(_ => random.NextDouble() - 0.5)];
        var x = new double[b.Length];

        factor.Solve(b, x, Columns);

        var product = new double[pattern.Order];
        for (var k = 0; k < Columns; k++)
        {
            pattern.Multiply(values, x.AsSpan(k * pattern.Order, pattern.Order), product);
            product.ShouldBe(b[(k * pattern.Order)..((k + 1) * pattern.Order)], Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SolveForwardAndBackward_EachPattern_AsDenseTriangles(string name)
    {
        var pattern = TestMatrices.Pattern(name);
        var values = TestMatrices.PositiveDefinite(pattern);
        var factor = NewFactor(pattern);
        factor.Refactor(values).ShouldBeTrue();
        var L = DenseReference.Cholesky(DenseReference.Permute(DenseReference.ToDense(pattern, values), factor.Layout.Symbolic.Permutation.Order));
        double[] b = [.. Enumerable.Range(0, pattern.Order).Select(i => Math.Sin(i + 1))];

        var (forward, expected) = (b.ToArray(), b.ToArray());
        factor.SolveForward(forward);
        DenseReference.SolveLower(L, expected);
        forward.ShouldBe(expected, Tolerance);

        var backward = b.ToArray();
        expected = b.ToArray();
        factor.SolveBackward(backward);
        DenseReference.SolveLowerTransposed(L, expected);
        backward.ShouldBe(expected, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Refactor_NegativePivot_ReportedWithItsRow(string name)
    {
        var pattern = TestMatrices.Pattern(name);
        var values = TestMatrices.PositiveDefinite(pattern);
        var row = pattern.Order / 2;
        values[pattern.ColumnStarts[row]] = -1;
        var factor = NewFactor(pattern);

        // A negative diagonal entry stays negative, and no other pivot can fail before its row is reached.
        factor.Refactor(values).ShouldBeFalse();

        factor.FailedRow.ShouldBe(row);
        factor.LogDeterminant.ShouldBe(double.NaN);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0)]
    public void Refactor_PivotNotAPositiveNumber_ReportedAndForgottenByTheNext(double pivot)
    {
        var pattern = SparseSymmetric.FromEntries(3, [], []);
        var factor = NewFactor(pattern);

        factor.Refactor([1, pivot, 1]).ShouldBeFalse();
        factor.FailedRow.ShouldBe(1);
        factor.Refactor([1, 2, 3]).ShouldBeTrue();
        factor.FailedRow.ShouldBe(-1);
        factor.LogDeterminant.ShouldBe(Math.Log(6), 1e-15);
    }

    [Fact]
    public void Refactor_SingularMatrix_Reported()
    {
        // (1 1; 1 1) is singular in exact arithmetic, with no rounding in its factorisation.
        var factor = NewFactor(SparseSymmetric.FromEntries(2, [1], [0]));

        factor.Refactor([1, 1, 1]).ShouldBeFalse();
    }

    [Fact]
    public void Refactor_MatrixWithoutRows_DeterminantOne()
    {
        var factor = NewFactor(SparseSymmetric.FromEntries(0, [], []));

        factor.Refactor([]).ShouldBeTrue();

        factor.LogDeterminant.ShouldBe(0);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void LogDeterminant_ExtremeScales_NeitherOverflowsNorVanishes(double scale)
    {
        var factor = NewFactor(SparseSymmetric.FromEntries(50, [], []));

        factor.Refactor([.. Enumerable.Repeat(scale, 50)]).ShouldBeTrue();

        factor.LogDeterminant.ShouldBe(50 * Math.Log(scale), 1e-9);
    }

    internal static SupernodalFactor NewFactor(SparseSymmetric pattern, FillOrdering ordering = FillOrdering.MinimumDegree, bool relax = true) =>
        new(FactorLayout.Create(SymbolicFactor.Analyze(pattern, ordering, relax)));

    private static void CompareWithDense(SupernodalFactor factor, double[] values)
    {
        factor.Refactor(values).ShouldBeTrue();

        var symbolic = factor.Layout.Symbolic;
        var expected = DenseReference.Cholesky(DenseReference.Permute(DenseReference.ToDense(symbolic.Pattern, values), symbolic.Permutation.Order));
        var actual = ToDense(factor);
        var (logDeterminant, worst) = (0.0, 0.0);
        for (var j = 0; j < factor.Order; j++)
        {
            logDeterminant += 2 * Math.Log(expected[j, j]);
            for (var i = j; i < factor.Order; i++)
                worst = Math.Max(worst, Math.Abs(actual[i, j] - expected[i, j]));
        }

        (worst < Tolerance).ShouldBeTrue($"The largest difference is {worst}.");
        factor.LogDeterminant.ShouldBe(logDeterminant, Tolerance * factor.Order);
    }

    private static double[,] ToDense(SupernodalFactor factor)
    {
        var layout = factor.Layout;
        var L = new double[factor.Order, factor.Order];
        for (var s = 0; s < layout.Count; s++)
        {
            for (var j = 0; j < layout.Width(s); j++)
            {
                for (var i = j; i < layout.RowCount(s); i++)
                    L[layout.Rows(s)[i], layout.First(s) + j] = factor.Panels[layout.PanelStart(s) + j * layout.RowCount(s) + i];
            }
        }

        return L;
    }
}
