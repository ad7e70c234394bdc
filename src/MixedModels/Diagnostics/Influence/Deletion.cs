using MixedModels.LinearAlgebra;

namespace MixedModels.Diagnostics.Influence;

/// <summary>What the fixed effects become without a set of rows, the variances held: a rank-m update, no refit.</summary>
/// <remarks>
/// Deleting rows is adding a free mean to each of them. With E their indicators, delta₍₋₎ − delta = −U'(E'P0E)⁻¹E'P0y, and the information left is
/// I − U'(E'V0⁻¹E)⁻¹U. Source: Haslett 1999, J. R. Stat. Soc. B 61, 603–609 (conditional and marginal deletion in the general linear model).
/// </remarks>
internal static class Deletion
{
    /// <summary>A pivot of P this small beside 1 is rounding: some fixed effect cannot be estimated without the rows.</summary>
    private const double Singular = 1e-10;

    /// <summary>The change of delta (p numbers, in the response's unit); null where some fixed effect cannot be estimated without the rows.</summary>
    public static double[]? Change(DeletedRows set, int p)
    {
        var m = set.Rows.Length;
        if (Factor(set) is not { } L) return null;
        var solved = (double[])set.r.Clone();
        TriangularSolve.Lower(L, m, m, solved, 1, m);
        TriangularSolve.LowerTransposed(L, m, m, solved, 1, m);
        var change = new double[p];
        for (var c = 0; c < p; c++) change[c] = -Vectors.Dot(set.U.AsSpan(c * m, m), solved);
        return change;
    }

    /// <summary>
    /// Residuals of the rows in their order, each given those before it: uncorrelated with variance sigma² under the model, up to what the fixed
    /// effects tie between sets. Null where the rows determine a fixed effect alone.
    /// </summary>
    public static double[]? Innovations(DeletedRows set)
    {
        if (Factor(set) is not { } L) return null;
        var white = (double[])set.r.Clone();
        TriangularSolve.Lower(L, white.Length, white.Length, white, 1, white.Length);
        return white;
    }

    private static double[]? Factor(DeletedRows set)
    {
        var m = set.Rows.Length;
        var L = (double[])set.P.Clone();
        if (Cholesky.Factor(L, m, m) >= 0) return null;
        for (var i = 0; i < m; i++)
        {
            if (L[i * (m + 1)] * L[i * (m + 1)] < Singular) return null;
        }

        return L;
    }
}
