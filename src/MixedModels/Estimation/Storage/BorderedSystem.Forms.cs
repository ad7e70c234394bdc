using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <content>Quadratic forms in B, without a product with it.</content>
internal sealed partial class BorderedSystem
{
    private double[] leadingImages = [];

    /// <inheritdoc/>
    /// <remarks>
    /// With K = B1_b·U, which is (DA)'U_1 for columns of the leading term and S0U_b for the others: U'BU = U'B1U − K'NK, and U'B1U is U_1'FU_1
    /// between columns of the leading term and U_b'K wherever one of the two is of the border.
    /// </remarks>
    public override void FormOfB(ReadOnlySpan<double> U, ReadOnlySpan<int> termOf, Span<double> form)
    {
        PrepareDerivatives();
        var columns = termOf.Length;
        form[..(columns * columns)].Clear();
        var (first, own) = (termOf.IndexOf(leadingTerm), termOf.Count(leadingTerm));
        if (own > 0) AddLeadingForm(U[(first * q)..], own, form[(first * (columns + 1))..], columns);
        if (border.Order > 0) AddBorderForms(U, termOf, form);
        Symmetric.MirrorLower(form, columns, columns);
    }

    /// <summary>Everything but U_1'FU_1, in the lower triangle.</summary>
    private void AddBorderForms(ReadOnlySpan<double> U, ReadOnlySpan<int> termOf, Span<double> form)
    {
        var (columns, order) = (termOf.Length, border.Order);
        var (K, work) = BorderColumns(columns);
        for (var c = 0; c < columns; c++)
        {
            var image = K.AsSpan(c * order, order);
            if (termOf[c] == leadingTerm)
            {
                image.Clear();
                coupling.AddTransposedProduct(1, coupling.DValues, U.Slice(c * q, q)[LeadingEffects], q, 1, image, order);
            }
            else
            {
                GatherBorder(U.Slice(c * q, q), work);
                border.MultiplyS0(work.AsSpan(0, order), 1, image);
            }
        }

        for (var c = 0; c < columns; c++)
        {
            if (termOf[c] == leadingTerm) continue;
            GatherBorder(U.Slice(c * q, q), work);
            for (var d = 0; d < columns; d++)
            {
                // Of two columns of the border the pair comes once, with the earlier one at the left.
                if (d < c && termOf[d] != leadingTerm) continue;
                form[Math.Max(c, d) + (Math.Min(c, d) * columns)] += Vectors.Dot(work.AsSpan(0, order), K.AsSpan(d * order, order));
            }
        }

        border.MultiplyN(K.AsSpan(0, columns * order), columns, work);
        Product.Add(-1, K, order, true, work, order, false, form, columns, columns, columns, order);
    }

    /// <summary>form += U_1'FU_1 for the columns of the leading term, lower triangle and diagonal.</summary>
    private void AddLeadingForm(ReadOnlySpan<double> U, int columns, Span<double> form, int ld)
    {
        var n1 = leading.Levels * p1;
        if (leadingImages.Length == 0) leadingImages = new double[n1];
        for (var c = 0; c < columns; c++)
        {
            leading.MultiplyF(U.Slice(c * q, q)[LeadingEffects], leadingImages);
            for (var d = c; d < columns; d++) form[d + (c * ld)] += Vectors.Dot(leadingImages, U.Slice(d * q, q)[LeadingEffects]);
        }
    }
}
