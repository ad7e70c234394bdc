using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <content>Cross-products of the rows, and whole vectors of effects.</content>
internal sealed partial class BorderedSystem
{
    private double[] atLeading = [];

    /// <inheritdoc/>
    protected override void FillProducts()
    {
        var pass = new CrossProductPass(Left, Rows);
        int[] others = [.. Enumerable.Range(0, Terms.Count).Where(t => t != leadingTerm)];
        pass.FillBlocks(leadingTerm, leading.A);
        pass.FillProducts(leadingTerm, others, coupling);
        for (var b = 0; b < others.Length; b++)
        {
            pass.FillBlocks(others[b], border.A.Blocks[b]);
            if (b < border.A.Among.Length) pass.FillProducts(others[b], others.AsSpan(b + 1), border.A.Among[b]);
        }

        pass.FillC(C0);
        pass.FillCross(cross0);
        pass.Run(team);
        border.TakeCrossProducts();
        TakeSides();
    }

    /// <inheritdoc/>
    /// <remarks>L M⁻¹L'U = [H U_1 − H A_1b x; x] with x = N(U_b − A_b1 H U_1).</remarks>
    public override void ApplyConditional(ReadOnlySpan<double> U, int columns, Span<double> result)
    {
        var (order, own) = (border.Order, LeadingEffects);
        for (var c = 0; c < columns; c++) leading.MultiplyH(U.Slice(c * q, q)[own], result.Slice(c * q, q)[own]);
        if (order == 0) return;
        var (x, minus) = BorderColumns(columns);
        for (var c = 0; c < columns; c++) GatherBorder(U.Slice(c * q, q), x.AsSpan(c * order, order));
        coupling.AddTransposedProduct(-1, coupling.HValues, U[own.Start..], q, columns, x, order);
        border.ApplyN(x.AsSpan(0, columns * order), columns);
        for (var j = 0; j < columns * order; j++) minus[j] = -x[j];
        coupling.AddProduct(coupling.HValues, minus, order, columns, result[own.Start..], q);
        for (var c = 0; c < columns; c++) ScatterBorder(x.AsSpan(c * order, order), result.Slice(c * q, q));
    }

    /// <inheritdoc/>
    /// <remarks>With y = M_1⁻¹V_1: x = S⁻¹(V_b − L_b'A_b1L_1 y), and y − M_1⁻¹L_1'A_1bL_b x stands beside it.</remarks>
    public override void SolvePenalized(ReadOnlySpan<double> V, int columns, Span<double> result)
    {
        var (order, own, n1) = (border.Order, LeadingEffects, leading.Levels * p1);
        if (atLeading.Length < n1) atLeading = new double[n1];
        var (x, minus) = BorderColumns(columns);
        for (var c = 0; c < columns; c++)
        {
            var y = result.Slice(c * q, q)[own];
            V.Slice(c * q, q)[own].CopyTo(y);
            leading.SolvePenalized(y);
            if (order == 0) continue;
            var at = x.AsSpan(c * order, order);
            at.Clear();
            y.CopyTo(atLeading);
            leading.MultiplyT(atLeading.AsSpan(0, n1));
            coupling.AddTransposedProduct(-1, coupling.Values, atLeading, n1, 1, at, order);
            BlockScaling.ScaleRows(at, order, 1, border.Terms, border.Offsets, border.T, transpose: true);
            GatherBorder(V.Slice(c * q, q), minus);
            Vectors.AddScaled(1, minus.AsSpan(0, order), at);
        }

        if (order == 0) return;
        if (border.SolvePenalized(x.AsSpan(0, columns * order), columns)) DiscardPrepared();
        for (var c = 0; c < columns; c++) FinishSolution(x.AsSpan(c * order, order), minus.AsSpan(0, order), result.Slice(c * q, q));
    }

    /// <summary>The leading part y − M_1⁻¹L_1'A_1bL_b x, and x beside it.</summary>
    private void FinishSolution(ReadOnlySpan<double> x, Span<double> scaled, Span<double> result)
    {
        x.CopyTo(scaled);
        BlockScaling.ScaleRows(scaled, border.Order, 1, border.Terms, border.Offsets, border.T, transpose: false);
        var y = atLeading.AsSpan(0, leading.Levels * p1);
        y.Clear();
        coupling.AddProduct(coupling.Values, scaled, border.Order, 1, y, y.Length);
        leading.MultiplyTransposedT(y);
        leading.SolvePenalized(y);
        Vectors.AddScaled(-1, y, result[LeadingEffects]);
        ScatterBorder(x, result);
    }
}
