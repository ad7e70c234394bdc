using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Tests.LinearAlgebra.Sparse;

public class SelectedInverseTests
{
    // Entries of the inverse are at most 10 (the diagonal exceeds the rest of its row by 0.1 or more).
    private const double Tolerance = 1e-10;

    public static TheoryData<string> Names => TestMatrices.Names();

    [Fact]
    public void Compute_ByHand_EntriesOfTheInverse()
    {
        // (2 1 0; 1 2 1; 0 1 2)⁻¹ = (3 −2 1; −2 4 −2; 1 −2 3)/4
        var pattern = TestMatrices.Band(3, 1);
        var values = new double[pattern.Nonzeros];

        Invert(pattern, [2, 1, 2, 1, 2], relax: false).Gather(values);

        values.ShouldBe([0.75, -0.5, 1, -0.5, 0.75], 1e-15);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Compute_EachPattern_AsDenseInverse(string name)
    {
        var pattern = TestMatrices.Pattern(name);
        foreach (var relax in new[] { false, true })
            CompareWithDense(pattern, TestMatrices.PositiveDefinite(pattern), relax);
    }

    [Fact]
    public void Compute_RandomPatterns_AsDenseInverse()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var n = 1 + 2 * seed;
            var pattern = TestMatrices.Random(n, n * (1 + seed % 5), seed);
            CompareWithDense(pattern, TestMatrices.PositiveDefinite(pattern, seed), relax: true);
        }
    }

    [Fact]
    public void Compute_LargePattern_TraceOfTheProductIsTheOrder()
    {
        // tr(M M⁻¹) = n needs the inverse on the pattern of M alone, so it checks sizes that no dense route reaches.
        var pattern = TestMatrices.Schools(pupils: 9000, teachers: 1000, schools: 80);
        var values = TestMatrices.PositiveDefinite(pattern);
        var entries = new double[pattern.Nonzeros];

        Invert(pattern, values, relax: true).Gather(entries);

        var trace = 0.0;
        for (var j = 0; j < pattern.Order; j++)
        {
            for (var p = pattern.ColumnStarts[j]; p < pattern.ColumnStarts[j + 1]; p++)
                trace += (pattern.RowIndices[p] == j ? 1 : 2) * values[p] * entries[p];
        }

        trace.ShouldBe(pattern.Order, 1e-9 * pattern.Order);
    }

    [Fact]
    public void Compute_NewValues_BitsOfAFreshInverse()
    {
        var pattern = TestMatrices.Pattern("crossed, wide border");
        var factor = SupernodalFactorTests.NewFactor(pattern);
        var inverse = new SelectedInverse(factor.Layout);
        for (var seed = 1; seed <= 2; seed++)
        {
            factor.Refactor(TestMatrices.PositiveDefinite(pattern, seed)).ShouldBeTrue();
            inverse.Compute(factor);
        }

        inverse.Panels.SequenceEqual(Invert(pattern, TestMatrices.PositiveDefinite(pattern, seed: 2), relax: true).Panels).ShouldBeTrue();
    }

    [Fact]
    public void TryGet_EntryOffThePattern_NotThere()
    {
        var inverse = Invert(TestMatrices.Pattern("disconnected"), TestMatrices.PositiveDefinite(TestMatrices.Pattern("disconnected")), relax: false);

        inverse.TryGet(0, 1, out var value).ShouldBeFalse();
        value.ShouldBe(double.NaN);
    }

    private static SelectedInverse Invert(SparseSymmetric pattern, double[] values, bool relax)
    {
        var factor = SupernodalFactorTests.NewFactor(pattern, relax: relax);
        factor.Refactor(values).ShouldBeTrue();
        var inverse = new SelectedInverse(factor.Layout);
        inverse.Compute(factor);
        return inverse;
    }

    private static void CompareWithDense(SparseSymmetric pattern, double[] values, bool relax)
    {
        var inverse = Invert(pattern, values, relax);

        var expected = DenseReference.Inverse(DenseReference.ToDense(pattern, values));
        var gathered = new double[pattern.Nonzeros];
        inverse.Gather(gathered);
        var (found, worst) = (0, 0.0);
        for (var j = 0; j < pattern.Order; j++)
        {
            for (var i = 0; i < pattern.Order; i++)
            {
                if (!inverse.TryGet(i, j, out var value))
                    continue;
                found++;
                worst = Math.Max(worst, Math.Abs(value - expected[i, j]));
                if (i >= j && pattern.IndexOf(i, j) is >= 0 and var place)
                    worst = Math.Max(worst, Math.Abs(gathered[place] - expected[i, j]));
            }
        }

        (worst < Tolerance).ShouldBeTrue($"The largest difference is {worst}.");
        found.ShouldBeGreaterThanOrEqualTo(2 * pattern.Nonzeros - pattern.Order);
    }
}
