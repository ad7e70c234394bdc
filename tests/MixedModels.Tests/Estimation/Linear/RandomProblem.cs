using MixedModels.Covariance;
using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

/// <summary>A random linear mixed model in few words, from which the same numbers come every time; its text is the C# that makes it again.</summary>
/// <param name="Rows">n, at least <paramref name="FixedColumns"/> + 2.</param>
/// <param name="FixedColumns">p: an intercept, then covariates.</param>
/// <param name="IsWeighted">Whether rows have weights.</param>
/// <param name="Terms">The random terms.</param>
/// <param name="Seed">What the numbers are drawn from.</param>
internal sealed record RandomProblem(int Rows, int FixedColumns, bool IsWeighted, IReadOnlyList<TermShape> Terms, int Seed)
{
    /// <summary>The number of covariance parameters.</summary>
    public int Parameters => Terms.Sum(term => term.Structure is not null ? term.Columns + 2 : term.IsDiagonal ? term.Columns : term.Columns * (term.Columns + 1) / 2);

    /// <summary>Whether the random effects cannot reproduce any response, so that the likelihood has a maximum.</summary>
    public static bool HasMaximum(LinearData data) => data.Terms.Sum(term => term.LevelOfRow.ToArray().Distinct().Count() * term.Dimension) < data.n - data.p;

    /// <summary>A standard normal number.</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>The problem as numbers.</summary>
    public LinearData Data()
    {
        var random = new Random(Seed);
        var X = new double[Rows * FixedColumns];
        for (var i = 0; i < X.Length; i++) X[i] = i < Rows ? 1 : Normal(random);
        var mean = FixedColumns > 0 ? 100 : 0;
        double[] y = [.. Enumerable.Range(0, Rows).Select(_ => mean + (3 * Normal(random)))];
        var terms = new List<RandomTermData>();
        foreach (var shape in Terms)
        {
            var term = Term(shape, terms.LastOrDefault(), random);
            terms.Add(term);
            AddEffects(shape.Size, term, y, random);
        }

        double[] weights = IsWeighted ? [.. y.Select(_ => Math.Exp(Normal(random)))] : [];
        return new(Rows, FixedColumns, y, X, weights, terms);
    }

    /// <summary>Parameters at which to evaluate it; about every sixth is zero, so that a factor T is often singular.</summary>
    public double[] Theta(int count)
    {
        var random = new Random(Seed + 77);
        var theta = new double[count];
        for (var k = 0; k < count; k++) theta[k] = random.Next(6) == 0 ? 0 : Normal(random);
        return theta;
    }

    /// <summary>Smaller problems that may fail in the same way.</summary>
    public IEnumerable<RandomProblem> Smaller()
    {
        for (var t = 0; t < Terms.Count; t++) yield return this with { Terms = [.. Terms.Where((_, other) => other != t)] };
        if (IsWeighted) yield return this with { IsWeighted = false };
        if (FixedColumns > 0) yield return this with { FixedColumns = FixedColumns - 1 };
        foreach (var rows in new[] { Rows / 2, Rows - 1 })
        {
            if (rows >= FixedColumns + 2) yield return this with { Rows = rows };
        }

        for (var t = 0; t < Terms.Count; t++)
        {
            foreach (var smaller in Terms[t].Smaller()) yield return this with { Terms = [.. Terms.Select((term, other) => other == t ? smaller : term)] };
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"new RandomProblem({Rows}, {FixedColumns}, {(IsWeighted ? "true" : "false")}, [{string.Join(", ", Terms)}], {Seed})";

    private RandomTermData Term(TermShape shape, RandomTermData? previous, Random random)
    {
        var grouping = previous is null && shape.Grouping is Grouping.HoldsThePrevious or Grouping.AsThePrevious ? Grouping.Drawn : shape.Grouping;
        var levels = grouping switch
        {
            Grouping.RowByRow => Rows,
            Grouping.HoldsThePrevious => Math.Min(shape.Levels, previous!.LevelCount),
            Grouping.AsThePrevious => previous!.LevelCount,
            _ => shape.Levels,
        };
        int[] levelOfRow = [.. Enumerable.Range(0, Rows).Select(r => grouping switch
        {
            Grouping.Balanced or Grouping.RowByRow => r % levels,
            Grouping.Skewed => r < Rows / 2 ? 0 : random.Next(levels),
            Grouping.HoldsThePrevious => previous!.LevelOfRow.Span[r] * levels / previous.LevelCount,
            Grouping.AsThePrevious => previous!.LevelOfRow.Span[r],
            _ => random.Next(levels),
        })];
        var structure = CovarianceCatalogue.Create(
            shape.Structure ?? (shape.IsDiagonal ? "diag" : "us"), shape.Columns, 2, [.. Enumerable.Range(0, shape.Columns).Select(i => i + (i * i / 7.0))]);
        var count = grouping == Grouping.AsThePrevious ? levels : levels + shape.Empty;
        return new(structure, count, levelOfRow, Columns(shape, random));
    }

    private double[] Columns(TermShape shape, Random random)
    {
        var (n, p) = (Rows, shape.Columns);
        var Z = new double[n * p];
        if (shape.Slopes == Slopes.Indicators)
        {
            for (var r = 0; r < n; r++) Z[r + (random.Next(p) * n)] = 1;
            return Z;
        }

        for (var i = 0; i < Z.Length; i++) Z[i] = i < n && shape.Slopes != Slopes.WithoutIntercept ? 1 : Normal(random);
        if (p == 1) return Z;
        for (var r = 0; r < n; r++)
        {
            var last = r + ((p - 1) * n);
            if (shape.Slopes == Slopes.LastZero) Z[last] = 0;
            if (shape.Slopes == Slopes.Collinear) Z[last] = (2 * Z[last - n]) - (p > 2 ? Z[last - (2 * n)] : 0);
        }

        return Z;
    }

    private static void AddEffects(int size, RandomTermData term, double[] y, Random random)
    {
        double[] effects = [.. Enumerable.Range(0, term.LevelCount * term.Dimension).Select(_ => size * Normal(random))];
        for (var r = 0; r < y.Length; r++)
        {
            for (var j = 0; j < term.Dimension; j++)
                y[r] += term.Z.Span[r + (j * y.Length)] * effects[(term.LevelOfRow.Span[r] * term.Dimension) + j];
        }
    }
}
