namespace MixedModels.Numerics;

/// <summary>
/// How far a spherical t vector in r dimensions reaches along its direction: P(ρ ≥ c/x) for x in (0, 1], with ρ²/r an F on (r, df), from a
/// table; and the angles at which it crosses a plane at distance c. Immutable.
/// </summary>
internal sealed class RadialTail
{
    /// <summary>Directions whose tail is below this share of the nearest one's are left out.</summary>
    private const double Negligible = 1e-12;

    private const int TailNodes = 1000;
    private const int AngleNodes = 2000;

    private readonly double[] values;
    private readonly double[] angleAt;
    private readonly double least;
    private readonly double nodesPerUnit;
    private readonly double total;
    private readonly int r;

    /// <summary>Tabulates both. About 1 ms.</summary>
    /// <param name="c">Distance of the planes, positive.</param>
    /// <param name="r">Dimensions, at least 2.</param>
    /// <param name="df">Degrees of freedom; infinity for the normal distribution.</param>
    public RadialTail(double c, int r, double df)
    {
        this.r = r;
        double Tail(double x) => x > 0 ? TailProbability.F(c * c / (x * x * r), r, df) : 0;
        var first = Tail(1);

        // From where the tail matters it grows over the table by at most log(1/Negligible) = 28 powers of e: some 36 nodes a power.
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 40; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = Tail(middle) > Negligible * first ? (low, middle) : (middle, high);
        }

        least = low;
        nodesPerUnit = (TailNodes - 3) / (1 - least);
        values = new double[TailNodes];
        for (var i = 0; i < TailNodes; i++) values[i] = Tail(least + ((i - 1) / nodesPerUnit)) / first;
        (angleAt, total) = TabulateAngles();
    }

    /// <summary>P(ρ ≥ c/x) over P(ρ ≥ c).</summary>
    public double At(double x)
    {
        if (!(x > least)) return 0;
        var place = Math.Min(((x - least) * nodesPerUnit) + 1, TailNodes - 2.0);
        var i = Math.Min((int)place, TailNodes - 3);

        // Four neighbours, cubic; where it rises from nothing it may fall below.
        var t = place - i;
        var value = (-t * (t - 1) * (t - 2) / 6 * values[i - 1]) + ((t + 1) * (t - 1) * (t - 2) / 2 * values[i])
            - ((t + 1) * t * (t - 2) / 2 * values[i + 1]) + ((t + 1) * t * (t - 1) / 6 * values[i + 2]);
        return Math.Max(0, value);
    }

    /// <summary>Draws the angle to a unit vector b, given that |b'z| ≥ c s: its density is ∝ sin(a)^(r−2) P(ρ ≥ c/cos a).</summary>
    /// <param name="uniform">In [0, 1].</param>
    /// <param name="weight">The density over that of the draw, which is constant between nodes.</param>
    public double Angle(double uniform, out double weight)
    {
        var place = uniform * AngleNodes;
        var i = Math.Min((int)place, AngleNodes - 1);
        var width = angleAt[i + 1] - angleAt[i];
        var angle = angleAt[i] + ((place - i) * width);
        weight = Density(angle) / total * width * AngleNodes;
        return angle;
    }

    private double Density(double angle) => Math.Pow(Math.Sin(angle), r - 2) * At(Math.Cos(angle));

    /// <summary>The angles at which the distribution function is 0, 1/nodes, … 1, and the integral of the density.</summary>
    private (double[] Angles, double Total) TabulateAngles()
    {
        const double width = Math.PI / 2 / AngleNodes;
        var cumulative = new double[AngleNodes + 1];
        var left = Density(0);
        for (var i = 1; i <= AngleNodes; i++)
        {
            var right = Density(i * width);
            cumulative[i] = cumulative[i - 1] + ((left + right) / 2 * width);
            left = right;
        }

        var angles = new double[AngleNodes + 1];
        var next = 1;
        for (var k = 1; k <= AngleNodes; k++)
        {
            var wanted = cumulative[^1] * k / AngleNodes;
            while (next < AngleNodes && cumulative[next] < wanted) next++;
            var rise = cumulative[next] - cumulative[next - 1];
            angles[k] = width * (next - (rise > 0 ? Math.Clamp((cumulative[next] - wanted) / rise, 0, 1) : 0));
        }

        return (angles, cumulative[^1]);
    }
}
