using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>
/// The principal components of one random term: the eigenvectors of its estimated covariance, the one with most variance first. How many of them have variance is how many
/// effects the data support.
/// </summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="ColumnNames">The p effects.</param>
/// <param name="StandardDeviations">p, descending, in the units of the linear predictor, which are the response's in a linear model; those of lme4's <c>rePCA</c> are these over sigma.</param>
/// <param name="Shares">p shares of the variance, adding up to 1; NaN where the term has none.</param>
/// <param name="Loadings">p×p, a component a column of length 1, its largest entry positive.</param>
/// <param name="Rank">The directions with variance, by the rule of <see cref="LinearMixedModelFit.IsSingular"/>, which does not depend on the effects' units as the components do.</param>
/// <remarks>Source: Bates, Kliegl, Vasishth and Baayen 2015, Parsimonious mixed models, arXiv:1506.04967, section 3.</remarks>
public sealed record RandomTermComponents(
    string Group, IReadOnlyList<string> ColumnNames, IReadOnlyList<double> StandardDeviations, IReadOnlyList<double> Shares, Matrix Loadings, int Rank)
{
    internal static RandomTermComponents Of(RandomTermEstimate term, int rank)
    {
        var p = term.ColumnNames.Count;
        var V = term.Covariance.Values.ToArray();
        var variances = new double[p];
        SymmetricEigen.Decompose(V, p, p, variances);
        var total = variances.Sum(variance => Math.Max(0, variance));
        var loadings = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            var axis = V.AsSpan((p - 1 - j) * p, p);
            var sign = axis.ToArray().MaxBy(Math.Abs) < 0 ? -1 : 1;
            for (var i = 0; i < p; i++) loadings[i + (j * p)] = sign * axis[i];
        }

        double[] descending = [.. variances.Reverse().Select(variance => Math.Max(0, variance))];
        return new(term.Group, term.ColumnNames, [.. descending.Select(Math.Sqrt)], [.. descending.Select(variance => variance / total)], new(p, p, loadings), rank);
    }
}
