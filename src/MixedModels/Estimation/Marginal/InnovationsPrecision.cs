using MixedModels.Covariance.Residual;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// R of an autoregressive moving average along a long subject: row i of We is what row i of e brings beyond its prediction from the rows before, over its
/// standard deviation, by Kalman's filter. Missing visits are predicted over. O(n (p + q)²).
/// </summary>
/// <remarks>Jones 1980, Technometrics 22, 389–395. Once the filter's gain has settled it is kept until a visit is missing.</remarks>
internal sealed class InnovationsPrecision(BlockPattern pattern, ResidualModel model) : SubjectPrecision(pattern, model), ISubjectSeries
{
    /// <summary>The gain has settled where nothing of it, nor of its derivatives, changes by more than rounding.</summary>
    private const double Settled = 1e-15;

    private readonly AutoregressiveMovingAverage structure = (AutoregressiveMovingAverage)model.Data.Structure!;

    /// <summary>What a row of the filter needs: 1/√F, log F and the gain, F being the variance of the row given those before.</summary>
    private sealed record Row(Jet Root, Jet Log, Jet[] Gain);

    /// <inheritdoc/>
    public override bool Evaluate()
    {
        var log = Differentiate([], 0, 0, []);
        LogDeterminant = log[0];
        return double.IsFinite(LogDeterminant);
    }

    /// <inheritdoc/>
    public override void Whiten(Span<double> block, int columns) => Differentiate(block.ToArray(), columns, 0, block);

    /// <inheritdoc/>
    public override void Colour(Span<double> block, int columns)
    {
        var space = Space();
        var state = new double[columns][];
        for (var c = 0; c < columns; c++) state[c] = new double[space.Order];
        var i = 0;
        foreach (var row in Filter(space))
        {
            for (var c = 0; c < columns; c++)
            {
                var own = state[c];
                for (var g = 0; i > 0 && g < Gap(i); g++) Advance(space, own);
                var innovation = block[i + (c * n)] / row.Root.Value;
                block[i + (c * n)] = (own[0] + innovation) * Model.Scale.Factor[First[i]];
                for (var j = 0; j < own.Length; j++) own[j] += row.Gain[j].Value * innovation;
            }

            i++;
        }
    }

    /// <inheritdoc/>
    public double[] Differentiate(ReadOnlySpan<double> block, int columns, int k, Span<double> result)
    {
        var (space, scales) = (Space(), new ScaleJets(Model.Scale, Model.OwnCount, k));
        var (r, length, log) = (space.Order, FlatJet.Length(k), new double[FlatJet.Length(k)]);
        double[][] coefficients = [.. space.Coefficients.Select(jet => FlatJet.Of(jet, 0, k))];
        var state = new double[columns * r][];
        for (var s = 0; s < state.Length; s++) state[s] = new double[length];
        var (innovation, whitened, head) = (new double[length], new double[length], new double[length]);
        Row? last = null;
        double[] root = [];
        double[] logs = [];
        double[][] gain = [];
        var i = 0;
        foreach (var row in Filter(space))
        {
            if (row != last)
                (root, logs, gain) = (FlatJet.Of(row.Root, 0, k), FlatJet.Of(row.Log, 0, k), Array.ConvertAll(row.Gain, jet => FlatJet.Of(jet, 0, k)));
            last = row;
            for (var e = 0; e < length; e++) log[e] += logs[e];
            scales.AddLog(First[i], log);
            for (var c = 0; c < columns; c++)
            {
                var own = state.AsSpan(c * r, r);
                for (var g = 0; i > 0 && g < Gap(i); g++) Advance(coefficients, own, head, k);
                scales.Divide(block[i + (c * n)], First[i]).CopyTo(innovation);
                for (var e = 0; e < length; e++) innovation[e] -= own[0][e];
                Array.Clear(whitened);
                FlatJet.AddProduct(1, root, innovation, whitened, k);
                for (var e = 0; e < length; e++) result[i + ((c + (e * columns)) * n)] = whitened[e];
                for (var j = 0; j < r; j++) FlatJet.AddProduct(1, gain[j], innovation, own[j], k);
            }

            i++;
        }

        return log;
    }

    private StateSpace Space() => structure.StateSpace(Model.Parameters(Model.Data.GroupOfRow[First[0]]));

    /// <summary>The visits from row i − 1 to row i.</summary>
    private int Gap(int i) => structure.Sites.Lag(Model.Data.SiteOfRow[First[i]], Model.Data.SiteOfRow[First[i - 1]]);

    /// <summary>The filter's rows; the same object as long as the gain has settled.</summary>
    private IEnumerable<Row> Filter(StateSpace space)
    {
        var (P, r, isSettled) = (space.Stationary, space.Order, false);
        Row? row = null;
        for (var i = 0; i < n; i++)
        {
            var gap = i == 0 ? 0 : Gap(i);
            if (isSettled && gap == 1)
            {
                yield return row!;
                continue;
            }

            for (var g = 0; g < gap; g++) P = space.Predict(P);
            var before = row;
            row = new(P[0].InverseSqrt(), P[0].Log(), [.. Enumerable.Range(0, r).Select(j => P[j] / P[0])]);
            isSettled = gap == 1 && before is not null && IsSame(row, before);
            yield return row;
            var filtered = new Jet[r * r];
            for (var a = 0; a < r; a++)
            {
                for (var b = 0; b <= a; b++) filtered[a + (b * r)] = filtered[b + (a * r)] = P[a + (b * r)] - (row.Gain[a] * P[b]);
            }

            P = filtered;
        }
    }

    private static bool IsSame(Row row, Row before) => IsSame(row.Root, before.Root) && row.Gain.Zip(before.Gain).All(pair => IsSame(pair.First, pair.Second));

    private static bool IsSame(Jet a, Jet b) =>
        Math.Abs(a.Value - b.Value) <= Settled && a.First.Zip(b.First).All(pair => Math.Abs(pair.First - pair.Second) <= Settled)
        && a.Second.Zip(b.Second).All(pair => Math.Abs(pair.First - pair.Second) <= Settled * (1 + Math.Abs(pair.First)));

    private static void Advance(StateSpace space, double[] state)
    {
        var head = state[0];
        for (var j = 0; j < state.Length; j++) state[j] = (space.Coefficients[j].Value * head) + (j + 1 < state.Length ? state[j + 1] : 0);
    }

    /// <summary>state := T state.</summary>
    private static void Advance(double[][] coefficients, Span<double[]> state, double[] head, int k)
    {
        state[0].CopyTo(head, 0);
        for (var j = 0; j < state.Length; j++)
        {
            if (j + 1 < state.Length) state[j + 1].CopyTo(state[j], 0);
            else Array.Clear(state[j]);
            FlatJet.AddProduct(1, coefficients[j], head, state[j], k);
        }
    }
}
