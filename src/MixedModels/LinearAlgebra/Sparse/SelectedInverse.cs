using System.Diagnostics;

namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>
/// The entries of Z = M⁻¹ on the pattern of the factor's panels, from the last column back.
/// Mutable: recomputed in place with no allocation. Owned by one thread.
/// Source: Takahashi, Fagan and Chen (1973), Formation of a sparse bus impedance matrix, 8th PICA Conference; Erisman and Tinney (1975),
/// On computing certain elements of the inverse of a sparse matrix, Comm. ACM 18, 177–179, in supernodal form.
/// </summary>
/// <remarks>
/// For columns J with the rows R below them, D = L_JJ and W = L_RJ D⁻¹:  Z_RJ = −Z_RR W,  Z_JJ = D⁻ᵀD⁻¹ − W'Z_RJ. All of Z_RR is known when
/// J is reached, because R is a clique of the factor's graph. A wide supernode is worked in strips of columns, for which the columns after
/// the strip join R.
/// </remarks>
internal sealed class SelectedInverse
{
    private readonly FactorLayout layout;
    private readonly double[] panels;
    private readonly double[] W;
    private readonly double[] known;
    private readonly double[] inverseD = new double[PanelKernels.Strip * PanelKernels.Strip];

    /// <summary>Allocates the panels of an inverse; <see cref="Compute"/> fills them.</summary>
    public SelectedInverse(FactorLayout layout)
    {
        this.layout = layout;
        panels = new double[layout.PanelEntries];
        known = new double[layout.Symbolic.WorkspaceEntries];
        var longest = 0;
        for (var s = 0; s < layout.Count; s++)
            longest = Math.Max(longest, layout.RowCount(s) * Math.Min(layout.Width(s), PanelKernels.Strip));
        W = new double[longest];
    }

    /// <summary>All panels one after the other, as the layout describes; diagonal blocks are full and symmetric.</summary>
    public ReadOnlySpan<double> Panels => panels;

    /// <summary>Computes the inverse from a factor of the same layout that went through. About twice the operations of the factorisation.</summary>
    public void Compute(SupernodalFactor factor)
    {
        Debug.Assert(ReferenceEquals(factor.Layout, layout) && factor.FailedRow < 0);
        Array.Clear(panels);
        for (var s = layout.Count - 1; s >= 0; s--)
        {
            var L = factor.Panels.Slice(layout.PanelStart(s), layout.RowCount(s) * layout.Width(s));
            if (layout.Width(s) == 1)
                InvertColumn(s, L);
            else
                InvertStrips(s, L);
        }
    }

    /// <summary>Entry (i, j) of M⁻¹ in the numbering of M. O(log rows of a panel).</summary>
    /// <returns>Whether the entry lies on the pattern of the panels, which holds that of M.</returns>
    public bool TryGet(int i, int j, out double value)
    {
        var place = layout.PlaceOf(i, j);
        value = place < 0 ? double.NaN : panels[place];
        return place >= 0;
    }

    /// <summary>The entries of M⁻¹ on the pattern of M, aligned with its row indices.</summary>
    public void Gather(Span<double> values)
    {
        var places = layout.EntryPlaces;
        Debug.Assert(values.Length == places.Length);
        for (var e = 0; e < places.Length; e++)
            values[e] = panels[places[e]];
    }

    /// <summary>A supernode of one column, straight from the panels of its rows.</summary>
    private void InvertColumn(int s, ReadOnlySpan<double> L)
    {
        var below = L.Length - 1;
        var w = W.AsSpan(0, below);
        var z = panels.AsSpan(layout.PanelStart(s) + 1, below);
        for (var i = 0; i < below; i++)
            w[i] = L[i + 1] / L[0];
        SubtractSymmetricProduct(s, w, z);
        var diagonal = 1 / (L[0] * L[0]);
        for (var i = 0; i < below; i++)
            diagonal -= w[i] * z[i];
        panels[layout.PanelStart(s)] = diagonal;
    }

    /// <summary>z −= Z_RR w, from the lower triangle in the panels of the rows R.</summary>
    private void SubtractSymmetricProduct(int s, ReadOnlySpan<double> w, Span<double> z)
    {
        var targets = layout.TargetColumns(s);
        foreach (var block in layout.Blocks(s))
        {
            var positions = layout.Positions(block);
            for (var c = block.First; c < block.End; c++)
            {
                var column = panels.AsSpan(targets[c]);
                var places = positions.Slice(c - block.First, w.Length - c);
                var wBelow = w[c..];
                var zBelow = z[c..];
                var factor = w[c];
                var sum = column[places[0]] * factor;
                for (var i = 1; i < places.Length; i++)
                {
                    var entry = column[places[i]];
                    zBelow[i] -= entry * factor;
                    sum += entry * wBelow[i];
                }

                z[c] -= sum;
            }
        }
    }

    private void InvertStrips(int s, ReadOnlySpan<double> L)
    {
        var width = layout.Width(s);
        for (var end = width; end > 0;)
        {
            var first = Math.Max(0, end - PanelKernels.Strip);
            InvertStrip(s, L, first, end);
            end = first;
        }
    }

    private void InvertStrip(int s, ReadOnlySpan<double> L, int first, int end)
    {
        var rows = layout.RowCount(s);
        var (n, m) = (end - first, rows - end);
        var D = L[(first * rows + first)..];
        var Z = panels.AsSpan(layout.PanelStart(s), L.Length);
        var w = W.AsSpan(0, m * n);
        for (var j = 0; j < n; j++)
            L.Slice((first + j) * rows + end, m).CopyTo(w[(j * m)..]);
        PanelKernels.SolveRight(D, rows, w, m, n);

        var ZRJ = Z[Math.Min(first * rows + end, Z.Length)..];
        SubtractOwnColumns(s, Z, w, ZRJ, end, n);
        SubtractKnown(s, w, ZRJ, end, n);

        var ZJJ = Z[(first * rows + first)..];
        PanelKernels.InvertLower(D, rows, inverseD, n);
        PanelKernels.AddTransposedProduct(1, inverseD, n, inverseD, n, ZJJ, rows, n, n, n);
        PanelKernels.AddTransposedProduct(-1, w, m, ZRJ, rows, ZJJ, rows, n, n, m);
        MirrorStrip(s, Z, first, end);
    }

    /// <summary>The part of −Z_RR W from the columns of the same supernode that follow the strip; their panel holds both triangles.</summary>
    private void SubtractOwnColumns(int s, ReadOnlySpan<double> Z, ReadOnlySpan<double> w, Span<double> ZRJ, int end, int n)
    {
        var (rows, width) = (layout.RowCount(s), layout.Width(s));
        var (own, m) = (width - end, rows - end);
        if (own == 0)
            return;
        PanelKernels.AddProduct(-1, Z[(end * rows + end)..], rows, w, 1, m, ZRJ, rows, m, n, own);
        if (rows > width)
            PanelKernels.AddTransposedProduct(-1, Z[(end * rows + width)..], rows, w[own..], m, ZRJ, rows, own, n, rows - width);
    }

    /// <summary>The part of −Z_RR W from the rows below the supernode, whose Z_RR is gathered from later panels a strip at a time.</summary>
    private void SubtractKnown(int s, ReadOnlySpan<double> w, Span<double> ZRJ, int end, int n)
    {
        var (rows, width) = (layout.RowCount(s), layout.Width(s));
        var (own, ldw) = (width - end, rows - end);
        for (var first = 0; first < rows - width; first += PanelKernels.Strip)
        {
            var columns = Math.Min(PanelKernels.Strip, rows - width - first);
            var m = rows - width - first;
            var ZRR = known.AsSpan(0, m * columns);
            GatherStrip(s, first, columns, ZRR, m);
            var at = own + first;
            PanelKernels.AddProduct(-1, ZRR, m, w[at..], 1, ldw, ZRJ[at..], rows, m, n, columns);
            if (m > columns)
                PanelKernels.AddTransposedProduct(-1, ZRR[columns..], m, w[(at + columns)..], ldw, ZRJ[at..], rows, columns, n, m - columns);
        }
    }

    /// <summary>Columns first … first+columns−1 of Z_RR from row first down; the square on top is filled symmetrically.</summary>
    private void GatherStrip(int s, int first, int columns, Span<double> ZRR, int m)
    {
        var targets = layout.TargetColumns(s);
        foreach (var block in layout.Blocks(s))
        {
            var positions = layout.Positions(block);
            for (var c = Math.Max(first, block.First); c < Math.Min(first + columns, block.End); c++)
            {
                var column = panels.AsSpan(targets[c]);
                var gathered = ZRR.Slice((c - first) * (m + 1), m - c + first);
                var places = positions.Slice(c - block.First, gathered.Length);
                for (var i = 0; i < places.Length; i++)
                    gathered[i] = column[places[i]];
            }
        }

        PanelKernels.MirrorLower(ZRR, m, columns);
    }

    /// <summary>Copies the strip's part of the diagonal block to the upper triangle, so that earlier strips can read it as a full matrix.</summary>
    private void MirrorStrip(int s, Span<double> Z, int first, int end)
    {
        var rows = layout.RowCount(s);
        for (var j = first; j < end; j++)
        {
            for (var i = j + 1; i < layout.Width(s); i++)
                Z[i * rows + j] = Z[j * rows + i];
        }
    }
}
