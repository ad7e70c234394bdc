using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Means;

/// <summary>Estimates, standard errors and degrees of freedom of some functions of one group, those that can be estimated. Immutable.</summary>
internal sealed class MeanEstimates
{
    private readonly SmallSampleMethod method;
    private readonly ContrastRows functions;

    /// <summary>Evaluates the functions.</summary>
    /// <param name="method">The method.</param>
    /// <param name="constants">What is added to each function; NaN for one that cannot be estimated.</param>
    /// <param name="kept">Those that can.</param>
    /// <param name="functions">The functions of <paramref name="kept"/>.</param>
    public MeanEstimates(SmallSampleMethod method, double[] constants, IReadOnlyList<int> kept, ContrastRows functions)
    {
        (this.method, this.functions, Values) = (method, functions, constants);
        (Errors, Df) = (new double[constants.Length], new double[constants.Length]);
        Array.Fill(Errors, double.NaN);
        Array.Fill(Df, double.NaN);
        var tested = new List<int>();
        var places = new List<int>();
        for (var k = 0; k < kept.Count; k++)
        {
            var (i, c) = (kept[k], functions.Row(k));
            Values[i] += Vectors.Dot(c.Delta(0), method.Fit.Coordinates);
            Errors[i] = Math.Sqrt(method.Variance(c));
            if (Errors[i] == 0) continue;
            Df[i] = method.Df(c);
            tested.Add(i);
            places.Add(k);
        }

        (Tested, Places) = (tested, places);
    }

    /// <summary>The estimates; NaN where there is none.</summary>
    public double[] Values { get; }

    /// <summary>Their standard errors.</summary>
    public double[] Errors { get; }

    /// <summary>Their degrees of freedom; infinite for the normal distribution.</summary>
    public double[] Df { get; }

    /// <summary>Those that can be tested: estimable, with a standard error above zero.</summary>
    public IReadOnlyList<int> Tested { get; }

    private IReadOnlyList<int> Places { get; }

    /// <summary>The family of those that can be tested.</summary>
    /// <param name="means">The number of means they are of.</param>
    public ContrastFamily Family(int means)
    {
        var K = Tested.Count;
        var picks = new double[K * functions.Count];
        for (var i = 0; i < K; i++) picks[(i * functions.Count) + Places[i]] = 1;
        var S = method.Covariance(functions.Combine(picks, K));
        var correlation = new double[K * K];
        for (var j = 0; j < K; j++)
        {
            for (var i = 0; i < K; i++) correlation[i + (j * K)] = i == j ? 1 : S[i + (j * K)] / Math.Sqrt(S[i * (K + 1)] * S[j * (K + 1)]);
        }

        return new([.. Tested.Select(i => Values[i] / Errors[i])], [.. Tested.Select(i => Df[i])], correlation, means);
    }
}
