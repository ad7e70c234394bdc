using MixedModels.Covariance;
using MixedModels.Estimation.Generalized;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;
using MixedModels.Families;

namespace MixedModels.Tests.Estimation.Generalized;

/// <summary>A small generalized model of one family and link: two crossed groups, one with a slope, drawn from a seed.</summary>
internal sealed class GeneralizedProblem
{
    private GeneralizedProblem(GeneralizedData data, int points, FixedEffectsPlace place = FixedEffectsPlace.Outer)
    {
        Data = data;
        Standardized = new(data.Linear);
        var plan = data.Linear.Terms.Count == 0 ? null : BlockPlan.For(data.Linear);
        var system = BlockPlan.Allocate(new SystemRows(data.Linear.Terms, data.n, Standardized.Z), plan, null);
        Deviance = new(data, new PredictorRows(Standardized), new RowDensities(data, null), system, new ThetaLayout(data.Linear.Terms.Select(term => term.Structure)),
            Quadrature(points), place);
    }

    public GeneralizedData Data { get; }

    public LaplaceDeviance Deviance { get; }

    public StandardizedData Standardized { get; }

    /// <summary>Draws a problem.</summary>
    /// <param name="family">The family.</param>
    /// <param name="seed">What it is drawn from.</param>
    /// <param name="terms">0, 1 (with a slope) or 2 terms.</param>
    /// <param name="n">Rows.</param>
    /// <param name="points">Quadrature points, for at most one term.</param>
    public static GeneralizedProblem Draw(Family family, ulong seed, int terms = 2, int n = 60, int points = 1)
    {
        var random = new RandomStream(seed, 0);
        var center = family.Link.Predictor(IsBounded(family) ? 0.5 : family.HasTrials ? 0.35 : 1.4);

        // Effects small enough for every predictor to stay on its side of links with a bounded range.
        var size = (IsBounded(family) ? 0.02 : 0.08) * Math.Max(1, Math.Abs(center));
        var X = new double[3 * n];
        for (var i = 0; i < n; i++) (X[i], X[i + n], X[i + (2 * n)]) = (1, random.NextNormal(), i % 2);
        var terms1 = Levels(n, 7, random);
        var terms2 = Levels(n, 5, random);
        var Z1 = new double[2 * n];
        for (var i = 0; i < n; i++) (Z1[i], Z1[i + n]) = (1, X[i + n]);
        var ones = new double[n];
        Array.Fill(ones, 1);
        RandomTermData[] all = [new(new Unstructured(2), 7, terms1, Z1), new(new Diagonal(1), 5, terms2, ones)];
        var effects = Enumerable.Range(0, 19).Select(_ => size * random.NextNormal()).ToArray();
        var rows = new Observation[n];
        var psi = family.ParameterNames.Select(_ => 1.2).ToArray();
        for (var i = 0; i < n; i++)
        {
            var eta = center + (0.5 * size * (X[i + n] + X[i + (2 * n)])) + effects[terms1[i]] + (X[i + n] * effects[7 + terms1[i]]) + effects[14 + terms2[i]];
            var trials = family.HasTrials ? 1 + (i % 4) : 1;
            var weight = 1 + (0.5 * (i % 3));
            rows[i] = new(family.Draw(random, trials, weight, family.Link.Mean(eta).Value, psi), trials, weight);
        }

        return new(new(new(n, 3, new double[n], X, default, all[..terms]), rows, default, [], family), points);
    }

    /// <summary>Three coarse levels of three fine levels each.</summary>
    /// <param name="family">The family.</param>
    /// <param name="seed">What it is drawn from.</param>
    /// <param name="points">Quadrature points.</param>
    /// <param name="hasSlopes">Whether both factors have a slope too.</param>
    public static GeneralizedProblem Nested(Family family, ulong seed, int points, bool hasSlopes)
    {
        var flat = Draw(family, seed, terms: 1, n: 54);
        var linear = flat.Data.Linear;
        var (n, p) = (linear.n, hasSlopes ? 2 : 1);
        var fine = Enumerable.Range(0, n).Select(i => i % 9).ToArray();
        RandomTermData Term(int[] levels, int count) => new(hasSlopes ? new Unstructured(2) : new Diagonal(1), count, levels, linear.Terms[0].Z[..(p * n)]);
        return new(flat.Data with { Linear = linear with { Terms = [Term([.. fine.Select(level => level / 3)], 3), Term(fine, 9)] } }, points);
    }

    private IQuadrature? Quadrature(int points)
    {
        if (points == 1) return null;
        return NestedLevels.Of(Data.Linear) is { } nested ? new NestedQuadrature(Data, Standardized, nested, points) : new AdaptiveQuadrature(Data, Standardized, points);
    }

    /// <summary>The same data with fixed effects somewhere else.</summary>
    public GeneralizedProblem With(FixedEffectsPlace place) => new(Data, points: 1, place);

    /// <summary>A random intercept of many levels.</summary>
    public static GeneralizedProblem ManyLevels(Family family, ulong seed, int levels, int rowsOfLevel)
    {
        var (random, n) = (new RandomStream(seed, 0), levels * rowsOfLevel);
        var (X, ones, rows) = (new double[2 * n], new double[n], new Observation[n]);
        Array.Fill(ones, 1);
        var effects = Enumerable.Range(0, levels).Select(_ => 0.5 * random.NextNormal()).ToArray();
        for (var i = 0; i < n; i++)
        {
            (X[i], X[i + n]) = (1, random.NextNormal());
            rows[i] = new(family.Draw(random, 1, 1, family.Link.Mean(0.2 + (0.3 * X[i + n]) + effects[i % levels]).Value, []), 1, 1);
        }

        RandomTermData term = new(new Diagonal(1), levels, Enumerable.Range(0, n).Select(i => i % levels).ToArray(), ones);
        return new(new(new(n, 2, new double[n], X, default, [term]), rows, default, [], family), points: 1);
    }

    /// <summary>Parameters near which everything is defined.</summary>
    public double[] Phi(double variance = 0.1)
    {
        var phi = GeneralizedStart.Compute(Deviance)!;
        var scale = Math.Max(1, Math.Abs(Data.Family.Link.Predictor(Data.Family.HasTrials ? 0.35 : 1.4)));
        if (IsBounded(Data.Family)) scale = 0.3;
        for (var k = 0; k < Deviance.Layout.Count; k++) phi[k] = variance * scale * (1 + (0.3 * (k % 4))) * (k == 1 ? -0.5 : 1);
        return phi;
    }

    // Probabilities that are the predictor itself.
    private static bool IsBounded(Family family) => family.HasTrials && family.Link == Link.Identity;

    private static int[] Levels(int n, int count, RandomStream random) => [.. Enumerable.Range(0, n).Select(i => i < count ? i : (int)(random.NextUniform() * count))];
}
