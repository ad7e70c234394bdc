namespace MixedModels.Reporting.Plots;

/// <summary>What each level's own rows say of its effects: least squares on its columns of Z, fixed effects and other random terms held.</summary>
internal static class LevelEstimates
{
    /// <summary>A pivot below this share of its column is rounding.</summary>
    private const double Dependent = 1e-9;

    /// <summary>A level: its p effects; null where its rows do not determine them. O(n p²).</summary>
    public static double[]?[] Of(IInspectedFit fit, int index)
    {
        var design = fit.Design;
        var term = design.RandomTerms[index];
        var modes = fit.ConditionalModes()[index];
        var (n, p) = (design.Observations, term.ColumnNames.Count);
        var normal = new double[term.Levels.Count][,];
        var right = new double[term.Levels.Count][];
        for (var level = 0; level < normal.Length; level++) (normal[level], right[level]) = (new double[p, p], new double[p]);
        for (var r = 0; r < n; r++)
        {
            // The response without all but this term: the residual, with the term's own part put back.
            var level = term.LevelOfRow.Span[r];
            var partial = design.Response.Span[r] - fit.FittedMeans.Span[r];
            for (var j = 0; j < p; j++) partial += term.Z.Span[r + (j * n)] * modes.Modes[level, j];
            var weight = design.Weights.IsEmpty ? 1 : design.Weights.Span[r];
            for (var j = 0; j < p; j++)
            {
                right[level][j] += weight * term.Z.Span[r + (j * n)] * partial;
                for (var k = 0; k < p; k++) normal[level][j, k] += weight * term.Z.Span[r + (j * n)] * term.Z.Span[r + (k * n)];
            }
        }

        return [.. normal.Select((matrix, level) => Solve(matrix, right[level]))];
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
