namespace MixedModels.Covariance.Residual;

/// <summary>The sites of a residual structure. Immutable.</summary>
/// <param name="Coordinates">A coordinate: v values; one, whole numbers, for visits.</param>
/// <param name="Names">v names.</param>
internal sealed record ResidualSites(IReadOnlyList<double[]> Coordinates, IReadOnlyList<string> Names)
{
    /// <summary>v, the number of sites.</summary>
    public int Count => Names.Count;

    /// <summary>The number of visits from one site to another.</summary>
    public int Lag(int a, int b) => (int)Math.Abs(Coordinates[0][a] - Coordinates[0][b]);

    /// <summary>The largest lag.</summary>
    public int Span => (int)(Coordinates[0].Max() - Coordinates[0].Min());

    /// <summary>The Euclidean distance between two sites.</summary>
    public double Distance(int a, int b)
    {
        if (Coordinates.Count == 1) return Math.Abs(Coordinates[0][a] - Coordinates[0][b]);
        var sum = 0.0;
        foreach (var x in Coordinates) sum += (x[a] - x[b]) * (x[a] - x[b]);
        return Math.Sqrt(sum);
    }

    /// <summary>Some of the sites.</summary>
    public ResidualSites Subset(int[] places) =>
        new([.. Coordinates.Select(x => Array.ConvertAll(places, place => x[place]))], Array.ConvertAll(places, place => Names[place]));

    /// <summary>These sites and one place more, last.</summary>
    public ResidualSites And(double[] place) => new([.. Coordinates.Select((x, c) => (double[])[.. x, place[c]])], [.. Names, ""]);

    /// <summary>A typical distance between sites: the median over pairs, a thousand at most of each.</summary>
    public double TypicalDistance()
    {
        var step = Math.Max(1, Count / 1000);
        var distances = new List<double>();
        for (var a = 0; a < Count; a += step)
        {
            for (var b = 0; b < a; b += step)
            {
                var d = Distance(a, b);
                if (d > 0) distances.Add(d);
            }
        }

        distances.Sort();
        return distances.Count == 0 ? 1 : distances[distances.Count / 2];
    }
}
