using MixedModels.Covariance.Residual;
using MixedModels.Design;
using MixedModels.Estimation.Marginal;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Prediction;

/// <summary>The residuals of new rows: their variances, and what the residuals of their subjects say about them.</summary>
/// <remarks>
/// With c the covariances over sigma² between a new residual and those of its subject, r its own variance, WRW' = I and u = Wc: E(e | known) = u'We and Var(e | known) = sigma²(r − u'u),
/// the best linear prediction of Goldberger 1962, JASA 57, 369–375, and simple kriging. What is new in the row, its x less u'WX and its z less u'WZ, is independent of the subject's
/// residuals: errors of the prediction are those of an ordinary row with these columns and the residual variance r − u'u.
/// </remarks>
internal sealed class NewResiduals
{
    /// <summary>Weights below this share of the largest are the rounding of the whitening; a thousand million of them would not be seen.</summary>
    private const double NoWeight = 1e-18;

    /// <summary>A conditional variance below minus this share of the residual's own is no rounding: the covariance is not one.</summary>
    private const double Rounding = 1e-8;

    /// <summary>How many new rows are whitened together.</summary>
    private const int Together = 32;

    private readonly NewResidualRows rows;
    private readonly MarginalEstimate marginal;
    private readonly ResidualModel model;
    private readonly double[] phi;
    private readonly double[] factors;
    private readonly Dictionary<int, double[]> matrices = [];

    private NewResiduals(MarginalEstimate marginal, MarginalDeviance deviance, double[] psi, NewDataDesign design, double[] means, ReadOnlySpan<double> weights)
    {
        (this.marginal, rows, model, phi) = (marginal, design.Residual ?? NewResidualRows.Nothing, deviance.Residual, psi[deviance.Layout.Count..]);
        Known = new (int, double)[means.Length][];
        Array.Fill(Known, []);
        factors = new double[means.Length];
        Variances = new double[means.Length];
        for (var r = 0; r < factors.Length; r++)
        {
            factors[r] = Math.Exp(LogScale(r, means[r])) / (weights.IsEmpty ? 1 : Math.Sqrt(weights[r]));
            Variances[r] = factors[r] * factors[r] * Own(r);
        }
    }

    /// <summary>Variances over the engine's sigma², given the known residuals where these were asked for.</summary>
    public double[] Variances { get; }

    /// <summary>A row: the used rows whose whitened residuals say something about its own, and u.</summary>
    public (int Row, double Weight)[][] Known { get; }

    /// <summary>What is to be known of new rows.</summary>
    /// <param name="residual">The residuals.</param>
    /// <param name="isConditional">Whether known residuals take part.</param>
    public static ResidualParts Parts(ResidualData residual, bool isConditional)
    {
        var parts = residual.Scales.Count > residual.BuiltInScales ? ResidualParts.Functions : ResidualParts.None;
        if (residual.GroupCount > 1) parts |= ResidualParts.Groups;
        if (residual.Structure is null) return parts;
        if (isConditional) return parts | ResidualParts.Places | ResidualParts.Subjects;
        return residual.IsHeterogeneous || !residual.Structure.IsCorrelation ? parts | ResidualParts.Places : parts;
    }

    /// <summary>The residuals of rows. O(rows), and with known ones the whitening of a column of its subject a row.</summary>
    /// <param name="marginal">The fit's residuals.</param>
    /// <param name="design">The rows with what <see cref="Parts"/> names.</param>
    /// <param name="means">Their predicted means, of which variances may be functions.</param>
    /// <param name="weights">Their precision weights; empty where all are 1.</param>
    /// <param name="isConditional">Whether known residuals take part.</param>
    /// <exception cref="InferenceException">A row stands where the structure says nothing.</exception>
    public static NewResiduals Of(MarginalEstimate marginal, NewDataDesign design, double[] means, ReadOnlyMemory<double> weights, bool isConditional) => marginal.AtOptimum((deviance, psi) =>
    {
        var residuals = new NewResiduals(marginal, deviance, psi, design, means, weights.Span);
        if (isConditional && marginal.Residual.Structure is not null) residuals.Condition();
        return residuals;
    });

    /// <summary>The means of the residuals given the known ones.</summary>
    /// <param name="whitened">n known residuals times W.</param>
    public double[] Means(ReadOnlyMemory<double> whitened) => Array.ConvertAll(Known, known => known.Sum(entry => entry.Weight * whitened.Span[entry.Row]));

    private double LogScale(int r, double mean)
    {
        var (residual, log) = (marginal.Residual, -model.Scale.AtReference);
        var scales = phi.AsSpan(model.ScaleStart);
        var term = 0;
        if (residual.GroupCount > 1) log += model.Scale.LogAt(term++, rows.GroupOfRow[r], 0, scales);
        if (residual.IsHeterogeneous) log += model.Scale.LogAt(term++, (Group(r) * residual.Structure!.Sites.Count) + KnownSite(r), 0, scales);
        foreach (var function in rows.Functions)
        {
            var value = residual.Scales[term].IsFitted ? mean : function.Covariate.IsEmpty ? 0 : function.Covariate.Span[r];
            log += model.Scale.LogAt(term++, function.StratumOfRow[r], value, scales);
        }

        return log;
    }

    /// <summary>C of the row's own place.</summary>
    private double Own(int r)
    {
        if (marginal.Residual.Structure is not { IsCorrelation: false } structure) return 1;
        if (structure.LastRow(Parameters(r), new([.. Places(r).Select(x => new[] { x })], [""])) is not [var variance]) return Matrix(Group(r))[Jet.Pair(KnownSite(r), KnownSite(r))];
        return variance > 0
            ? variance
            : throw new InferenceException($"Row {TableRow(r)} is at {rows.NameOfPlace(r)}, before the first visit of the fit, where {structure.Words} has no variance. Predict for later visits.");
    }

    private void Condition()
    {
        var newRows = Enumerable.Range(0, factors.Length).ToLookup(r => rows.SubjectOfRow[r]);
        foreach (var precision in marginal.Whitening.Subjects)
        {
            foreach (var known in precision.Pattern.Blocks)
            {
                foreach (var some in newRows[marginal.Residual.SubjectOfRow[known[0]]].Chunk(Together)) Condition(some, known, precision);
            }
        }
    }

    private void Condition(int[] some, int[] known, SubjectPrecision precision)
    {
        var n = known.Length;
        var u = new double[n * some.Length];
        for (var c = 0; c < some.Length; c++)
        {
            var column = Covariances(some[c], known);
            for (var i = 0; i < n; i++) u[i + (c * n)] = factors[some[c]] * model.Scale.Factor[known[i]] * column[i];
        }

        precision.Whiten(u, some.Length);
        for (var c = 0; c < some.Length; c++)
        {
            var (own, r) = (u.AsMemory(c * n, n), some[c]);
            var least = NoWeight * Vectors.Norm(own.Span);
            Known[r] = [.. Enumerable.Range(0, n).Where(i => Math.Abs(own.Span[i]) > least).Select(i => (known[i], own.Span[i]))];
            var left = Variances[r] - Vectors.SumOfSquares(own.Span);
            if (!(left > -Rounding * Variances[r]))
            {
                throw new InferenceException(
                    $"Row {TableRow(r)} would be row {n + 1} of its subject, and with as many {marginal.Residual.Structure!.Words} leaves no variance at the estimated parameters. Leave the known residuals out.");
            }

            Variances[r] = Math.Max(0, left);
        }
    }

    /// <summary>C between the row's place and those of known rows.</summary>
    private double[] Covariances(int r, int[] known)
    {
        var (residual, structure) = (marginal.Residual, marginal.Residual.Structure!);
        int[] sites = Array.ConvertAll(known, row => residual.SiteOfRow[row]);
        if (structure.LastRow(Parameters(r), structure.Sites.Subset(sites).And(Places(r))) is { } row) return row;
        var (matrix, site) = (Matrix(Group(r)), KnownSite(r));
        return Array.ConvertAll(sites, other => matrix[Jet.Pair(Math.Max(site, other), Math.Min(site, other))]);
    }

    private int Group(int r) => marginal.Residual.GroupCount > 1 ? rows.GroupOfRow[r] : 0;

    private double[] Parameters(int r) => phi.AsSpan(Group(r) * model.OwnCount, model.OwnCount).ToArray();

    private double[] Matrix(int group)
    {
        if (!matrices.TryGetValue(group, out var matrix))
        {
            var own = Array.ConvertAll(phi.AsSpan(group * model.OwnCount, model.OwnCount).ToArray(), Jet.Constant);
            matrices.Add(group, matrix = Array.ConvertAll(marginal.Residual.Structure!.Evaluate(own), cell => cell.Value));
        }

        return matrix;
    }

    private double[] Places(int r)
    {
        double[] place = [.. rows.Coordinates.Select(coordinate => coordinate[r])];
        if (Array.TrueForAll(place, double.IsFinite)) return place;
        throw UnknownPlace(r);
    }

    private int KnownSite(int r) => rows.SiteOfRow[r] >= 0 ? rows.SiteOfRow[r] : throw UnknownPlace(r);

    private InferenceException UnknownPlace(int r)
    {
        const int mostNamed = 10;
        var names = marginal.Residual.Structure!.Sites.Names;
        var visits = string.Join(", ", names.Take(mostNamed)) + (names.Count > mostNamed ? ", …" : "");
        return new($"Row {TableRow(r)} is at the visit {rows.NameOfPlace(r)}, and the residuals' parameters are those of the visits of the fit ({visits}). Predict for one of these, or fit a structure that goes by time, such as ar1 with whole numbers or car1.");
    }

    private int TableRow(int r) => rows.TableRows.Span[r] + 1;
}
