using System.Diagnostics;

namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>Triangular solves with the panels of a supernodal factor, a few right-hand sides at a time. Owns its buffers; one thread.</summary>
internal sealed class SupernodalSolver
{
    // One pass over the factor serves this many right-hand sides, enough to fill the columns of two product tiles.
    private const int Batch = 8;

    private readonly FactorLayout layout;
    private readonly int n;
    private readonly double[] below;
    private readonly double[] unpermuted;

    /// <summary>Creates a solver for factors of a layout.</summary>
    public SupernodalSolver(FactorLayout layout)
    {
        this.layout = layout;
        n = layout.Symbolic.Order;
        below = new double[layout.MostRowsBelow * Batch];
        unpermuted = new double[n];
    }

    /// <summary>x := M⁻¹ b, n×columns, in the numbering of M; x may not overlap b.</summary>
    public void Solve(ReadOnlySpan<double> panels, ReadOnlySpan<double> b, Span<double> x, int columns)
    {
        var permutation = layout.Symbolic.Permutation;
        for (var k = 0; k < columns; k++)
            permutation.Apply(b.Slice(k * n, n), x.Slice(k * n, n));
        Forward(panels, x, columns);
        Backward(panels, x, columns);
        for (var k = 0; k < columns; k++)
        {
            var column = x.Slice(k * n, n);
            permutation.Undo(column, unpermuted);
            unpermuted.CopyTo(column);
        }
    }

    /// <summary>x := L⁻¹ x, n×columns, in the order of elimination.</summary>
    public void Forward(ReadOnlySpan<double> panels, Span<double> x, int columns)
    {
        Debug.Assert(x.Length == n * columns);
        for (var first = 0; first < columns; first += Batch)
        {
            var count = Math.Min(Batch, columns - first);
            var batch = x.Slice(first * n, count * n);
            for (var s = 0; s < layout.Count; s++)
            {
                if (layout.Width(s) == 1)
                    ForwardColumn(s, Panel(panels, s), batch, count);
                else
                    ForwardPanel(s, Panel(panels, s), batch, count);
            }
        }
    }

    /// <summary>x := L⁻ᵀ x, n×columns, in the order of elimination.</summary>
    public void Backward(ReadOnlySpan<double> panels, Span<double> x, int columns)
    {
        Debug.Assert(x.Length == n * columns);
        for (var first = 0; first < columns; first += Batch)
        {
            var count = Math.Min(Batch, columns - first);
            var batch = x.Slice(first * n, count * n);
            for (var s = layout.Count - 1; s >= 0; s--)
            {
                if (layout.Width(s) == 1)
                    BackwardColumn(s, Panel(panels, s), batch, count);
                else
                    BackwardPanel(s, Panel(panels, s), batch, count);
            }
        }
    }

    private ReadOnlySpan<double> Panel(ReadOnlySpan<double> panels, int s) =>
        panels.Slice(layout.PanelStart(s), layout.RowCount(s) * layout.Width(s));

    private void ForwardColumn(int s, ReadOnlySpan<double> l, Span<double> x, int count)
    {
        var rows = layout.Rows(s);
        for (var k = 0; k < count; k++)
        {
            var column = x.Slice(k * n, n);
            var pivot = column[rows[0]] / l[0];
            column[rows[0]] = pivot;
            for (var i = 1; i < l.Length; i++)
                column[rows[i]] -= l[i] * pivot;
        }
    }

    private void BackwardColumn(int s, ReadOnlySpan<double> l, Span<double> x, int count)
    {
        var rows = layout.Rows(s);
        for (var k = 0; k < count; k++)
        {
            var column = x.Slice(k * n, n);
            var sum = column[rows[0]];
            for (var i = 1; i < l.Length; i++)
                sum -= l[i] * column[rows[i]];
            column[rows[0]] = sum / l[0];
        }
    }

    private void ForwardPanel(int s, ReadOnlySpan<double> panel, Span<double> x, int count)
    {
        var (first, width, ldp) = (layout.First(s), layout.Width(s), layout.RowCount(s));
        var rowsBelow = layout.Rows(s)[width..];
        for (var k = 0; k < count; k++)
            PanelKernels.SolveLower(panel, ldp, x.Slice(k * n + first, width));
        var product = below.AsSpan(0, rowsBelow.Length * count);
        product.Clear();
        PanelKernels.AddProduct(1, panel[width..], ldp, x[first..], 1, n, product, rowsBelow.Length, rowsBelow.Length, count, width);
        for (var k = 0; k < count; k++)
        {
            for (var i = 0; i < rowsBelow.Length; i++)
                x[k * n + rowsBelow[i]] -= product[k * rowsBelow.Length + i];
        }
    }

    private void BackwardPanel(int s, ReadOnlySpan<double> panel, Span<double> x, int count)
    {
        var (first, width, ldp) = (layout.First(s), layout.Width(s), layout.RowCount(s));
        var rowsBelow = layout.Rows(s)[width..];
        var gathered = below.AsSpan(0, rowsBelow.Length * count);
        for (var k = 0; k < count; k++)
        {
            for (var i = 0; i < rowsBelow.Length; i++)
                gathered[k * rowsBelow.Length + i] = x[k * n + rowsBelow[i]];
        }

        PanelKernels.AddTransposedProduct(
            -1, panel[width..], ldp, gathered, rowsBelow.Length, x[first..], n, width, count, rowsBelow.Length);
        for (var k = 0; k < count; k++)
            PanelKernels.SolveLowerTransposed(panel, ldp, x.Slice(k * n + first, width));
    }
}
