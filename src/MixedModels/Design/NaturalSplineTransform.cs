namespace MixedModels.Design;

/// <summary>
/// <c>ns(x, …)</c>: cubic splines whose second derivative is 0 at both boundary knots, linear beyond them, with R's choice of basis.
/// </summary>
/// <remarks>
/// The B-spline coefficients that satisfy both constraints are the columns of the null space of the 2×m constraint matrix C, taken
/// as columns 3 … m of Q in the Householder factorisation C' = QR.
/// Source: Hastie (1992) in Statistical Models in S, section 7.3.2; Golub &amp; Van Loan (2013), section 5.2.
/// </remarks>
internal sealed class NaturalSplineTransform : BasisTransform
{
    private const int Degree = 3;
    private const int Constraints = 2;

    private readonly BSplineBasis basis;
    private readonly double lower;
    private readonly double upper;
    private readonly int skipped;

    // basis.Count − skipped rows, ColumnCount columns, row-major.
    private readonly double[] nullSpace;

    /// <summary>Creates the basis over its knots.</summary>
    public NaturalSplineTransform(double lower, IReadOnlyList<double> interior, double upper, bool hasIntercept)
    {
        basis = new BSplineBasis(lower, interior, upper, Degree);
        this.lower = lower;
        this.upper = upper;
        skipped = hasIntercept ? 0 : 1;
        nullSpace = NullSpace();
    }

    /// <inheritdoc/>
    public override int ColumnCount => basis.Count - skipped - Constraints;

    /// <inheritdoc/>
    public override double[] Evaluate(ReadOnlySpan<double> x)
    {
        var n = x.Length;
        var values = new double[n * ColumnCount];
        var row = new double[basis.Count];
        var slope = new double[basis.Count];
        for (var i = 0; i < n; i++)
        {
            EvaluateSplines(x[i], row, slope);
            for (var j = 0; j < ColumnCount; j++)
            {
                var sum = 0.0;
                for (var k = skipped; k < row.Length; k++)
                    sum += row[k] * nullSpace[((k - skipped) * ColumnCount) + j];
                values[(j * n) + i] = sum;
            }
        }

        return values;
    }

    private void EvaluateSplines(double x, double[] row, double[] slope)
    {
        if (double.IsNaN(x))
        {
            Array.Fill(row, double.NaN);
            return;
        }

        var pivot = Math.Clamp(x, lower, upper);
        basis.Evaluate(pivot, 0, row);
        if (pivot == x)
            return;
        basis.Evaluate(pivot, 1, slope);
        for (var k = 0; k < row.Length; k++)
            row[k] += (x - pivot) * slope[k];
    }

    private double[] NullSpace()
    {
        var m = basis.Count - skipped;
        var full = new double[basis.Count];
        var reflectors = new double[Constraints][];
        for (var c = 0; c < Constraints; c++)
        {
            basis.Evaluate(c == 0 ? lower : upper, 2, full);
            var column = full[skipped..];
            for (var earlier = 0; earlier < c; earlier++)
                Reflect(reflectors[earlier], column);
            reflectors[c] = Reflector(column, c);
        }

        var columns = m - Constraints;
        var rows = new double[m * columns];
        for (var i = 0; i < m; i++)
        {
            // Row i of Q is Q'eᵢ.
            var unit = new double[m];
            unit[i] = 1;
            foreach (var reflector in reflectors)
                Reflect(reflector, unit);
            unit.AsSpan(Constraints).CopyTo(rows.AsSpan(i * columns, columns));
        }

        return rows;
    }

    // v = x + sign(x_k) ‖x‖ e_k over the entries from k on.
    private static double[] Reflector(double[] column, int first)
    {
        var v = new double[column.Length];
        column.AsSpan(first).CopyTo(v.AsSpan(first));
        var norm = Math.Sqrt(Dot(v, v));
        v[first] += v[first] < 0 ? -norm : norm;
        return v;
    }

    private static void Reflect(double[] v, double[] y)
    {
        var scale = 2 * Dot(v, y) / Dot(v, v);
        for (var i = 0; i < y.Length; i++)
            y[i] -= scale * v[i];
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
