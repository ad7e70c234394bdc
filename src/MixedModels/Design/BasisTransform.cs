namespace MixedModels.Design;

/// <summary>A learnt map from one number to several columns: poly, bs, ns. Immutable.</summary>
internal abstract class BasisTransform
{
    /// <summary>The number of columns k.</summary>
    public abstract int ColumnCount { get; }

    /// <summary>The columns at points, n×k, column-major; NaN where the point is NaN.</summary>
    public abstract double[] Evaluate(ReadOnlySpan<double> x);
}

/// <summary><c>poly(x, degree)</c>.</summary>
internal sealed class PolynomialTransform(OrthogonalPolynomial polynomial, int degree) : BasisTransform
{
    /// <inheritdoc/>
    public override int ColumnCount => degree;

    /// <inheritdoc/>
    public override double[] Evaluate(ReadOnlySpan<double> x) => polynomial.Evaluate(x);
}

/// <summary><c>poly(x, degree, raw = TRUE)</c>: the powers of x, nothing learnt.</summary>
internal sealed class PowerTransform(int degree) : BasisTransform
{
    /// <inheritdoc/>
    public override int ColumnCount => degree;

    /// <inheritdoc/>
    public override double[] Evaluate(ReadOnlySpan<double> x)
    {
        var values = new double[x.Length * degree];
        x.CopyTo(values);
        for (var i = x.Length; i < values.Length; i++)
            values[i] = values[i - x.Length] * x[i % x.Length];
        return values;
    }
}

/// <summary><c>bs(x, …)</c>: B-splines, without the first one unless an intercept is asked for.</summary>
internal sealed class SplineTransform(BSplineBasis basis, bool hasIntercept) : BasisTransform
{
    /// <inheritdoc/>
    public override int ColumnCount => basis.Count - (hasIntercept ? 0 : 1);

    /// <inheritdoc/>
    public override double[] Evaluate(ReadOnlySpan<double> x)
    {
        var n = x.Length;
        var skipped = hasIntercept ? 0 : 1;
        var values = new double[n * ColumnCount];
        var row = new double[basis.Count];
        for (var i = 0; i < n; i++)
        {
            if (double.IsNaN(x[i]))
                Array.Fill(row, double.NaN);
            else
                basis.Evaluate(x[i], 0, row);
            for (var j = 0; j < ColumnCount; j++)
                values[(j * n) + i] = row[j + skipped];
        }

        return values;
    }
}
