using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// V as rows multiplied by W = R⁻½ beside the sparse factor of the random effects: an evaluation costs what whitening the rows and one factor
/// cost, however many subjects and levels hang together. The gradient is exact; in the Hessian's place stands the average information.
/// </summary>
/// <remarks>
/// log|V| = log|R| + log|M|, M = I + L'Z'R⁻¹ZL, N = LM⁻¹L'. With D_k = dR⁻¹ and [Û ê] = (I − ZNZ'R⁻¹)[U e], what the random effects leave of the rows:
/// d log|V| = d log|R| + tr D_k ZNZ' and [U e]'dV⁻¹_k[U e] = [Û ê]'D_k[Û ê] along R; along random effects it is that of independent residuals.
/// </remarks>
internal sealed class WhitenedSystem : MarginalSystem
{
    private readonly RowWhitening whitening;
    private readonly PenalizedSystem system;
    private readonly ConditionalPairs? pairs;
    private StandardizedData whitened;
    private double[]? at;

    public WhitenedSystem(StandardizedData data, ResidualModel residual, ThetaLayout layout)
        : base(data, residual, layout)
    {
        whitening = new(data, residual);
        whitened = data.Whitened(data.Q, data.y, [.. whitening.Terms.Select(term => new double[term.LevelOfRow.Length * term.Dimension])], whitening.Terms, 0);
        system = BlockPlan.Allocate(whitened, layout.TermCount == 0 ? null : BlockPlan.For(whitened.Data, BorderStorage.Whole), team: null);
        pairs = system is SparseSystem effects ? new(data, whitening, effects) : null;
    }

    /// <summary>Bytes of W and of the pairs of rows within its reach; infinite where an array cannot hold them.</summary>
    public static double Bytes(StandardizedData data, ResidualModel residual)
    {
        var subjects = BlockPattern.Find(data, residual, withRandomTerms: false).Select(pattern => BandedPrecision.ForRows(pattern, residual));
        var columns = data.Data.Terms.Sum(term => (double)term.Dimension * term.LevelOfRow.Length / data.Data.n);
        var entries = WhiteningRows.Entries(subjects);
        return entries * columns * columns > int.MaxValue ? double.PositiveInfinity : entries * (12 + (sizeof(int) * columns * columns) + (12 * columns));
    }

    /// <inheritdoc/>
    public override bool Factor(ReadOnlySpan<double> psi)
    {
        var phi = psi[Layout.Count..];
        if (at is null || !phi.SequenceEqual(at))
        {
            at = null;
            if (!whitening.Evaluate(phi, wantsDerivatives: true)) return false;
            whitened = whitening.Whiten();
            system.ReplaceRows(whitened.Rows);
            at = phi.ToArray();
        }

        if (!system.Factor(Layout.Factors(psi[..Layout.Count]))) return false;
        LogDeterminant = whitening.LogDeterminant + system.LogDeterminant;
        system.Cross.CopyTo(Cross, 0);
        return double.IsFinite(LogDeterminant);
    }

    /// <inheritdoc/>
    public override (double[] Gradient, double[] Hessian) Derivatives(MarginalDeviance deviance, double[] psi)
    {
        var (slopes, ratio) = (Slopes(deviance, psi, out var information), deviance.nu / deviance.r2);
        double[] gradient = [.. Enumerable.Range(0, Dimension).Select(k => slopes.Gradient(k, deviance.Reml, ratio))];
        var hessian = information.Form(ratio);
        for (var l = 0; l < Dimension; l++)
        {
            for (var k = 0; k < Dimension; k++) hessian[k + (l * Dimension)] -= ratio / deviance.r2 * slopes.b(k) * slopes.b(l);
        }

        AddCurvature(deviance, psi, ratio, hessian);
        return (gradient, hessian);
    }

    /// <inheritdoc/>
    public override HeldSigmaDerivatives HoldSigma(MarginalDeviance deviance, double[] psi, double kappa)
    {
        var slopes = Slopes(deviance, psi, out var information);
        var hessian = information.Form(kappa);
        AddCurvature(deviance, psi, kappa, hessian);
        return new(
            [.. Enumerable.Range(0, Dimension).Select(k => slopes.Gradient(k, deviance.Reml, kappa))],
            hessian,
            [.. Enumerable.Range(0, Dimension).Select(k => -slopes.b(k))]);
    }

    /// <inheritdoc/>
    /// <remarks>The Hessian by central differences of the exact gradient, a hundredth of a standard error apart, where they are right to about 1e-6.</remarks>
    public override MarginalInformation Information(MarginalDeviance deviance, double[] psi)
    {
        var ratio = deviance.nu / deviance.r2;
        var slopes = Slopes(deviance, psi, out var information);
        var average = information.Form(2 * ratio);
        double[] sizes = [.. Enumerable.Range(0, Dimension).Select(k => Math.Max(0, average[k * (Dimension + 1)]))];
        var hessian = new double[Dimension * Dimension];
        for (var l = 0; l < Dimension; l++)
        {
            if (sizes[l] == 0) continue;
            var step = 0.01 * Math.Sqrt(2 / sizes[l]);
            var (above, below) = (SlopesAt(deviance, psi, l, step), SlopesAt(deviance, psi, l, -step));
            for (var k = 0; k < Dimension; k++)
            {
                var half = (above.Gradient(k, deviance.Reml, ratio) - below.Gradient(k, deviance.Reml, ratio)) / (4 * step);
                hessian[k + (l * Dimension)] += half;
                hessian[l + (k * Dimension)] += half;
            }
        }

        deviance.Value(psi);
        return new(hessian, sizes, slopes.H);
    }

    private MarginalSlopes SlopesAt(MarginalDeviance deviance, double[] psi, int parameter, double step)
    {
        var moved = (double[])psi.Clone();
        moved[parameter] += step;
        deviance.Value(moved);
        return Slopes(deviance, moved, out _);
    }

    /// <summary>What the gradient is made of, at the deviance's last evaluation, and what the average information will be.</summary>
    private MarginalSlopes Slopes(MarginalDeviance deviance, double[] psi, out AverageInformation information)
    {
        var slopes = new MarginalSlopes(Dimension, p);
        var V = deviance.Turned(system.VC, system.q);
        var left = Left(deviance, psi);
        information = new(Data.Data.n, p, Dimension, left.AsSpan(0, p * Data.Data.n), whitening, system, whitened);
        for (var t = 0; t < Layout.TermCount; t++) AddTerm(t, psi, V, slopes, information);
        AddResidual(left, slopes, information);
        return slopes;
    }

    /// <summary>[Û ê], n×(p + 1): [U e] less Z times N Z'R⁻¹[U e] = G Z'V⁻¹[U e].</summary>
    private double[] Left(MarginalDeviance deviance, double[] psi)
    {
        var n = Data.Data.n;
        var left = deviance.Turned([.. Data.Q, .. Data.y], n);
        var V = deviance.Turned(system.VC, system.q);
        for (var t = 0; t < Layout.TermCount; t++)
        {
            var (term, first) = (Data.Data.Terms[t], system.Offset(t));
            var (G, length) = (RelativeCovariance.Of(Layout.Structure(t), Layout.Slice(psi, t)), system.Offset(t + 1) - first);
            for (var c = 0; c <= p; c++)
            {
                var modes = new double[length];
                TermProducts.AddLevels(G, term.Dimension, V.AsSpan((c * system.q) + first, length), modes);
                TermProducts.AddRows(term, Data.Z[t], modes, -1, left.AsSpan(c * n, n));
            }
        }

        return left;
    }

    /// <summary>Along a random term: tr B_ll dG, [Y w]'(I ⊗ dG)[Y w], and q = Z(I ⊗ dG)w.</summary>
    private void AddTerm(int t, double[] psi, double[] V, MarginalSlopes slopes, AverageInformation information)
    {
        var (structure, first) = (Layout.Structure(t), system.Offset(t));
        var (size, length, m) = (structure.Dimension, system.Offset(t + 1) - first, p + 1);
        var (sum, dG) = (new double[size * size], new double[size * size]);
        system.SumDiagonalBlocks(t, sum);
        for (var k = 0; k < structure.ParameterCount; k++)
        {
            var parameter = Layout.Start(t) + k;
            structure.Derivative(k, Layout.Slice(psi, t), dG);
            slopes.Log[parameter] = Vectors.Dot(sum, dG);
            var image = new double[length];
            for (var c = 0; c < m; c++)
            {
                Array.Clear(image);
                TermProducts.AddLevels(dG, size, V.AsSpan((c * system.q) + first, length), image);
                for (var d = 0; d < m; d++) slopes.H[parameter][d + (c * m)] = Vectors.Dot(image, V.AsSpan((d * system.q) + first, length));
            }

            TermProducts.AddRows(whitened.Data.Terms[t], whitened.Z[t], image, 1, information.Direction(parameter));
        }
    }

    /// <summary>Along R: d log|R| + tr D_k ZNZ', −[Û ê]'D_k[Û ê], and q = −W⁻ᵀD_kê in whitened rows.</summary>
    private void AddResidual(double[] left, MarginalSlopes slopes, AverageInformation information)
    {
        var (n, m, first) = (Data.Data.n, p + 1, Layout.Count);
        var subjects = whitening.Banded;
        IReadOnlyList<PrecisionSlope>[] all = [.. subjects.Select(own => own.Slopes())];
        for (var i = 0; i < all.Length; i++)
        {
            var (own, order) = (subjects[i], subjects[i].Pattern.Order);
            foreach (var slope in all[i]) slopes.Log[first + slope.Parameter] += own.Pattern.Blocks.Count * slope.LogDeterminant;
            var (block, image) = (new double[order * m], new double[order * m]);
            foreach (var rows in own.Pattern.Blocks)
            {
                for (var c = 0; c < m; c++)
                {
                    for (var r = 0; r < order; r++) block[r + (c * order)] = left[rows[r] + (c * n)];
                }

                foreach (var slope in all[i])
                {
                    Array.Clear(image);
                    for (var c = 0; c < m; c++) slope.AddProduct(block.AsSpan(c * order, order), image.AsSpan(c * order, order));
                    Product.Add(-1, block, order, true, image, order, false, slopes.H[first + slope.Parameter], m, m, m, order);
                    own.ColourTransposed(image.AsSpan(p * order), 1);
                    var direction = information.Direction(first + slope.Parameter);
                    for (var r = 0; r < order; r++) direction[rows[r]] -= image[r + (p * order)];
                }
            }
        }

        pairs?.AddTraces(all, first, slopes.Log);
    }

    /// <summary>&lt;Gamma, d²G&gt;: what keeps the Hessian right where a variance is near zero.</summary>
    private void AddCurvature(MarginalDeviance deviance, double[] psi, double kappa, double[] hessian)
    {
        var V = deviance.Turned(system.VC, system.q);
        for (var t = 0; t < Layout.TermCount; t++)
        {
            var (structure, first, start) = (Layout.Structure(t), system.Offset(t), Layout.Start(t));
            var (size, length) = (structure.Dimension, system.Offset(t + 1) - first);
            var gamma = new double[size * size];
            system.SumDiagonalBlocks(t, gamma);
            for (var c = 0; c <= p; c++)
            {
                if (c < p && !deviance.Reml) continue;
                var own = V.AsSpan((c * system.q) + first, length);
                Product.Add(c < p ? -1 : -kappa, own, size, false, own, size, true, gamma, size, size, size, length / size);
            }

            for (var k = 0; k < structure.ParameterCount; k++)
            {
                for (var l = 0; l < structure.ParameterCount; l++)
                    hessian[start + k + ((start + l) * Dimension)] += structure.SecondDerivative(k, l, Layout.Slice(psi, t), gamma);
            }
        }
    }
}
