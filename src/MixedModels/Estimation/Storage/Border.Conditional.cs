using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <content>Solutions with S and products with N, whichever of the two is at hand.</content>
internal abstract partial class Border
{
    private double[] sideColumns = [];

    /// <summary>Whether several threads may read columns of N at a time, after <see cref="RequireEntries"/>.</summary>
    public abstract bool IsShareable { get; }

    /// <summary>Makes all of N and <see cref="Images"/> ready, after <see cref="Invert"/>, where products and sums were enough until now.</summary>
    public abstract void RequireEntries();

    /// <summary>z := N z for z q2×columns, before or after <see cref="Invert"/>.</summary>
    public abstract void ApplyN(Span<double> z, int columns);

    /// <summary>rows := N rows for <see cref="SideRows"/> of m columns, before <see cref="Invert"/>.</summary>
    public virtual void ApplyNToSides(Span<double> rows, int m)
    {
        var z = SideColumns(m);
        SideRows.ToColumns(rows, m, z, Order);
        ApplyN(z, m);
        SideRows.FromColumns(z, Order, m, rows);
    }

    /// <summary>result = S0 rows for <see cref="SideRows"/> of m columns.</summary>
    public virtual void MultiplyS0Sides(ReadOnlySpan<double> rows, int m, Span<double> result)
    {
        var z = SideColumns(2 * m);
        Span<double> from = z.AsSpan(0, Order * m), to = z.AsSpan(Order * m, Order * m);
        SideRows.ToColumns(rows, m, from, Order);
        MultiplyS0(from, m, to);
        SideRows.FromColumns(to, Order, m, result);
    }

    /// <summary>z := S⁻¹z for z q2×columns, before or after <see cref="Invert"/>; true where N had to be given up for it.</summary>
    public abstract bool SolvePenalized(Span<double> z, int columns);

    /// <summary>Entry (i, j) of N for two effects that meet in a row, after <see cref="Invert"/>.</summary>
    public abstract double Entry(int i, int j);

    /// <summary>Writes N between some effects, both triangles, after <see cref="Invert"/>.</summary>
    /// <param name="effects">Different effects, ascending.</param>
    /// <param name="block">A square matrix of their number.</param>
    public abstract void CopyN(ReadOnlySpan<int> effects, Span<double> block);

    private double[] SideColumns(int columns)
    {
        if (sideColumns.Length < Order * columns) sideColumns = new double[Order * columns];
        return sideColumns;
    }

    /// <summary>z := L_b S⁻¹ L_b' z by the factor of S.</summary>
    protected void ApplyNByFactor(Span<double> z, int columns)
    {
        BlockScaling.ScaleRows(z, Order, columns, Terms, Offsets, T, transpose: true);
        Solve(z, columns);
        BlockScaling.ScaleRows(z, Order, columns, Terms, Offsets, T, transpose: false);
    }
}

/// <content>The same of full matrices.</content>
internal sealed partial class DenseBorder
{
    private double[] factorOfS = [];
    private bool keepsFactor;

    /// <inheritdoc/>
    public override bool IsShareable => true;

    /// <inheritdoc/>
    public override void ApplyN(Span<double> z, int columns)
    {
        if (content == Content.Factor)
        {
            ApplyNByFactor(z, columns);
            return;
        }

        var copy = z[..(Order * columns)].ToArray();
        MultiplyN(copy, columns, z);
    }

    /// <inheritdoc/>
    /// <remarks>Whoever once solves after an inversion is likely to do so again: from then on the factor is kept beside the inverse.</remarks>
    public override bool SolvePenalized(Span<double> z, int columns)
    {
        if (content == Content.Factor)
        {
            Solve(z, columns);
            return false;
        }

        if (content == Content.InverseRoot)
        {
            SolveByRoots(z[..(Order * columns)], columns);
            return false;
        }

        var isLost = !keepsFactor;
        if (isLost)
        {
            FactorStorage();
            keepsFactor = true;
            Solve(z, columns);
        }
        else
        {
            TriangularSolve.Lower(factorOfS, Order, Order, z, columns, Order, team);
            TriangularSolve.LowerTransposed(factorOfS, Order, Order, z, columns, Order, team);
        }

        return isLost;
    }

    /// <inheritdoc/>
    public override double Entry(int i, int j)
    {
        FormInverse();
        return i >= j ? S[i + (j * Order)] : S[j + (i * Order)];
    }

    /// <inheritdoc/>
    public override void CopyN(ReadOnlySpan<int> effects, Span<double> block)
    {
        FormInverse();
        for (var b = 0; b < effects.Length; b++)
        {
            for (var a = b; a < effects.Length; a++)
                block[a + (b * effects.Length)] = block[b + (a * effects.Length)] = S[effects[a] + (effects[b] * Order)];
        }
    }

    /// <summary>Before the inverse takes its place.</summary>
    private void KeepFactor()
    {
        if (!keepsFactor) return;
        if (factorOfS.Length == 0) factorOfS = new double[S.Length];
        S.CopyTo(factorOfS, 0);
    }
}

/// <content>The same of a sparse factor, which stays beside the inverse.</content>
internal sealed partial class SparseBorder
{
    /// <inheritdoc/>
    public override bool IsShareable => false;

    /// <inheritdoc/>
    /// <remarks>Inverting leaves the entries of N.</remarks>
    public override void RequireEntries() => RequireImages(team: null);

    /// <inheritdoc/>
    public override void ApplyN(Span<double> z, int columns) => ApplyNByFactor(z, columns);

    /// <inheritdoc/>
    public override bool SolvePenalized(Span<double> z, int columns)
    {
        Solve(z, columns);
        return false;
    }

    /// <inheritdoc/>
    public override double Entry(int i, int j) => Stored(N, Math.Max(i, j), Math.Min(i, j));

    /// <inheritdoc/>
    /// <remarks>Effects that meet nowhere lie outside the pattern of N, so their columns are solved for.</remarks>
    public override void CopyN(ReadOnlySpan<int> effects, Span<double> block)
    {
        var column = new double[Order];
        for (var b = 0; b < effects.Length; b++)
        {
            var isStored = true;
            for (var a = b; a < effects.Length && isStored; a++)
            {
                var place = pattern.IndexOf(effects[a], effects[b]);
                isStored = place >= 0;
                if (isStored) block[a + (b * effects.Length)] = N[place];
            }

            if (!isStored)
            {
                Array.Clear(column);
                column[effects[b]] = 1;
                ApplyN(column, 1);
                for (var a = b; a < effects.Length; a++) block[a + (b * effects.Length)] = column[effects[a]];
            }
        }

        Symmetric.MirrorLower(block, effects.Length, effects.Length);
    }
}
