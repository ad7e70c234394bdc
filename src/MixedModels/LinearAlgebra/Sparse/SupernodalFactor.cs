using System.Diagnostics;

namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>
/// The Cholesky factor L L' = P M P' of a sparse symmetric positive definite matrix in supernodal panels, right-looking.
/// Mutable: refactored in place with no allocation. Owned by one thread.
/// Source: Ng and Peyton (1993), Block sparse Cholesky algorithms on advanced uniprocessor computers, SIAM J. Sci. Comput. 14, 1034–1056.
/// </summary>
internal sealed class SupernodalFactor
{
    private readonly double[] panels;
    private readonly double[] workspace;
    private readonly SupernodalSolver solver;

    /// <summary>Allocates the panels of a factor; <see cref="Refactor"/> fills them.</summary>
    public SupernodalFactor(FactorLayout layout)
    {
        Layout = layout;
        panels = new double[layout.PanelEntries];
        workspace = new double[layout.Symbolic.WorkspaceEntries];
        solver = new SupernodalSolver(layout);
    }

    /// <summary>Where the panels lie.</summary>
    public FactorLayout Layout { get; }

    /// <summary>The number of rows and columns n.</summary>
    public int Order => Layout.Symbolic.Order;

    /// <summary>The row of M, in its own numbering, where the last factorisation met a pivot that is not positive and finite; −1 if none.</summary>
    public int FailedRow { get; private set; } = -1;

    /// <summary>log det M; NaN where the last factorisation failed.</summary>
    public double LogDeterminant { get; private set; } = double.NaN;

    /// <summary>All panels one after the other, as the layout describes; the strict upper triangles of diagonal blocks are meaningless.</summary>
    public ReadOnlySpan<double> Panels => panels;

    /// <summary>Factors the matrix with these values.</summary>
    /// <param name="values">The lower triangle, aligned with the pattern that was analysed.</param>
    /// <returns>Whether M is positive definite; if not, <see cref="FailedRow"/> tells where and the factor must not be used.</returns>
    public bool Refactor(ReadOnlySpan<double> values)
    {
        Debug.Assert(values.Length == Layout.EntryPlaces.Length);
        FailedRow = -1;
        LogDeterminant = double.NaN;
        Array.Clear(panels);
        var places = Layout.EntryPlaces;
        for (var e = 0; e < places.Length; e++)
            panels[places[e]] = values[e];
        for (var s = 0; s < Layout.Count; s++)
        {
            var failed = Layout.Width(s) == 1 ? FactorColumn(s) : FactorPanel(s);
            if (failed >= 0)
            {
                FailedRow = Layout.Symbolic.Permutation.Order[Layout.First(s) + failed];
                return false;
            }
        }

        LogDeterminant = SumLogPivots();
        return true;
    }

    /// <summary>x := M⁻¹ b for several right-hand sides, in the numbering of M.</summary>
    /// <param name="b">n×columns, column-major.</param>
    /// <param name="x">n×columns; may not overlap b.</param>
    /// <param name="columns">The number of right-hand sides.</param>
    public void Solve(ReadOnlySpan<double> b, Span<double> x, int columns = 1) => solver.Solve(panels, b, x, columns);

    /// <summary>x := L⁻¹ x for several right-hand sides, in the order of elimination.</summary>
    /// <param name="x">n×columns, column-major.</param>
    /// <param name="columns">The number of right-hand sides.</param>
    public void SolveForward(Span<double> x, int columns = 1) => solver.Forward(panels, x, columns);

    /// <summary>x := L⁻ᵀ x for several right-hand sides, in the order of elimination.</summary>
    /// <param name="x">n×columns, column-major.</param>
    /// <param name="columns">The number of right-hand sides.</param>
    public void SolveBackward(Span<double> x, int columns = 1) => solver.Backward(panels, x, columns);

    private Span<double> Panel(int s) => panels.AsSpan(Layout.PanelStart(s), Layout.RowCount(s) * Layout.Width(s));

    /// <summary>Factors a supernode of one column, as most levels of a leading factor are, and subtracts l l' from later panels.</summary>
    private int FactorColumn(int s)
    {
        var l = Panel(s);
        var failed = PanelKernels.FactorColumn(l);
        if (failed >= 0)
            return failed;
        var below = l[1..];
        var targets = Layout.TargetColumns(s);
        foreach (var block in Layout.Blocks(s))
        {
            var positions = Layout.Positions(block);
            for (var c = block.First; c < block.End; c++)
            {
                var column = panels.AsSpan(targets[c]);
                var update = below[c..];
                var places = positions.Slice(c - block.First, update.Length);
                var factor = update[0];
                for (var i = 0; i < places.Length; i++)
                    column[places[i]] -= factor * update[i];
            }
        }

        return -1;
    }

    /// <summary>Factors a panel and subtracts B B', for the rows B below the supernode, from later panels, a strip of columns at a time.</summary>
    private int FactorPanel(int s)
    {
        var rows = Layout.RowCount(s);
        var width = Layout.Width(s);
        var failed = PanelKernels.Factor(Panel(s), rows, width);
        if (failed >= 0)
            return failed;
        var below = Panel(s)[width..];
        for (var first = 0; first < rows - width; first += PanelKernels.Strip)
        {
            var columns = Math.Min(PanelKernels.Strip, rows - width - first);
            var m = rows - width - first;
            var strip = workspace.AsSpan(0, m * columns);
            strip.Clear();
            PanelKernels.AddProduct(1, below[first..], rows, below[first..], rows, 1, strip, m, m, columns, width);
            SubtractStrip(s, strip, first, columns);
        }

        return -1;
    }

    /// <summary>Subtracts columns of an update, from the diagonal down, where they belong in later panels.</summary>
    private void SubtractStrip(int s, ReadOnlySpan<double> strip, int first, int columns)
    {
        var m = Layout.RowCount(s) - Layout.Width(s) - first;
        var targets = Layout.TargetColumns(s);
        foreach (var block in Layout.Blocks(s))
        {
            var positions = Layout.Positions(block);
            for (var c = Math.Max(first, block.First); c < Math.Min(first + columns, block.End); c++)
            {
                var column = panels.AsSpan(targets[c]);
                var update = strip.Slice((c - first) * (m + 1), m - c + first);
                var places = positions.Slice(c - block.First, update.Length);
                for (var i = 0; i < places.Length; i++)
                    column[places[i]] -= update[i];
            }
        }
    }

    /// <summary>log det M = 2 Σ log L_jj; pivots are multiplied as long as the product is far from overflow, which spares most logarithms.</summary>
    private double SumLogPivots()
    {
        const double Large = 1e100;
        var sum = 0.0;
        var product = 1.0;
        for (var s = 0; s < Layout.Count; s++)
        {
            var panel = Panel(s);
            for (var j = 0; j < Layout.Width(s); j++)
            {
                // A pivot is the root of a finite positive number, so within 1e±162: the product cannot overflow or vanish before it is taken out.
                product *= panel[j * (Layout.RowCount(s) + 1)];
                if (product is > 1 / Large and < Large)
                    continue;
                sum += Math.Log(product);
                product = 1;
            }
        }

        return 2 * (sum + Math.Log(product));
    }
}
