using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// What adaptive Gauss–Hermite quadrature adds to Laplace's approximation where terms are on two factors of which one is nested in the other,
/// and the exact gradient of the sum. Docs: docs/generalized-models.md, section 4.
/// </summary>
internal sealed class NestedQuadrature : IQuadrature
{
    private readonly NestedCluster cluster;
    private readonly QuadratureGrid coarseGrid;
    private readonly GeneralizedData data;
    private readonly QuadratureGrid fineGrid;

    /// <summary>The quadrature of some data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="standardized">Its columns.</param>
    /// <param name="levels">Its nested levels.</param>
    /// <param name="points">Points a dimension, at least 1.</param>
    public NestedQuadrature(GeneralizedData data, StandardizedData standardized, NestedLevels levels, int points)
    {
        (this.data, Levels) = (data, levels);
        (Fine, Coarse) = (new(data, standardized, levels.Fine), new(data, standardized, levels.Coarse));
        (fineGrid, coarseGrid) = (new(new GaussHermiteRule(points), Fine.p), new(new GaussHermiteRule(points), Coarse.p));
        cluster = new(data, Fine, Coarse, fineGrid, coarseGrid);
    }

    /// <summary>The levels.</summary>
    public NestedLevels Levels { get; }

    /// <inheritdoc/>
    public IQuadrature Of(GeneralizedData other, StandardizedData standardized) =>
        new NestedQuadrature(other, standardized, ReferenceEquals(other.Linear, data.Linear) ? Levels : Levels.OfRows(other.Linear), fineGrid.Points);

    /// <summary>The terms on the nested factor.</summary>
    public StackedTerms Fine { get; }

    /// <summary>The terms on the other.</summary>
    public StackedTerms Coarse { get; }

    /// <inheritdoc/>
    public double Difference(LaplaceDeviance deviance, ReadOnlySpan<double> phi)
    {
        var factors = deviance.Layout.Factors(deviance.Theta(phi));
        var (T1, T2, sum) = (Fine.Factor(factors), Coarse.Factor(factors), 0.0);
        for (var j = 0; j < Levels.Rows.Length; j++)
        {
            if (!Evaluate(deviance, j, T1, T2, phi)) return double.NaN;
            sum += cluster.LogRatio;
        }

        return -2 * sum;
    }

    /// <inheritdoc/>
    public double[] Gradient(LaplaceDeviance deviance, ReadOnlySpan<double> phi)
    {
        var gradient = new double[deviance.Dimension];
        var (layout, psi) = (deviance.Layout, deviance.Psi(phi).ToArray());
        for (var k = 0; k < psi.Length; k++) deviance.Mode.Densities.EvaluateParameter(k, deviance.Mode.Eta, psi);
        var factors = layout.Factors(deviance.Theta(phi));
        var (T1, T2) = (Fine.Factor(factors), Coarse.Factor(factors));
        var pieces = new NestedPieces(data, this, deviance, cluster, fineGrid, coarseGrid, psi);
        for (var j = 0; j < Levels.Rows.Length; j++)
        {
            Evaluate(deviance, j, T1, T2, phi);
            pieces.Add(j);
        }

        Fine.AddSlopes(layout, deviance.Theta(phi), pieces.FineSlope, gradient);
        Coarse.AddSlopes(layout, deviance.Theta(phi), pieces.CoarseSlope, gradient);
        deviance.Predictor.FixedProducts(pieces.Response, gradient.AsSpan(layout.Count, deviance.Predictor.p));
        pieces.Parameters.CopyTo(gradient, deviance.FirstPsi);
        return gradient;
    }

    /// <summary>A vector of all effects: those of a coarse level's fine levels.</summary>
    public double[] FineEffects(LaplaceDeviance deviance, double[] all, int level)
    {
        var own = new double[Levels.FineOfCoarse[level].Length * Fine.p];
        for (var i = 0; i < Levels.FineOfCoarse[level].Length; i++) Fine.Effects(deviance.Predictor.Offsets, all, Levels.FineOfCoarse[level][i], own.AsSpan(i * Fine.p, Fine.p));
        return own;
    }

    /// <summary>The same of the coarse level itself.</summary>
    public double[] CoarseEffects(LaplaceDeviance deviance, double[] all, int level)
    {
        var own = new double[Coarse.p];
        Coarse.Effects(deviance.Predictor.Offsets, all, level, own);
        return own;
    }

    private bool Evaluate(LaplaceDeviance deviance, int level, double[] T1, double[] T2, ReadOnlySpan<double> phi) => cluster.Evaluate(
        Levels.Rows[level], T1, T2, deviance.Mode, FineEffects(deviance, deviance.Mode.u, level), CoarseEffects(deviance, deviance.Mode.u, level), deviance.Psi(phi));
}
