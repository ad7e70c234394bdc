using MixedModels.Design;

namespace MixedModels.Reporting.Plots;

/// <summary>What each level's own rows say of its effects: maximum likelihood on its columns of Z, fixed effects and other random terms held.</summary>
internal static class LevelEstimates
{
    /// <summary>A pivot below this share of its column is rounding.</summary>
    private const double Dependent = 1e-9;

    /// <summary>A likelihood that has not been climbed by then has no top: rows that are all zeros, or all ones.</summary>
    private const int MostSteps = 30;

    /// <summary>A step this small against one on the predictor's scale ends the climb.</summary>
    private const double Tolerance = 1e-8;

    /// <summary>A level: its p effects; null where its rows do not determine them. O(n p²) a step; a linear model takes one.</summary>
    public static double[]?[] Of(IInspectedFit fit, int index)
    {
        var term = fit.Design.RandomTerms[index];
        PlotWords.RequireOneLevel(term);
        var modes = fit.ConditionalModes()[index];
        var rows = Enumerable.Range(0, fit.Design.Observations).ToLookup(r => term.LevelOfRow.Span[r]);
        return [.. Enumerable.Range(0, term.Levels.Count).Select(level => OfLevel(fit, term, [.. Enumerable.Range(0, term.ColumnNames.Count).Select(j => modes.Modes[level, j])], [.. rows[level]]))];
    }

    /// <summary>Fisher scoring from the conditional modes.</summary>
    private static double[]? OfLevel(IInspectedFit fit, RandomTermDesign term, double[] mode, int[] rows)
    {
        var (n, p) = (fit.Design.Observations, mode.Length);
        var effects = (double[])mode.Clone();
        for (var step = 0; step < MostSteps; step++)
        {
            var (normal, right) = (new double[p, p], new double[p]);
            foreach (var r in rows)
            {
                var eta = fit.LinearPredictors.Span[r];
                for (var j = 0; j < p; j++) eta += term.Z.Span[r + (j * n)] * (effects[j] - mode[j]);
                var score = fit.ScoreOf(r, eta);
                for (var j = 0; j < p; j++)
                {
                    right[j] += term.Z.Span[r + (j * n)] * score.Slope;
                    for (var k = 0; k < p; k++) normal[j, k] += score.Weight * term.Z.Span[r + (j * n)] * term.Z.Span[r + (k * n)];
                }
            }

            if (Solve(normal, right) is not { } change) return null;
            for (var j = 0; j < p; j++) effects[j] += change[j];
            if (fit.Generalized is null || change.Max(Math.Abs) < Tolerance) return effects;
        }

        return null;
    }

    /// <summary>Solves a positive definite system by elimination in place; null where it is singular.</summary>
    private static double[]? Solve(double[,] A, double[] b)
    {
        var p = b.Length;
        for (var k = 0; k < p; k++)
        {
            var scale = A[k, k];
            for (var m = 0; m < k; m++) A[k, k] -= A[m, k] * A[m, k] * A[m, m];
            if (!(A[k, k] > Dependent * scale)) return null;
            for (var j = k + 1; j < p; j++)
            {
                for (var m = 0; m < k; m++) A[k, j] -= A[m, k] * A[m, m] * A[m, j];
                A[k, j] /= A[k, k];
            }
        }

        for (var k = 0; k < p; k++)
        {
            for (var m = 0; m < k; m++) b[k] -= A[m, k] * b[m];
        }

        for (var k = p - 1; k >= 0; k--)
        {
            b[k] /= A[k, k];
            for (var j = k + 1; j < p; j++) b[k] -= A[k, j] * b[j];
        }

        return b;
    }
}
