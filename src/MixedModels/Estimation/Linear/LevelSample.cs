using MixedModels.Covariance;
using MixedModels.Estimation.Storage;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// Where the search begins in a model with one grouping factor of very many levels: at the optimum of the same model on a sample of the levels,
/// which costs a fraction of one evaluation and is nearer than moments, as it knows the covariances too.
/// </summary>
/// <remarks>
/// With a share f of the levels the start lies about f^-½ standard errors from the optimum, so a Newton step or two are left. Measured on
/// 100,000 levels of ten rows, (t | id): six evaluations from moments, four from here.
/// </remarks>
internal static class LevelSample
{
    /// <summary>The levels of a sample.</summary>
    private const int SampleLevels = 2048;

    /// <summary>From so many levels on a sample is small beside them.</summary>
    private const int FromLevels = 8 * SampleLevels;

    /// <summary>Start parameters; null where there are not enough levels, or a sample of them does not determine the model.</summary>
    public static double[]? Start(ProfiledDeviance deviance, StandardizedData data, CancellationToken cancellationToken)
    {
        if (deviance.System is not OneFactorSystem || data.Data.Terms[0].LevelCount < FromLevels) return null;
        var sample = new StandardizedData(Take(data.Data));
        if (sample.IsExactFit || sample.R.Any(double.IsNaN) || !double.IsFinite(sample.LogDeterminantR)) return null;
        var own = new ProfiledDeviance(sample, new OneFactorSystem(sample.Rows), deviance.Reml);
        var found = LinearSearch.Descend(own, StartValues.Compute(own, sample), OptimizationMethod.Newton, cancellationToken);
        if (!found.Converged) return null;
        var units = new UserUnits(sample);
        double[][] relative = [.. sample.K.Select((_, t) => units.Covariance(t, RelativeCovariance.Of(own.Layout.Structure(t), own.Layout.Slice(found.Point.Theta, t))))];
        var theta = StartValues.FromCovariances(relative, data, deviance.Layout);
        return double.IsFinite(deviance.Value(theta)) ? theta : null;
    }

    /// <summary>The rows of every so many-th level.</summary>
    private static LinearData Take(LinearData data)
    {
        var (step, taken) = (data.Terms[0].LevelCount / SampleLevels, 0);
        var newLevel = new int[data.Terms[0].LevelCount];
        for (var l = 0; l < newLevel.Length; l++) newLevel[l] = l % step == 0 ? taken++ : -1;
        var rows = new List<int>();
        var levels = data.Terms[0].LevelOfRow.Span;
        for (var r = 0; r < levels.Length; r++)
        {
            if (newLevel[levels[r]] >= 0) rows.Add(r);
        }

        var X = Rows(data.X.Span, data.n, rows);
        var levelOfRow = rows.ConvertAll(r => newLevel[data.Terms[0].LevelOfRow.Span[r]]).ToArray();
        var terms = data.Terms.Select(term => term with
        {
            LevelCount = taken,
            LevelOfRow = levelOfRow,
            Z = StandardizedData.IsBeginOf(data.X, term) ? X.AsMemory(0, rows.Count * term.Dimension) : Rows(term.Z.Span, data.n, rows),
        });
        return data with { n = rows.Count, y = Rows(data.y.Span, data.n, rows), X = X, Weights = Rows(data.Weights.Span, data.n, rows), Terms = [.. terms] };
    }

    private static double[] Rows(ReadOnlySpan<double> columns, int n, List<int> rows)
    {
        var taken = new double[columns.Length / n * rows.Count];
        for (int first = 0, to = 0; first < columns.Length; first += n)
        {
            foreach (var r in rows) taken[to++] = columns[first + r];
        }

        return taken;
    }
}
