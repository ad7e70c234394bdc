using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>The scales of rows as flat jets, among a structure's own parameters and those of all scales.</summary>
/// <param name="scale">The scales.</param>
/// <param name="own">The parameters that come before the scales'.</param>
/// <param name="k">All parameters; 0 for values alone.</param>
internal sealed class ScaleJets(ResidualScale scale, int own, int k)
{
    private readonly int n = scale.Log.Length;
    private readonly double[] inverse = new double[FlatJet.Length(k)];

    /// <summary>x over the scale of a row; the same memory every time.</summary>
    public ReadOnlySpan<double> Divide(double x, int row)
    {
        var g = x / scale.Factor[row];
        inverse[0] = g;
        if (k == 0 || scale.ParameterCount == 0) return inverse;
        for (var i = 0; i < scale.ParameterCount; i++)
        {
            var li = scale.First[row + (i * n)];
            inverse[1 + own + i] = -g * li;
            for (var j = 0; j <= i; j++) inverse[1 + k + Jet.Pair(own + i, own + j)] = g * li * scale.First[row + (j * n)];
        }

        foreach (var (i, j, values) in scale.Second) inverse[1 + k + Jet.Pair(own + Math.Max(i, j), own + Math.Min(i, j))] -= g * values[row];
        return inverse;
    }

    /// <summary>sum += 2 log of a row's scale.</summary>
    public void AddLog(int row, Span<double> sum)
    {
        sum[0] += 2 * scale.Log[row];
        if (k == 0) return;
        for (var i = 0; i < scale.ParameterCount; i++) sum[1 + own + i] += 2 * scale.First[row + (i * n)];
        foreach (var (i, j, values) in scale.Second) sum[1 + k + Jet.Pair(own + Math.Max(i, j), own + Math.Min(i, j))] += 2 * values[row];
    }
}
