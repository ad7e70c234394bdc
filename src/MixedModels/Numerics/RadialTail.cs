namespace MixedModels.Numerics;

/// <summary>
/// How far a spherical t vector in r dimensions reaches along its direction: P(ρ ≥ c/x) for x in (0, 1], with ρ²/r an F on (r, df), from a
/// table; and the angles at which it crosses a plane at distance c. Immutable.
/// </summary>
internal sealed class RadialTail
{
    /// <summary>Directions whose tail is below this share of the nearest one's are left out.</summary>
    private const double Negligible = 1e-12;

    private const int TailNodes = 600;
    private const int AngleNodes = 2000;

    private readonly double[] logTail;
    private readonly double[] angleAt;
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
        double Tail(double v) => TailProbability.F(c * c * Math.Exp(2 * v) / r, r, df);
        var first = Tail(0);

        // In v = log(1/x) the logarithm of the tail is smooth: a parabola at 0, a straight line of slope −df far out.
        var reach = 1.0;
        while (reach < 64 && Tail(reach) > Negligible * first) reach *= 1.25;
        nodesPerUnit = (TailNodes - 4) / reach;
        logTail = new double[TailNodes];
        for (var i = 0; i < TailNodes; i++) logTail[i] = Math.Log(Tail((i - 1) / nodesPerUnit) / first);
        (angleAt, total) = TabulateAngles();
    }

    /// <summary>P(ρ ≥ c/x) over P(ρ ≥ c).</summary>
    public double At(double x)
    {
        if (x <= 0) return 0;
        var place = (-Math.Log(Math.Min(1, x)) * nodesPerUnit) + 1;
        var i = (int)place;
        if (i + 2 >= TailNodes || double.IsNegativeInfinity(logTail[i + 2])) return 0;

        // Four neighbours, cubic.
        var t = place - i;
        var (a, b, d, e) = (logTail[i - 1], logTail[i], logTail[i + 1], logTail[i + 2]);
        var value = (-t * (t - 1) * (t - 2) / 6 * a) + ((t + 1) * (t - 1) * (t - 2) / 2 * b)
            - ((t + 1) * t * (t - 2) / 2 * d) + ((t + 1) * t * (t - 1) / 6 * e);
        return Math.Exp(value);
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
