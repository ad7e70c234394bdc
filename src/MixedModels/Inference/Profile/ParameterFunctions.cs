using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Inference.Profile;

/// <summary>Parameters as functions of Phi, with exact derivatives in all of it.</summary>
internal static class ParameterFunctions
{
    /// <summary>A parameter of the residuals, sigma among them.</summary>
    public static Func<double[], Jet> OfResiduals(CriterionProblem problem, Marginal.ResidualParameter parameter)
    {
        var (first, count, unit) = (problem.Criterion.Layout.Count, problem.Criterion.Dimension + 1, Math.Log(problem.Data.Scale));
        int[] places = [.. Enumerable.Range(first, count - first)];
        return Phi =>
        {
            var own = Jet.Variables(Phi.AsSpan(first));
            return parameter.Of(own[..^1], own[^1].Log() + unit).Among(places, count);
        };
    }

    /// <summary>A parameter of a random term that is no coordinate by itself: a standard deviation or correlation where parameters are entries of a factor, or a natural parameter of a structure; and its bounds.</summary>
    public static (Func<double[], Jet> Function, ParameterRange Range) OfTerm(TermCoordinates coordinates, ListedParameter parameter)
    {
        if (parameter.Kind == ParameterKind.Deviation) return (OfDeviation(coordinates, parameter.Term, parameter.First), ParameterRange.Positive);
        if (parameter.Kind == ParameterKind.Correlation) return (OfCorrelation(coordinates, parameter.Term, parameter.First, parameter.Second), ParameterRange.Correlation);
        var (lower, upper) = coordinates.Layout.Structure(parameter.Term).NaturalBounds(parameter.First);
        return (OfStructure(coordinates, parameter.Term, parameter.First), new(lower, upper));
    }

    /// <summary>A natural parameter of a random term's structure.</summary>
    private static Func<double[], Jet> OfStructure(TermCoordinates coordinates, int term, int natural)
    {
        var layout = coordinates.Layout;
        int[] places = [.. Enumerable.Range(layout.Start(term), layout.Start(term + 1) - layout.Start(term))];
        return Phi => layout.Structure(term).Natural(natural, layout.Slice(Phi, term)).Among(places, coordinates.Count);
    }

    /// <summary>The standard deviation of an effect, of a term whose parameters are entries of a factor.</summary>
    private static Func<double[], Jet> OfDeviation(TermCoordinates coordinates, int term, int effect)
    {
        var variance = Covariance(coordinates, term, effect, effect);
        return Phi => variance(Phi).Sqrt();
    }

    /// <summary>The correlation of two effects of such a term.</summary>
    private static Func<double[], Jet> OfCorrelation(TermCoordinates coordinates, int term, int first, int second)
    {
        var (own, other, both) = (Covariance(coordinates, term, first, first), Covariance(coordinates, term, second, second), Covariance(coordinates, term, first, second));
        return Phi => both(Phi) / (own(Phi) * other(Phi)).Sqrt();
    }

    /// <summary>Entry (i, j) of K⁻¹GK⁻ᵀ: the inner product of G with the two rows of K⁻¹.</summary>
    private static Func<double[], Jet> Covariance(TermCoordinates coordinates, int term, int i, int j)
    {
        var (layout, count, square) = (coordinates.Layout, coordinates.Count, coordinates.Scale * coordinates.Scale);
        var structure = layout.Structure(term);
        var (p, inverse, weights) = (structure.Dimension, new UserUnits(coordinates.Data).InverseK(term), new double[structure.Dimension * structure.Dimension]);
        for (var b = 0; b < p; b++)
        {
            for (var a = 0; a < p; a++)
                weights[a + (b * p)] = 0.5 * square * ((inverse[i + (a * p)] * inverse[j + (b * p)]) + (inverse[j + (a * p)] * inverse[i + (b * p)]));
        }

        int[] places = [.. Enumerable.Range(layout.Start(term), structure.ParameterCount)];
        return Phi => Inner(structure, layout.Slice(Phi.AsSpan(), term), weights).Among(places, count);
    }

    /// <summary>&lt;weights, G&gt;.</summary>
    private static Jet Inner(CovarianceStructure structure, ReadOnlySpan<double> theta, double[] weights)
    {
        var k = structure.ParameterCount;
        var (first, second, dG) = (new double[k], new double[k * (k + 1) / 2], new double[weights.Length]);
        for (var i = 0; i < k; i++)
        {
            structure.Derivative(i, theta, dG);
            first[i] = Vectors.Dot(weights, dG);
            for (var j = 0; j <= i; j++) second[Jet.Pair(i, j)] = structure.SecondDerivative(i, j, theta, weights);
        }

        return Jet.Of(Vectors.Dot(weights, RelativeCovariance.Of(structure, theta)), first, second);
    }
}
