using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Marginal;

namespace MixedModels;

/// <summary>Residuals and their covariances, of a fit whose residuals are dependent or of unequal variance.</summary>
internal static class ResidualKinds
{
    /// <summary>The rows of a level of a random term's group, or of a subject of the residual structure.</summary>
    /// <exception cref="Formula.FormulaException">The model has no such group.</exception>
    /// <exception cref="DataException">There is no such level.</exception>
    public static int[] RowsOf(ModelDesign design, string group, string level)
    {
        var rows = Enumerable.Range(0, design.Observations);
        if (design.Residual is { } residual && residual.SubjectLabel == group && !design.RandomTerms.Any(term => term.Group == group))
        {
            var subject = residual.SubjectNames.ToList().IndexOf(level);
            return subject >= 0
                ? [.. rows.Where(r => residual.SubjectOfRow[r] == subject)]
                : throw new DataException($"'{group}' has no level '{level}' in the rows used{NearestNames.SuggestOrList(level, [.. residual.SubjectNames])}.");
        }

        var (term, index) = RandomTermNames.FindLevel(design, group, level);
        if (design.RandomTerms[term].Memberships is { } memberships)
            return [.. rows.Where(r => memberships.Levels.Span[memberships.RowStart.Span[r]..memberships.RowStart.Span[r + 1]].Contains(index))];
        var levels = design.RandomTerms[term].LevelOfRow;
        return [.. rows.Where(r => levels.Span[r] == index)];
    }

    /// <summary>Adds sigma² R of some rows to an m×m matrix, precision weights taken into account.</summary>
    public static void AddCovariance(MarginalEstimate marginal, double sigma, int[] rows, double[] V)
    {
        var (R, weights) = (marginal.Covariance(rows), marginal.Data.Data.Weights);
        for (var b = 0; b < rows.Length; b++)
        {
            for (var a = 0; a < rows.Length; a++)
            {
                var precision = weights.IsEmpty ? 1 : Math.Sqrt(weights.Span[rows[a]] * weights.Span[rows[b]]);
                V[a + (b * rows.Length)] += sigma * sigma * R[a + (b * rows.Length)] / precision;
            }
        }
    }

    /// <summary>Residuals, one a used row.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="marginal">Its residuals' covariance.</param>
    /// <param name="residualsOf">n means that the responses are compared with.</param>
    /// <param name="sigma">The engine's residual standard deviation.</param>
    /// <param name="kind">Pearson (times the root of the weight), scaled (over the row's standard deviation) or normalised (R⁻½).</param>
    public static double[] Of(LinearMixedModelFit fit, MarginalEstimate marginal, double[] residualsOf, double sigma, ResidualKind kind)
    {
        var residuals = fit.Design.Response.ToArray();
        for (var r = 0; r < residuals.Length; r++)
        {
            residuals[r] = (residuals[r] - residualsOf[r]) * (fit.Design.Weights.IsEmpty ? 1 : Math.Sqrt(fit.Design.Weights.Span[r]));
            if (kind == ResidualKind.Scaled) residuals[r] /= sigma * marginal.Deviations[r];
        }

        if (kind != ResidualKind.Normalized) return residuals;
        var whitened = marginal.Whitening.Apply(residuals, residuals.Length);
        return Array.ConvertAll(whitened, value => value / sigma);
    }
}
