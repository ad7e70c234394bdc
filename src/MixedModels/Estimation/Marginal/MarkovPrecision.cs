using MixedModels.Covariance.Residual;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// R of a structure in which a row depends on the one before alone. With e_i = f_i c_i, c_i = a_i c_i−1 + a step of variance v_i, row i of W is
/// (… −a_i/(f_i−1 √v_i), 1/(f_i √v_i)). O(n).
/// </summary>
internal sealed class MarkovPrecision : BandedPrecision, ISubjectSeries
{
    private readonly IMarkovStructure structure;
    private readonly int[] classOf;
    private readonly List<(int From, int To)> steps = [];
    private readonly double[] own;
    private readonly double[] before;
    private (Jet Coefficient, Jet Variance)[] jets = [];

    public MarkovPrecision(BlockPattern pattern, ResidualModel model)
        : base(pattern, model)
    {
        structure = (IMarkovStructure)model.Data.Structure!;
        classOf = new int[n];
        var known = new Dictionary<(double, double), int>();
        for (var i = 0; i < n; i++)
        {
            var (from, to) = (i == 0 ? -1 : model.Data.SiteOfRow[First[i - 1]], model.Data.SiteOfRow[First[i]]);
            if (known.TryAdd(structure.StepClass(from, to), steps.Count)) steps.Add((from, to));
            classOf[i] = known[structure.StepClass(from, to)];
        }

        (own, before) = (new double[n], new double[n]);
    }

    /// <inheritdoc/>
    public override int Reach => 1;

    /// <inheritdoc/>
    public override bool Evaluate()
    {
        var prepared = structure.Prepare(Model.Parameters(Model.Data.GroupOfRow[First[0]]));
        jets = [.. steps.Select(step => structure.Step(prepared, step.From, step.To))];
        LogDeterminant = 0;
        var logs = Array.ConvertAll(jets, step => Math.Log(step.Variance.Value));
        for (var i = 0; i < n; i++)
        {
            var (a, v) = jets[classOf[i]];
            var root = 1 / Math.Sqrt(v.Value);
            own[i] = root / Model.Scale.Factor[First[i]];
            before[i] = i == 0 ? 0 : -a.Value * root / Model.Scale.Factor[First[i - 1]];
            LogDeterminant += logs[classOf[i]] + (2 * Model.Scale.Log[First[i]]);
        }

        return double.IsFinite(LogDeterminant);
    }

    /// <inheritdoc/>
    public override double Weight(int i, int j) => i == j ? own[i] : before[i];

    /// <inheritdoc/>
    public override void Whiten(Span<double> block, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            var column = block.Slice(j * n, n);
            for (var i = n - 1; i > 0; i--) column[i] = (own[i] * column[i]) + (before[i] * column[i - 1]);
            column[0] *= own[0];
        }
    }

    /// <inheritdoc/>
    public override void Colour(Span<double> block, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            var column = block.Slice(j * n, n);
            column[0] /= own[0];
            for (var i = 1; i < n; i++) column[i] = (column[i] - (before[i] * column[i - 1])) / own[i];
        }
    }

    /// <inheritdoc/>
    public override void ColourTransposed(Span<double> block, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            var column = block.Slice(j * n, n);
            column[n - 1] /= own[n - 1];
            for (var i = n - 2; i >= 0; i--) column[i] = (column[i] - (before[i + 1] * column[i + 1])) / own[i];
        }
    }

    /// <inheritdoc/>
    /// <remarks>R⁻¹ has (1/v_i + a²_i+1/v_i+1)/f_i² on its diagonal and −a_i/(v_i f_i f_i−1) beside it.</remarks>
    public override IReadOnlyList<PrecisionSlope> Slopes()
    {
        var inverse = Array.ConvertAll(jets, step => 1 / step.Variance);
        var beside = jets.Select((step, c) => -step.Coefficient * inverse[c]).ToArray();
        var after = jets.Select((step, c) => step.Coefficient * step.Coefficient * inverse[c]).ToArray();
        var logs = Array.ConvertAll(jets, step => step.Variance.Log());
        var slopes = new List<PrecisionSlope>();
        var group = Model.Data.GroupOfRow[First[0]];
        for (var k = 0; k < Model.OwnCount; k++)
        {
            var slope = Banded(
                (group * Model.OwnCount) + k, Array.ConvertAll(inverse, jet => Slope1(jet, k)), Array.ConvertAll(beside, jet => Slope1(jet, k)), Array.ConvertAll(after, jet => Slope1(jet, k)));
            var log = 0.0;
            foreach (var c in classOf) log += Slope1(logs[c], k);
            slopes.Add(slope with { LogDeterminant = log });
        }

        if (Model.Scale.ParameterCount == 0) return slopes;
        var whole = Banded(-1, Array.ConvertAll(inverse, jet => jet.Value), Array.ConvertAll(beside, jet => jet.Value), Array.ConvertAll(after, jet => jet.Value)).Band;
        for (var k = 0; k < Model.Scale.ParameterCount; k++)
        {
            if (OfScale(k, whole) is { } slope) slopes.Add(slope);
        }

        return slopes;
    }

    /// <inheritdoc/>
    public double[] Differentiate(ReadOnlySpan<double> block, int columns, int k, Span<double> result)
    {
        var (length, scales) = (FlatJet.Length(k), new ScaleJets(Model.Scale, Model.OwnCount, k));
        var roots = Array.ConvertAll(jets, step => step.Variance.InverseSqrt());
        double[][] current = [.. roots.Select(root => FlatJet.Of(root, 0, k))];
        double[][] previous = [.. roots.Select((root, c) => FlatJet.Of(-jets[c].Coefficient * root, 0, k))];
        double[][] logs = [.. jets.Select(step => FlatJet.Of(step.Variance.Log(), 0, k))];
        var (log, before, now, whitened) = (new double[length], new double[columns * length], new double[length], new double[length]);
        for (var i = 0; i < n; i++)
        {
            for (var e = 0; e < length; e++) log[e] += logs[classOf[i]][e];
            scales.AddLog(First[i], log);
            for (var c = 0; c < columns; c++)
            {
                var last = before.AsSpan(c * length, length);
                scales.Divide(block[i + (c * n)], First[i]).CopyTo(now);
                Array.Clear(whitened);
                FlatJet.AddProduct(1, current[classOf[i]], now, whitened, k);
                if (i > 0) FlatJet.AddProduct(1, previous[classOf[i]], last, whitened, k);
                for (var e = 0; e < length; e++) result[i + ((c + (e * columns)) * n)] = whitened[e];
                now.CopyTo(last);
            }
        }

        return log;
    }

    private static double Slope1(Jet jet, int k) => jet.First.Length == 0 ? 0 : jet.First[k];

    /// <summary>A band of R⁻¹ or of its derivative in a parameter of C, from a step's 1/v, −a/v and a²/v.</summary>
    private PrecisionSlope Banded(int parameter, double[] inverse, double[] beside, double[] after)
    {
        var (band, factor) = (new double[2 * n], Model.Scale.Factor);
        for (var i = 0; i < n; i++)
        {
            var f = 1 / factor[First[i]];
            band[2 * i] = (inverse[classOf[i]] + (i + 1 < n ? after[classOf[i + 1]] : 0)) * f * f;
            if (i > 0) band[(2 * i) + 1] = beside[classOf[i]] * f / factor[First[i - 1]];
        }

        return new(parameter, 0, band);
    }

    /// <summary>−(l_i + l_j) times R⁻¹, l being the derivatives of the log scales; null where they are all zero.</summary>
    private PrecisionSlope? OfScale(int k, double[] whole)
    {
        var logs = Array.ConvertAll(First, row => Model.Scale.First[row + (k * Model.Scale.Log.Length)]);
        if (!logs.AsSpan().ContainsAnyExcept(0)) return null;
        var (band, log) = (new double[2 * n], 0.0);
        for (var i = 0; i < n; i++)
        {
            band[2 * i] = -2 * logs[i] * whole[2 * i];
            if (i > 0) band[(2 * i) + 1] = -(logs[i] + logs[i - 1]) * whole[(2 * i) + 1];
            log += 2 * logs[i];
        }

        return new(Model.ScaleStart + k, log, band);
    }
}
