using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Contrasts;

/// <summary>Null spaces and echelon forms of small matrices whose entries are ratios of small whole numbers.</summary>
internal static class NullSpace
{
    /// <summary>A squared singular value below this share of the largest is zero; true ones are well above, rounding well below.</summary>
    private const double Zero = 1e-11;

    /// <summary>An entry below this after elimination is zero.</summary>
    private const double ZeroEntry = 1e-7;

    /// <summary>An orthonormal basis of the vectors z with S z = 0, for symmetric nonnegative S (d×d); its columns, one after the other.</summary>
    public static double[] OfGram(double[] S, int d)
    {
        var vectors = (double[])S.Clone();
        var values = new double[d];
        if (d == 0 || !SymmetricEigen.Decompose(vectors, d, d, values)) return [];
        var limit = Zero * Math.Max(1, values[^1]);
        var rank = values.Count(value => value <= limit);
        return vectors[..(rank * d)];
    }

    /// <summary>
    /// Reduces rows to echelon form with a 1 at each pivot and zeros at it in all other rows, pivots taken from the given columns in order.
    /// </summary>
    /// <param name="rows">count×p, row after row; overwritten.</param>
    /// <param name="p">Columns.</param>
    /// <param name="pivots">The columns to take pivots from.</param>
    /// <returns>The pivot of each row that is not zero; the rows after these are.</returns>
    public static IReadOnlyList<int> Echelon(double[] rows, int p, IReadOnlyList<int> pivots)
    {
        var count = p == 0 ? 0 : rows.Length / p;
        var found = new List<int>();
        foreach (var column in pivots)
        {
            var rank = found.Count;
            if (rank == count) break;
            var best = Enumerable.Range(rank, count - rank).MaxBy(i => Math.Abs(rows[(i * p) + column]));
            if (Math.Abs(rows[(best * p) + column]) < ZeroEntry) continue;
            for (var j = 0; j < p; j++) (rows[(rank * p) + j], rows[(best * p) + j]) = (rows[(best * p) + j], rows[(rank * p) + j]);
            var pivot = rows.AsSpan(rank * p, p);
            Vectors.Scale(1 / pivot[column], pivot);
            for (var i = 0; i < count; i++)
            {
                if (i != rank) Vectors.AddScaled(-rows[(i * p) + column], pivot, rows.AsSpan(i * p, p));
            }

            found.Add(column);
        }

        for (var i = 0; i < rows.Length; i++)
        {
            if (Math.Abs(rows[i]) < ZeroEntry) rows[i] = 0;
        }

        return found;
    }
}
