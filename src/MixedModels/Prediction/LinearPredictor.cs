using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels.Prediction;

/// <summary>The linear predictor of a fit over any rows.</summary>
internal static class LinearPredictor
{
    /// <summary>X beta + offset + Σ Z_t b_t, one a complete row of <paramref name="rows"/>. O(n (p + Σ p_t)).</summary>
    /// <param name="rows">The columns and levels; a level of −1 has effects of zero, their mean.</param>
    /// <param name="beta">p fixed effects.</param>
    /// <param name="modes">For each random term of <paramref name="rows"/>: the effects, effect i of level l at i + l·p_t.</param>
    public static double[] Evaluate(NewDataDesign rows, ReadOnlySpan<double> beta, IReadOnlyList<double[]> modes)
    {
        var n = rows.Rows.Length;
        var eta = new double[n];
        for (var j = 0; j < beta.Length; j++) Vectors.AddScaled(beta[j], rows.X.Span.Slice(j * n, n), eta);
        for (var t = 0; t < rows.RandomTerms.Count; t++) AddTerm(rows.RandomTerms[t], modes[t], eta);
        var offset = rows.Offset.Span;
        for (var r = 0; r < offset.Length; r++) eta[r] += offset[r];
        return eta;
    }

    private static void AddTerm(NewDataRandomTerm term, ReadOnlySpan<double> effects, Span<double> eta)
    {
        var n = eta.Length;
        if (n == 0) return;
        var p = term.Z.Length / n;
        if (term.Memberships is { } memberships)
        {
            AddMemberships(memberships, term.Z.Span, p, effects, eta);
            return;
        }

        var levels = term.LevelOfRow.Span;
        for (var j = 0; j < p; j++)
        {
            var z = term.Z.Span.Slice(j * n, n);
            for (var r = 0; r < n; r++)
            {
                if (levels[r] >= 0) eta[r] += z[r] * effects[(levels[r] * p) + j];
            }
        }
    }

    private static void AddMemberships(Memberships memberships, ReadOnlySpan<double> Z, int p, ReadOnlySpan<double> effects, Span<double> eta)
    {
        var (starts, levels, weights) = (memberships.RowStart.ToArray(), memberships.Levels.ToArray(), memberships.Weights.ToArray());
        for (var r = 0; r < eta.Length; r++)
        {
            for (var e = starts[r]; e < starts[r + 1]; e++)
            {
                if (levels[e] < 0) continue;
                for (var j = 0; j < p; j++) eta[r] += weights[e] * Z[r + (j * eta.Length)] * effects[(levels[e] * p) + j];
            }
        }
    }
}
