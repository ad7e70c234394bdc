namespace MixedModels.Estimation.Linear;

/// <summary>
/// The cross-products of a model with one grouping factor, level by level: A_l = Z_l'Z_l and C_l = Z_l'[X y], where Z holds the
/// columns of all its terms side by side.
/// </summary>
internal sealed class LevelCrossProducts
{
    /// <summary>One pass over the rows, sorted by level.</summary>
    public LevelCrossProducts(StandardizedData data, int[] rowsByLevel)
    {
        var terms = data.Data.Terms;
        Levels = terms[0].LevelCount;
        Columns = new(terms);
        p = Columns.Count;
        m = data.Data.p + 1;
        A = new double[Levels * LevelColumns.PackedSize(p)];
        C = new double[Levels * p * m];
        Accumulate(data, rowsByLevel);
    }

    /// <summary>The number of levels.</summary>
    public int Levels { get; }

    /// <summary>The columns of Z of one level.</summary>
    public LevelColumns Columns { get; }

    /// <summary>Their number.</summary>
    public int p { get; }

    /// <summary>The columns of [X y].</summary>
    public int m { get; }

    /// <summary>A_l, lower triangle by rows, one level after the other.</summary>
    public double[] A { get; }

    /// <summary>Z'[X y] (q×m), effects numbered term by term.</summary>
    public double[] C { get; }

    private void Accumulate(StandardizedData data, int[] rowsByLevel)
    {
        var (n, q) = (data.Data.n, Levels * p);
        var levels = data.Data.Terms[0].LevelOfRow.Span;
        var columns = Gathered(data);
        var row = new double[p + m];
        var s = LevelColumns.PackedSize(p);
        for (var next = 0; next < n;)
        {
            var level = levels[rowsByLevel[next]];
            var a = A.AsSpan(level * s, s);
            for (; next < n && levels[rowsByLevel[next]] == level; next++)
            {
                for (var c = 0; c < columns.Length; c++) row[c] = columns[c].Values[columns[c].Start + rowsByLevel[next]];
                for (int i = 0, e = 0; i < p; i++)
                {
                    for (var j = 0; j <= i; j++, e++) a[e] += row[i] * row[j];
                    var effect = Columns.Effect(level, i);
                    for (var c = 0; c < m; c++) C[effect + (c * q)] += row[i] * row[p + c];
                }
            }
        }
    }

    /// <summary>The columns of [Z X y], each a part of some array.</summary>
    private (double[] Values, int Start)[] Gathered(StandardizedData data)
    {
        var n = data.Data.n;
        var columns = new List<(double[], int)>();
        for (var t = 0; t < data.Z.Length; t++)
        {
            for (var i = 0; i < data.Data.Terms[t].Dimension; i++) columns.Add((data.Z[t], i * n));
        }

        for (var c = 0; c < m - 1; c++) columns.Add((data.Q, c * n));
        columns.Add((data.y, 0));
        return [.. columns];
    }
}
