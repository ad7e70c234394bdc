using MixedModels.Design;

namespace MixedModels.Tests.Design;

public sealed class BasisTransformTests
{
    private static readonly double[] points = [0.3, 1.1, 1.9, 2.2, 3.7, 4.4, 5.9, 6.1, 8.8, 9.5];

    [Fact]
    public void OrthogonalPolynomial_Points_AreOrthonormalAndReplay()
    {
        var polynomial = OrthogonalPolynomial.Learn(points, 4);
        var values = polynomial.Evaluate(points);
        for (var j = 0; j < 4; j++)
        {
            Column(values, j).Sum().ShouldBe(0, 1e-13);
            for (var k = 0; k < 4; k++)
                Column(values, j).Zip(Column(values, k), (a, b) => a * b).Sum().ShouldBe(j == k ? 1 : 0, 1e-13);
        }

        var one = polynomial.Evaluate([points[3]]);
        one.ShouldBe(Enumerable.Range(0, 4).Select(j => Column(values, j)[3]).ToArray());
    }

    [Fact]
    public void OrthogonalPolynomial_ThreePoints_AreWorkedByHand()
    {
        // x = 0, 1, 5: mean 2, centred −2, −1, 3 of norm √14.
        var values = OrthogonalPolynomial.Learn([0, 1, 5], 1).Evaluate([0, 1, 5, 2]);
        values.ShouldBe([-2 / Math.Sqrt(14), -1 / Math.Sqrt(14), 3 / Math.Sqrt(14), 0], 1e-15);
    }

    [Fact]
    public void PowerTransform_Points_ArePowers() =>
        new PowerTransform(3).Evaluate([2, -1]).ShouldBe([2, -1, 4, 1, 8, -1]);

    [Fact]
    public void BSplineBasis_DegreeOne_IsHatFunctions()
    {
        // Knots 0 0 1 3 3: hats that peak at 0, 1 and 3.
        var basis = new BSplineBasis(0, [1], 3, degree: 1);
        var values = new double[3];
        basis.Evaluate(0.25, 0, values);
        values.ShouldBe([0.75, 0.25, 0], 1e-15);
        basis.Evaluate(2, 0, values);
        values.ShouldBe([0, 0.5, 0.5], 1e-15);
        basis.Evaluate(2, 1, values);
        values.ShouldBe([0, -0.5, 0.5], 1e-15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void BSplineBasis_AnyDegree_SumsToOneAlsoOutside(int degree)
    {
        var basis = new BSplineBasis(0, [2, 2.5, 7], 10, degree);
        var values = new double[basis.Count];
        basis.Count.ShouldBe(3 + degree + 1);
        foreach (var x in new[] { -3, 0, 1, 2, 2.2, 2.5, 6.9, 7, 9.9, 10, 12.5 })
        {
            basis.Evaluate(x, 0, values);
            values.Sum().ShouldBe(1, 1e-9, $"at {x}");
            basis.Evaluate(x, 1, values);
            values.Sum().ShouldBe(0, 1e-9, $"derivative at {x}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void BSplineBasis_Derivative_IsTheDifferenceQuotient(int derivative)
    {
        var basis = new BSplineBasis(0, [3, 5], 10, degree: 3);
        const double step = 1e-5;
        foreach (var x in new[] { 0.7, 3.3, 4.9, 8.2 })
        {
            double[] before = new double[basis.Count], after = new double[basis.Count], exact = new double[basis.Count];
            basis.Evaluate(x - step, derivative - 1, before);
            basis.Evaluate(x + step, derivative - 1, after);
            basis.Evaluate(x, derivative, exact);
            exact.ShouldBe(after.Zip(before, (a, b) => (a - b) / (2 * step)).ToArray(), 1e-7);
        }
    }

    [Fact]
    public void BSplineBasis_RepeatedInteriorKnot_SumsToOne()
    {
        var basis = new BSplineBasis(0, [4, 4], 10, degree: 2);
        var values = new double[basis.Count];
        foreach (var x in new[] { 3.9, 4, 4.1, 10 })
        {
            basis.Evaluate(x, 0, values);
            values.Sum().ShouldBe(1, 1e-12);
        }
    }

    [Fact]
    public void SplineTransform_CubicData_AreReproducedOutsideTheBoundary()
    {
        // Splines contain the cubics, and beyond the boundary the outer cubic continues: 5 new points of x³ follow from a fit inside.
        var transform = new SplineTransform(new BSplineBasis(0, [4], 10, degree: 3), hasIntercept: true);
        var weights = Solve(transform, [0, 1, 2.5, 5, 10], x => x * x * x);
        foreach (var x in new[] { -4, 3, 9, 13.0 })
            Apply(transform, weights, x).ShouldBe(x * x * x, 1e-8);
    }

    [Fact]
    public void NaturalSpline_Beyond_IsLinearAndSmooth()
    {
        var transform = new NaturalSplineTransform(1, [3, 6], 9, hasIntercept: false);
        transform.ColumnCount.ShouldBe(3);
        foreach (var (inside, outward) in new[] { (1.0, -1.0), (9.0, 1.0) })
        {
            for (var j = 0; j < 3; j++)
            {
                double At(double x) => transform.Evaluate([x])[j];
                var slope = (At(inside + (2 * outward)) - At(inside + outward)) * outward;
                var further = (At(inside + (5 * outward)) - At(inside + (4 * outward))) * outward;
                further.ShouldBe(slope, 1e-12);
                const double step = 1e-6;
                ((At(inside) - At(inside - (step * outward))) / step * outward).ShouldBe(slope, 1e-5);
                ((At(inside - (2 * step * outward)) - (2 * At(inside - (step * outward))) + At(inside)) / (step * step)).ShouldBe(0, 1e-2);
            }
        }
    }

    [Fact]
    public void NaturalSpline_Columns_SpanTheStraightLines()
    {
        var transform = new NaturalSplineTransform(1, [3, 6], 9, hasIntercept: true);
        var weights = Solve(transform, [1, 3, 6, 9], x => 2 + (5 * x));
        foreach (var x in new[] { -7, 2, 4.5, 8, 20 })
            Apply(transform, weights, x).ShouldBe(2 + (5 * x), 1e-9);
    }

    [Fact]
    public void Evaluate_Missing_IsMissingInEveryColumn()
    {
        new NaturalSplineTransform(1, [3], 9, hasIntercept: false).Evaluate([double.NaN]).ShouldAllBe(value => double.IsNaN(value));
        new SplineTransform(new BSplineBasis(0, [], 1, 3), hasIntercept: false).Evaluate([double.NaN]).ShouldAllBe(value => double.IsNaN(value));
        OrthogonalPolynomial.Learn(points, 2).Evaluate([double.NaN]).ShouldAllBe(value => double.IsNaN(value));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1.75)]
    [InlineData(0.5, 3)]
    [InlineData(0.9, 8.2)]
    [InlineData(1, 10)]
    public void Quantile_FourValues_InterpolatesByTypeSeven(double probability, double expected) =>
        SplineKnots.Quantile([1, 2, 4, 10], probability).ShouldBe(expected, 1e-14);

    [Fact]
    public void Learn_Knots_AreQuantilesWithinTheBoundary()
    {
        var knots = SplineKnots.Learn([9, 1, 5, 3, 7], 3, null);
        (knots.Lower, knots.Upper).ShouldBe((1.0, 9.0));
        knots.Interior.ShouldBe([3.0, 5.0, 7.0]);
        SplineKnots.Learn([9, 1, 5, 3, 7], 1, (0, 6)).Interior.ShouldBe([3.0]);
    }

    private static double[] Column(double[] values, int column)
    {
        var n = points.Length;
        return values[(column * n)..((column + 1) * n)];
    }

    private static double Apply(BasisTransform transform, double[] weights, double x) =>
        transform.Evaluate([x]).Zip(weights, (value, weight) => value * weight).Sum();

    // The weights that make the basis pass through f at as many points as it has columns, by elimination with pivoting.
    private static double[] Solve(BasisTransform transform, double[] at, Func<double, double> f)
    {
        var n = at.Length;
        var rows = at.Select(x => transform.Evaluate([x]).Append(f(x)).ToArray()).ToArray();
        for (var k = 0; k < n; k++)
        {
            var pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(rows[i][k]));
            (rows[k], rows[pivot]) = (rows[pivot], rows[k]);
            for (var i = 0; i < n; i++)
            {
                if (i == k)
                    continue;
                var factor = rows[i][k] / rows[k][k];
                for (var j = k; j <= n; j++)
                    rows[i][j] -= factor * rows[k][j];
            }
        }

        return [.. Enumerable.Range(0, n).Select(k => rows[k][n] / rows[k][k])];
    }
}
