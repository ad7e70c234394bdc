using MixedModels.Covariance;
using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

/// <summary>Random linear mixed model data from a seed: the number, size and shape of the terms are drawn too.</summary>
internal static class RandomProblem
{
    public static LinearData Create(int seed)
    {
        var random = new Random(seed);
        var n = random.Next(12, 70);
        var p = random.Next(1, 5);
        var X = new double[n * p];
        for (var i = 0; i < X.Length; i++) X[i] = i < n ? 1 : Normal(random);
        var terms = new RandomTermData[random.Next(0, 4)];
        for (var t = 0; t < terms.Length; t++) terms[t] = Term(random, n);
        var y = new double[n];
        for (var r = 0; r < n; r++) y[r] = 100 + (3 * Normal(random));
        foreach (var term in terms) AddEffects(random, term, y);
        double[] weights = random.Next(3) == 0 ? [.. Enumerable.Range(0, n).Select(_ => 0.2 + random.NextDouble())] : [];
        return new(n, p, y, X, weights, terms);
    }

    /// <summary>Three nested factors and two crossed with them; the last level of each crossed factor is empty.</summary>
    public static LinearData NestedAndCrossed(int seed)
    {
        var random = new Random(seed);
        const int n = 72;
        int[] pupil = [.. Enumerable.Range(0, n).Select(r => r / 3)];
        int[] schoolClass = [.. pupil.Select(p => p / 4)];
        int[] school = [.. schoolClass.Select(c => c / 2)];
        int[] item = [.. Enumerable.Range(0, n).Select(_ => random.Next(7))];
        int[] rater = [.. Enumerable.Range(0, n).Select(_ => random.Next(5))];
        return Assemble(random, n, [(pupil, 24, 1), (schoolClass, 6, 2), (school, 3, 1), (item, 8, 2), (rater, 6, 1)]);
    }

    /// <summary>A term of twelve columns, two of them multiples of each other, beside a crossed one.</summary>
    public static LinearData TwelveColumns(int seed)
    {
        var random = new Random(seed);
        const int n = 70;
        int[] group = [.. Enumerable.Range(0, n).Select(_ => random.Next(6))];
        int[] item = [.. Enumerable.Range(0, n).Select(_ => random.Next(9))];
        var data = Assemble(random, n, [(group, 6, 12), (item, 9, 1)]);
        var Z = data.Terms[0].Z.ToArray();
        for (var r = 0; r < n; r++) Z[r + (11 * n)] = 2 * Z[r + (10 * n)];
        return data with { Terms = [data.Terms[0] with { Z = Z }, data.Terms[1]] };
    }

    public static double[] Theta(int seed, int count)
    {
        var random = new Random(seed + 77);
        var theta = new double[count];
        for (var k = 0; k < count; k++) theta[k] = random.Next(6) == 0 ? 0 : Normal(random);
        return theta;
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static LinearData Assemble(Random random, int n, (int[] LevelOfRow, int Levels, int Dimension)[] shapes)
    {
        var terms = shapes.Select(shape =>
        {
            var Z = new double[n * shape.Dimension];
            for (var i = 0; i < Z.Length; i++) Z[i] = i < n ? 1 : Normal(random);
            return new RandomTermData(new Unstructured(shape.Dimension), shape.Levels, shape.LevelOfRow, Z);
        }).ToArray();
        var X = new double[2 * n];
        for (var i = 0; i < X.Length; i++) X[i] = i < n ? 1 : Normal(random);
        double[] y = [.. Enumerable.Range(0, n).Select(_ => Normal(random))];
        return new(n, 2, y, X, ReadOnlyMemory<double>.Empty, terms);
    }

    private static RandomTermData Term(Random random, int n)
    {
        var dimension = random.Next(5) == 0 ? random.Next(3, 5) : random.Next(1, 3);
        var levels = random.Next(2, Math.Max(3, n / 2));
        var levelOfRow = new int[n];
        for (var r = 0; r < n; r++) levelOfRow[r] = random.Next(levels);
        var Z = new double[n * dimension];
        for (var i = 0; i < Z.Length; i++) Z[i] = i < n ? 1 : Normal(random);
        CovarianceStructure structure = random.Next(3) == 0 ? new Diagonal(dimension) : new Unstructured(dimension);
        return new(structure, levels, levelOfRow, Z);
    }

    private static void AddEffects(Random random, RandomTermData term, double[] y)
    {
        var size = random.Next(3) == 0 ? 0 : 2.0;
        var effects = new double[term.LevelCount * term.Dimension];
        for (var i = 0; i < effects.Length; i++) effects[i] = size * Normal(random);
        for (var r = 0; r < y.Length; r++)
        {
            for (var j = 0; j < term.Dimension; j++)
                y[r] += term.Z.Span[r + (j * y.Length)] * effects[(term.LevelOfRow.Span[r] * term.Dimension) + j];
        }
    }
}
