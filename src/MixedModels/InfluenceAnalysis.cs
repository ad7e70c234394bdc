using System.Globalization;
using MixedModels.Diagnostics.Influence;

namespace MixedModels;

/// <summary>Influence of groups and rows on the fixed effects of a mixed model, and leverages and innovations of the rows of a linear one.</summary>
public static class InfluenceAnalysis
{
    /// <summary>Gradients of single rows that take about ten seconds.</summary>
    private const double MostWork = 5e7;

    /// <summary>Leaves out each level of a group, or each row, in turn.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="group">The grouping factor; null for single rows.</param>
    /// <param name="cancellationToken">Stops between levels.</param>
    /// <remarks>
    /// A level whose rows share their levels of every other term costs O(m³ + p_t² evaluations of a conditional variance), m being its rows; so does one
    /// that is independent of all other rows. Others need a dense inverse, which goes to 2,500 rows in all.
    /// </remarks>
    /// <exception cref="InferenceException">There are no fixed effects, no such group, or the design is too large for its kind.</exception>
    public static InfluenceTable Influence(this LinearMixedModelFit fit, string? group = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var (labels, sets) = Sets(fit, group);
        var contrasts = Contrasts(fit);
        var rows = AtBlocks(fit, blocks =>
        {
            var found = new InfluenceRow[sets.Length];
            for (var s = 0; s < sets.Length; s++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                found[s] = Row(fit, labels[s], blocks.CanForm(sets[s]) ? blocks.Form(sets[s]) : throw TooLarge(group, labels[s]), contrasts);
            }

            return found;
        });
        return new(group, fit.Design.Fixed.ColumnNames, rows);
    }

    /// <summary>Leaves out each level of a group, or each row, of a generalized model in turn, by one Newton step in all parameters from the optimum.</summary>
    /// <param name="fit">The fit, by maximum likelihood with the fixed effects among the parameters of one likelihood.</param>
    /// <param name="group">The grouping factor; null for single rows.</param>
    /// <param name="cancellationToken">Stops between levels.</param>
    /// <returns>A table whose changes are those of refits up to the square of their own size; variances move too, unlike those of a linear model.</returns>
    /// <remarks>A level costs two gradients a parameter over the rows that random effects tie to its own: of crossed groups all rows. Source: see docs/diagnostics.md.</remarks>
    /// <exception cref="InferenceException">There are no fixed effects, no such group, the fixed effects are in the inner loop, or crossed levels are too many.</exception>
    public static InfluenceTable Influence(this GeneralizedMixedModelFit fit, string? group = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        fit.RequireOuterEffects("Leaving rows out");
        var (labels, sets) = Sets(fit, group);
        var rows = fit.Estimate.AtOptimum((data, deviance) =>
        {
            var deletion = new NewtonDeletion(data, deviance, fit.Estimate.Optimum, fit.Estimate.Covariance, fit.Design);
            if (deletion.Work(sets) > MostWork)
            {
                throw new InferenceException(
                    $"Leaving out each of {labels.Length} {(group is null ? "rows" : $"levels of '{group}'")} would take too long, since random effects tie each to many other rows. "
                    + "Ask for a group whose levels share no others, or refit without the levels in question.");
            }

            return sets.Select((set, s) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return Row(fit, labels[s], set.Length, deletion.Without(set));
            }).ToArray();
        });
        return new(group, fit.Design.Fixed.ColumnNames, rows);
    }

    /// <summary>The same of an inspected fit, whichever class of model it is of.</summary>
    /// <exception cref="InferenceException">There are no fixed effects, no such group, or the work or memory is too large.</exception>
    public static InfluenceTable Influence(this IInspectedFit fit, string? group = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return fit.Linear is { } linear ? linear.Influence(group, cancellationToken) : fit.Generalized!.Influence(group, cancellationToken);
    }

    /// <summary>
    /// The leverage of each row, n: how much its own response counts in its fitted value given the random effects, the variances held; between 0 and 1,
    /// their sum the effective number of parameters.
    /// </summary>
    /// <param name="fit">The fit.</param>
    /// <remarks>h = 1 − (R P0)_ii, R = I for independent residuals of one variance. Source: Demidenko and Stukel 2005, Statistics in Medicine 24, 893–909; the trace, Hodges and Sargent 2001, Biometrika 88.</remarks>
    public static ReadOnlyMemory<double> Leverages(this LinearMixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return AtBlocks(fit, blocks =>
        {
            var leverages = new double[fit.Observations];
            for (var r = 0; r < leverages.Length; r++) leverages[r] = blocks.Leverage(r);
            return leverages;
        });
    }

    /// <summary>Whitened residuals of sets of rows, each given the rows before it in its set and over sigma; null for a set that cannot be formed.</summary>
    internal static IReadOnlyList<double[]?> Innovations(LinearMixedModelFit fit, IReadOnlyList<int[]> sets) => AtBlocks(fit, blocks => sets.Select(set =>
    {
        if (!blocks.CanForm(set) || Deletion.Innovations(blocks.Form(set)) is not { } white) return null;
        for (var i = 0; i < white.Length; i++) white[i] /= fit.Estimate.Sigma;
        return white;
    }).ToArray());

    /// <summary>The rows of each level of a term in the order of the table.</summary>
    internal static int[][] RowsByLevel(ReadOnlySpan<int> levelOfRow, int levels)
    {
        var lists = new List<int>[levels];
        for (var l = 0; l < levels; l++) lists[l] = [];
        for (var r = 0; r < levelOfRow.Length; r++) lists[levelOfRow[r]].Add(r);
        return [.. lists.Select(list => list.ToArray())];
    }

    /// <summary>Whether leverages, influence and innovations are at hand: each row in one level of every term, and blocks of dependent rows not too large.</summary>
    internal static bool HasLeverages(this LinearMixedModelFit fit) => fit.Marginal?.AtOptimum((deviance, _) => deviance.Plan.LargestBlock <= DeletionBlocks.DenseLimit) != false && fit.Design.RandomTerms.All(term => term.Memberships is null);

    private static TResult AtBlocks<TResult>(LinearMixedModelFit fit, Func<IDeletionBlocks, TResult> read)
    {
        if (fit.Design.RandomTerms.FirstOrDefault(term => term.Memberships is not null) is { } several)
            throw new InferenceException($"Influence and leverage are not in this version for rows that belong to several levels, here of '{several.Group}'. Look at the residuals.");
        if (fit.Marginal is { } marginal)
            return marginal.WithCovariances(covariance => marginal.AtOptimum((deviance, psi) => read(new MarginalDeletionBlocks(marginal.Data, deviance, psi, covariance))));
        var residuals = fit.Residuals(ResidualKind.Pearson).ToArray();
        return fit.Estimate.AtOptimum((data, deviance) => read(new DeletionBlocks(data, deviance, fit.Optimum.Theta, residuals)));
    }

    private static (string[] Labels, int[][] Sets) Sets(IMixedModelFit fit, string? group)
    {
        if (fit.Design.RandomTerms.FirstOrDefault(term => term.Memberships is not null) is { } several)
            throw new InferenceException($"Influence and leverage are not in this version for rows that belong to several levels, here of '{several.Group}'. Look at the residuals.");
        if (fit.Design.Fixed.ColumnNames.Count == 0) throw new InferenceException("The model has no fixed effects that rows could sway.");
        if (group is null)
        {
            var rows = fit.Design.Rows.ToArray();
            return ([.. rows.Select(row => (row + 1).ToString(CultureInfo.InvariantCulture))], [.. Enumerable.Range(0, rows.Length).Select(r => new[] { r })]);
        }

        var groups = RowGroup.Of(fit);
        var own = groups.FirstOrDefault(candidate => string.Equals(candidate.Name, group, StringComparison.Ordinal))
            ?? throw new InferenceException($"The model has no group '{group}'; its groups are {string.Join(", ", groups.Select(candidate => candidate.Name))}.");
        return ([.. own.Levels], RowsByLevel(own.LevelOfRow.Span, own.Levels.Count));
    }

    /// <summary>p×p: the weights of delta in each fixed effect.</summary>
    private static double[][] Contrasts(LinearMixedModelFit fit)
    {
        var p = fit.Design.Fixed.ColumnNames.Count;
        var contrasts = new double[p][];
        for (var j = 0; j < p; j++)
        {
            contrasts[j] = new double[p];
            contrasts[j][j] = 1;
            fit.Effects.ToCoordinates(contrasts[j]);
        }

        return contrasts;
    }

    private static InfluenceRow Row(LinearMixedModelFit fit, string name, DeletedRows set, double[][] contrasts)
    {
        var p = contrasts.Length;
        var (changes, dfbetas) = (new double[p], new double[p]);
        Array.Fill(changes, double.NaN);
        Array.Fill(dfbetas, double.NaN);
        if (Deletion.Change(set, p) is not { } delta) return new(name, set.Rows.Length, double.NaN, changes, dfbetas);
        var squared = 0.0;
        foreach (var d in delta) squared += d * d;
        for (var j = 0; j < p; j++)
        {
            changes[j] = 0;
            for (var c = 0; c < p; c++) changes[j] += contrasts[j][c] * delta[c];
            dfbetas[j] = changes[j] / Math.Sqrt(fit.CoefficientCovariance[j, j]);
        }

        return new(name, set.Rows.Length, squared / (p * fit.Effects.CoordinateVariance), changes, dfbetas);
    }

    private static InfluenceRow Row(GeneralizedMixedModelFit fit, string name, int count, (double[] Changes, double CookDistance)? step)
    {
        var p = fit.Design.Fixed.ColumnNames.Count;
        double[] unknown = [.. Enumerable.Repeat(double.NaN, p)];
        return step is { } found
            ? new(name, count, found.CookDistance, found.Changes, [.. found.Changes.Select((change, j) => change / Math.Sqrt(fit.CoefficientCovariance[j, j]))])
            : new(name, count, double.NaN, unknown, unknown);
    }

    private static InferenceException TooLarge(string? group, string label) => new(
        $"Level '{label}' of '{group}' shares levels of other groups with rows outside it, and then influence needs a dense inverse, which goes to {DeletionBlocks.DenseLimit} rows in all. "
        + "Ask for a group whose levels lie within the levels of the others, or that holds them.");
}
