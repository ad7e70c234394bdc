using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>Learns the basis of a call of poly, bs or ns from the values of its argument.</summary>
internal static class BasisLearner
{
    private const int NaturalDegree = 3;

    /// <summary>Learns the basis.</summary>
    /// <exception cref="FormulaException">The arguments do not fit together.</exception>
    /// <exception cref="DataException">There are too few distinct values.</exception>
    public static BasisTransform Learn(FormulaSource source, BoundArguments arguments, LearningSample sample) => arguments.Call.Function switch
    {
        "poly" => Polynomial(arguments, sample),
        "bs" => Spline(source, arguments, sample),
        _ => NaturalSpline(source, arguments, sample),
    };

    private static BasisTransform Polynomial(BoundArguments arguments, LearningSample sample)
    {
        var degree = arguments.Count("degree", 1);
        if (arguments.Flag("raw", otherwise: false))
            return new PowerTransform(degree);
        var distinct = sample.Values.Distinct().Count();
        if (distinct <= degree)
        {
            throw new DataException(
                $"{Deparser.Print(arguments.Call)} needs more than {degree} distinct values of {sample.Label}, which has {distinct}. "
                + "Use a lower degree.");
        }

        return new PolynomialTransform(OrthogonalPolynomial.Learn(sample.Values, degree), degree);
    }

    private static SplineTransform Spline(FormulaSource source, BoundArguments arguments, LearningSample sample)
    {
        var degree = arguments.Count("degree", NaturalDegree);
        var hasIntercept = arguments.Flag("intercept", otherwise: false);
        var smallest = degree + (hasIntercept ? 1 : 0);
        var knots = Knots(source, arguments, sample, smallest);
        return new SplineTransform(new BSplineBasis(knots.Lower, knots.Interior, knots.Upper, degree), hasIntercept);
    }

    private static NaturalSplineTransform NaturalSpline(FormulaSource source, BoundArguments arguments, LearningSample sample)
    {
        var hasIntercept = arguments.Flag("intercept", otherwise: false);
        var knots = Knots(source, arguments, sample, smallest: hasIntercept ? 2 : 1);
        return new NaturalSplineTransform(knots.Lower, knots.Interior, knots.Upper, hasIntercept);
    }

    // smallest: the columns there are without an interior knot.
    private static SplineKnots Knots(FormulaSource source, BoundArguments arguments, LearningSample sample, int smallest)
    {
        var boundary = Boundary(source, arguments);
        if (arguments.TryGet("knots", out var given))
        {
            var learnt = SplineKnots.Learn(sample.Values, 0, boundary);
            double[] interior = [.. Literals.Numbers(given)!.Order()];
            if (interior[0] <= learnt.Lower || interior[^1] >= learnt.Upper)
                throw source.Error(
                    given.Position,
                    $"The knots {Deparser.Print(given)}",
                    $"wanted them between {NumberName.Of(learnt.Lower)} and {NumberName.Of(learnt.Upper)}");
            return learnt with { Interior = interior };
        }

        var df = arguments.Count("df", smallest);
        if (df < smallest)
            throw source.Error(arguments["df"].Position, $"df = {df}", $"wanted at least {smallest} for {Deparser.Print(arguments.Call)}");
        var placed = SplineKnots.Learn(sample.Values, df - smallest, boundary);
        RequireVariation(arguments, sample, placed);
        return placed;
    }

    private static (double Lower, double Upper)? Boundary(FormulaSource source, BoundArguments arguments)
    {
        if (!arguments.TryGet("Boundary.knots", out var given))
            return null;
        if (Literals.Numbers(given) is not [var lower, var upper] || lower >= upper)
            throw source.Error(given.Position, $"Boundary.knots = {Deparser.Print(given)}", "wanted two numbers in ascending order, as in c(0, 10)");
        return (lower, upper);
    }

    private static void RequireVariation(BoundArguments arguments, LearningSample sample, SplineKnots knots)
    {
        var crowded = knots.Interior.Any(knot => knot <= knots.Lower || knot >= knots.Upper);
        if (knots.Lower >= knots.Upper || crowded)
        {
            throw new DataException(
                $"{Deparser.Print(arguments.Call)} cannot place its knots: {sample.Label} has {sample.Values.Distinct().Count()} distinct values, "
                + "too many of them at one end. Use a smaller df or give knots = c(...).");
        }
    }
}
