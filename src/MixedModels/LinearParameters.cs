using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>All parameters of a linear mixed model, estimated or given. Immutable.</summary>
public sealed record LinearParameters
{
    // What rounding of a covariance typed with a few digits may leave unexplained, relative to the standard deviations.
    private const double SemidefiniteTolerance = 1e-6;

    // Entries that a caller computed in two orders may differ by rounding.
    private const double SymmetryTolerance = 1e-9;

    /// <summary>The p fixed effects in the design's order.</summary>
    public required IReadOnlyList<double> Coefficients { get; init; }

    /// <summary>The covariance of one level's effects, a p_t×p_t matrix a random term in the formula's order; on the response's scale squared (variance, not SD).</summary>
    public IReadOnlyList<Matrix> Covariances { get; init; } = [];

    /// <summary>The residual standard deviation of a row of weight 1.</summary>
    public required double Sigma { get; init; }

    /// <summary>Refuses parameters that do not belong to a design.</summary>
    /// <exception cref="ArgumentException">Numbers of parameters differ, or one is not finite.</exception>
    internal static void RequireMatch(ModelDesign design, LinearParameters parameters)
    {
        var (names, given) = (design.Fixed.ColumnNames, parameters.Coefficients);
        if (given.Count != names.Count)
            throw new ArgumentException($"{given.Count} coefficients are given for {names.Count} fixed effects: {string.Join(", ", names)}.", nameof(parameters));
        for (var j = 0; j < names.Count; j++)
        {
            if (!double.IsFinite(given[j]))
                throw new ArgumentException(Invariant($"The coefficient of '{names[j]}' is {given[j]}; wanted a finite number."), nameof(parameters));
        }

        if (!(double.IsFinite(parameters.Sigma) && parameters.Sigma >= 0))
            throw new ArgumentException(Invariant($"Sigma is {parameters.Sigma}; wanted a standard deviation, finite and not negative."), nameof(parameters));
        RequireMatch(design, parameters.Covariances);
    }

    /// <summary>Refuses covariances that do not belong to a design's random terms.</summary>
    /// <exception cref="ArgumentException">Their number or size differs, or one is not symmetric and finite.</exception>
    internal static void RequireMatch(ModelDesign design, IReadOnlyList<Matrix> covariances)
    {
        if (covariances.Count != design.RandomTerms.Count)
        {
            throw new ArgumentException(
                $"{covariances.Count} covariance matrices are given for {design.RandomTerms.Count} random terms; wanted one a term.", nameof(covariances));
        }

        for (var t = 0; t < covariances.Count; t++)
        {
            var (effects, term) = (design.RandomTerms[t].ColumnNames, design.Formula.RandomTerms[t].Text);
            if (covariances[t].Rows != effects.Count || covariances[t].Columns != effects.Count)
            {
                throw new ArgumentException(
                    $"The covariance of {term} is {covariances[t].Rows}×{covariances[t].Columns}; wanted {effects.Count}×{effects.Count}, for {string.Join(", ", effects)}.",
                    nameof(covariances));
            }

            RequireSymmetric(covariances[t], term);
        }
    }

    /// <summary>A term: the lower triangular T with TT' = G.</summary>
    /// <exception cref="ArgumentException">A matrix is no covariance: it has a negative variance in some direction.</exception>
    internal static double[][] Factors(ModelDesign design, IReadOnlyList<Matrix> covariances) =>
        [.. covariances.Select((covariance, t) => Factor(covariance, design.Formula.RandomTerms[t].Text))];

    private static double[] Factor(Matrix covariance, string term)
    {
        var p = covariance.Rows;
        var T = new double[p * p];
        SemidefiniteCholesky.Factor(covariance.Values.Span, p, T);
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++)
            {
                var explained = 0.0;
                for (var k = 0; k <= j; k++) explained += T[i + (k * p)] * T[j + (k * p)];
                if (!(Math.Abs(covariance[i, j] - explained) <= SemidefiniteTolerance * Math.Sqrt(Math.Abs(covariance[i, i] * covariance[j, j]))))
                {
                    throw new ArgumentException(
                        $"The matrix given for {term} is no covariance: some combination of its effects has a negative variance. Look at the variances and at correlations beyond ±1.",
                        nameof(covariance));
                }
            }
        }

        return T;
    }

    private static void RequireSymmetric(Matrix covariance, string term)
    {
        for (var j = 0; j < covariance.Columns; j++)
        {
            for (var i = j; i < covariance.Rows; i++)
            {
                var (below, above) = (covariance[i, j], covariance[j, i]);
                if (!double.IsFinite(below) || !double.IsFinite(above))
                    throw new ArgumentException($"The covariance of {term} holds a number that is not finite at ({i}, {j}).", nameof(covariance));
                if (Math.Abs(below - above) > SymmetryTolerance * Math.Max(Math.Abs(below), Math.Abs(above)))
                {
                    throw new ArgumentException(
                        Invariant($"The covariance of {term} is not symmetric: {below} and {above} stand at ({i}, {j}) and ({j}, {i})."), nameof(covariance));
                }
            }
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
