using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>One cluster of rows with its own dense V_c = Z_cGZ_c': its factor L, H = L⁻¹Z_c, S = L⁻¹[X y]_c and B_c = H'H. A workspace of one thread.</summary>
internal sealed class RowCluster
{
    private readonly int[] effects;
    private readonly int[] firstEffect;
    private readonly double[] L;
    private readonly int m;
    private readonly double[] S;

    /// <summary>Numbers the effects that the rows have.</summary>
    /// <param name="own">The rows.</param>
    /// <param name="system">The system, for its terms and the numbers of their effects.</param>
    public RowCluster(int[] own, PenalizedSystem system)
    {
        (Rows, m) = (own, system.m);
        var terms = system.Terms;
        firstEffect = new int[own.Length * terms.Count];
        var list = new List<int>();
        for (var t = 0; t < terms.Count; t++)
        {
            var local = new Dictionary<int, int>();
            for (var a = 0; a < own.Length; a++)
            {
                var level = terms[t].LevelOfRow.Span[own[a]];
                if (!local.TryGetValue(level, out var first))
                {
                    local.Add(level, first = list.Count);
                    for (var i = 0; i < terms[t].Dimension; i++) list.Add(system.Offset(t) + (level * terms[t].Dimension) + i);
                }

                firstEffect[a + (t * own.Length)] = first;
            }
        }

        effects = [.. list];
        (L, H, S) = (new double[own.Length * own.Length], new double[own.Length * effects.Length], new double[own.Length * m]);
        B = new double[effects.Length * effects.Length];
    }

    /// <summary>The rows.</summary>
    public int[] Rows { get; }

    /// <summary>The effects of the rows.</summary>
    public ReadOnlySpan<int> Effects => effects;

    /// <summary>L⁻¹Z_c, a column an effect of <see cref="Effects"/>.</summary>
    public double[] H { get; }

    /// <summary>H'H, both triangles.</summary>
    public double[] B { get; }

    /// <summary>Operations of a factorisation and of B_c.</summary>
    public double Operations => ((double)Rows.Length * Rows.Length * ((Rows.Length / 3.0) + effects.Length + m)) + ((double)Rows.Length * effects.Length * effects.Length);

    /// <summary>Forms and factors V_c; adds log|V_c| and [X y]'V_c⁻¹[X y] (lower triangle). False where it is not positive definite.</summary>
    public bool Factor(SystemRows rows, double[][] G, ref double logDeterminant, Span<double> cross)
    {
        Form(rows, G);
        var n = Rows.Length;
        if (Cholesky.Factor(L, n, n) >= 0) return false;
        for (var a = 0; a < n; a++) logDeterminant += 2 * Math.Log(L[a * (n + 1)]);
        FillZ(rows, H);
        TriangularSolve.Lower(L, n, n, H, effects.Length, n);
        for (var c = 0; c < m; c++)
        {
            for (var a = 0; a < n; a++) S[a + (c * n)] = rows.Side(c)[Rows[a]];
        }

        TriangularSolve.Lower(L, n, n, S, m, n);
        for (var c = 0; c < m; c++)
        {
            for (var d = c; d < m; d++) cross[d + (c * m)] += Vectors.Dot(S.AsSpan(c * n, n), S.AsSpan(d * n, n));
        }

        return true;
    }

    /// <summary>Makes B_c.</summary>
    public void FormB()
    {
        Array.Clear(B);
        Product.Add(1, H, Rows.Length, true, H, Rows.Length, false, B, effects.Length, effects.Length, effects.Length, Rows.Length);
    }

    /// <summary>Writes Z_c'V_c⁻¹[X y]_c to the effects' places in q×m.</summary>
    public void AddSides(Span<double> VC, int q)
    {
        for (var c = 0; c < m; c++)
        {
            for (var e = 0; e < effects.Length; e++) VC[effects[e] + (c * q)] = Vectors.Dot(H.AsSpan(e * Rows.Length, Rows.Length), S.AsSpan(c * Rows.Length, Rows.Length));
        }
    }

    /// <summary>b := L⁻¹b for a vector over the rows.</summary>
    public void Solve(Span<double> b) => TriangularSolve.Lower(L, Rows.Length, Rows.Length, b, 1, Rows.Length);

    /// <summary>tr(V_c⁻¹), the squares of the entries of L⁻¹.</summary>
    public double InverseTrace()
    {
        var n = Rows.Length;
        var inverse = new double[n * n];
        for (var a = 0; a < n; a++) inverse[a * (n + 1)] = 1;
        TriangularSolve.Lower(L, n, n, inverse, n, n);
        return Vectors.SumOfSquares(inverse);
    }

    /// <summary>V_c⁻¹[X y]_c, n_c×m.</summary>
    public double[] SolvedSides()
    {
        var solved = (double[])S.Clone();
        TriangularSolve.LowerTransposed(L, Rows.Length, Rows.Length, solved, m, Rows.Length);
        return solved;
    }

    /// <summary>Z_c, n_c×q_c, and the product V_c = Σ_t Z_t G_t Z_t' over pairs of rows of one level.</summary>
    private void Form(SystemRows rows, double[][] G)
    {
        var n = Rows.Length;
        Array.Clear(L);
        for (var t = 0; t < rows.Terms.Count; t++)
        {
            var p = rows.Terms[t].Dimension;
            var (z, image) = (new double[p * n], new double[p * n]);
            for (var j = 0; j < p; j++)
            {
                var column = rows.Z(t, j);
                for (var a = 0; a < n; a++) z[j + (a * p)] = column[Rows[a]];
            }

            Product.Add(1, G[t], p, false, z, p, false, image, p, p, n, p);
            var first = firstEffect.AsSpan(t * n, n);
            for (var b = 0; b < n; b++)
            {
                for (var a = b; a < n; a++)
                {
                    if (first[a] == first[b]) L[a + (b * n)] += Vectors.Dot(z.AsSpan(a * p, p), image.AsSpan(b * p, p));
                }
            }
        }
    }

    private void FillZ(SystemRows rows, double[] Z)
    {
        Array.Clear(Z);
        var n = Rows.Length;
        for (var t = 0; t < rows.Terms.Count; t++)
        {
            for (var j = 0; j < rows.Terms[t].Dimension; j++)
            {
                var column = rows.Z(t, j);
                for (var a = 0; a < n; a++) Z[a + ((firstEffect[a + (t * n)] + j) * n)] = column[Rows[a]];
            }
        }
    }
}
