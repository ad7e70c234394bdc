using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Choice;

/// <summary>What the columns of one effect add within the levels of a group to those of the effects before it.</summary>
/// <param name="VaryingLevels">Levels in which some column is no combination of the earlier ones.</param>
/// <param name="IsConstant">Whether every column is constant in every level.</param>
/// <param name="HasFullRank">Whether the columns can be told apart, all levels together.</param>
/// <param name="FreeRows">Rows less the rank of all columns within a level, summed over levels.</param>
/// <remarks>
/// With Z_l = [A_l C_l] the rows of level l, C_l the columns of the effect and P_l the projection on the columns of A_l: E_l = (I − P_l) C_l, and the effect
/// can be estimated beside the others where Σ_l E_l'E_l is regular.
/// </remarks>
internal sealed record WithinLevels(int VaryingLevels, bool IsConstant, bool HasFullRank, int FreeRows)
{
    /// <summary>A remainder below this share of a column's norm is none: the tolerance at which columns count as aliased.</summary>
    private const double Tolerance = 1e-7;

    /// <summary>A pivot of the scaled moment matrix below this is none: the tolerance of a norm squared, with room for the rounding of the sums.</summary>
    private const double LeastPivot = 1e-12;

    /// <summary>Looks at a random term whose last effect is the one in question. O(n p²).</summary>
    public static WithinLevels Of(RandomTermDesign term)
    {
        var (n, p) = (term.LevelOfRow.Length, term.ColumnNames.Count);
        var given = term.Assign.Count(label => label != term.Assign[^1]);
        var own = p - given;
        var moments = new double[own * own];
        var (varying, free, isConstant) = (0, 0, true);
        foreach (var rows in RowsByLevel(term))
        {
            var m = rows.Length;
            var Z = new double[m * p];
            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < m; i++) Z[i + (j * m)] = term.Z.Span[rows[i] + (j * n)];
            }

            isConstant = isConstant && AreConstant(Z.AsSpan(given * m), m);
            var rank = OrthonormalBasis.Orthonormalize(Z.AsSpan(0, given * m), m, given, new double[given * given], Tolerance);
            if (Project(Z, m, given, own)) varying++;
            var E = Z.AsSpan(given * m);
            Product.Add(1, E, m, true, E, m, false, moments, own, own, own, m);
            rank += OrthonormalBasis.Orthonormalize(E, m, own, new double[own * own], Tolerance);
            free += m - rank;
        }

        return new(varying, isConstant, IsRegular(moments, own), free);
    }

    /// <summary>The rows of each level, in the table's order.</summary>
    private static int[][] RowsByLevel(RandomTermDesign term)
    {
        var levels = term.LevelOfRow.Span;
        var rows = new int[term.Levels.Count][];
        var counts = new int[rows.Length];
        foreach (var level in levels) counts[level]++;
        for (var l = 0; l < rows.Length; l++) rows[l] = new int[counts[l]];
        Array.Clear(counts);
        for (var r = 0; r < levels.Length; r++) rows[levels[r]][counts[levels[r]]++] = r;
        return rows;
    }

    private static bool AreConstant(ReadOnlySpan<double> columns, int m)
    {
        for (var start = 0; start < columns.Length; start += m)
        {
            foreach (var value in columns.Slice(start, m))
            {
                if (Math.Abs(value - columns[start]) > Tolerance * Math.Abs(columns[start])) return false;
            }
        }

        return true;
    }

    /// <summary>Takes the first columns, orthonormal, out of the others; a remainder that is none becomes zero. Whether anything remains.</summary>
    private static bool Project(double[] Z, int m, int given, int own)
    {
        var remains = false;
        for (var c = 0; c < own; c++)
        {
            var column = Z.AsSpan((given + c) * m, m);
            var norm = Vectors.Norm(column);
            for (var pass = 0; pass < 2; pass++)
            {
                for (var j = 0; j < given; j++)
                {
                    var q = Z.AsSpan(j * m, m);
                    Vectors.AddScaled(-Vectors.Dot(q, column), q, column);
                }
            }

            if (Vectors.Norm(column) <= Tolerance * norm) column.Clear();
            else remains = true;
        }

        return remains;
    }

    private static bool IsRegular(double[] moments, int own)
    {
        var scaled = (double[])moments.Clone();
        for (var j = 0; j < own; j++)
        {
            for (var i = 0; i < own; i++) scaled[i + (j * own)] /= Math.Sqrt(moments[i * (own + 1)] * moments[j * (own + 1)]);
        }

        var L = new double[own * own];
        if (!scaled.All(double.IsFinite)) return false;
        SemidefiniteCholesky.Factor(scaled, own, L);
        return Enumerable.Range(0, own).All(j => L[j * (own + 1)] * L[j * (own + 1)] > LeastPivot);
    }
}
