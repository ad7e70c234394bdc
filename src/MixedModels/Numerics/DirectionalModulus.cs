using MixedModels.Execution;

namespace MixedModels.Numerics;

/// <summary>
/// The largest |T_i| of a multivariate t with any correlations, singular ones too: T = B z/s with unit rows b_i. Deterministic
/// quasi-Monte Carlo whose relative error does not grow as the probability falls. Immutable.
/// </summary>
/// <remarks>
/// Given the direction u of z the largest |T_i| exceeds c where the radius does c/m(u), m = max |b_i'u|, and that probability is exact
/// (Genz and Bretz 2009, Computation of Multivariate Normal and t Probabilities, section 4.1.1). Directions are drawn from the mixture over i
/// of those given |T_i| ≥ c, which makes the mean one of numbers between 1/K and 1 (Owen, Maximov and Chertkov 2019, Importance sampling the
/// union of rare events, Electronic Journal of Statistics 13, theorem 1):
/// P(max ≥ c) = P(|T_1| ≥ c) Σ_i E_i[g(m)/Σ_j g(|b_j'u|)], g(x) the radius's tail at c/x.
/// </remarks>
internal sealed class DirectionalModulus
{
    /// <summary>The relative standard error aimed at: p = 0.05 is then known to about 4e-5.</summary>
    private const double Aim = 8e-4;

    /// <summary>Shifted copies of the lattice; their spread has 11 degrees of freedom.</summary>
    private const int Copies = 12;

    private const int FirstPoints = 64;

    /// <summary>At most so many values of g an evaluation: a fraction of a second.</summary>
    private const double MostWork = 1e7;

    private const ulong Seed = 20_250_101;

    private readonly double[] B;
    private readonly double[] R;
    private readonly int K;
    private readonly int r;
    private readonly KroneckerLattice lattice;
    private readonly double[][] shifts;

    /// <summary>Takes the directions.</summary>
    /// <param name="B">K×r, row after row, each of length 1.</param>
    /// <param name="rank">r, at least 2.</param>
    public DirectionalModulus(double[] B, int rank)
    {
        (this.B, r, K) = (B, rank, B.Length / rank);
        R = new double[K * K];
        for (var i = 0; i < K; i++)
        {
            for (var j = 0; j < K; j++) R[(i * K) + j] = Product(j, B[(i * r)..((i + 1) * r)]);
        }

        lattice = new(r + 1);
        var random = new RandomStream(Seed, 0);
        shifts = [.. Enumerable.Range(0, Copies).Select(_ => Enumerable.Range(0, r + 1).Select(_ => random.NextUniform()).ToArray())];
    }

    /// <summary>P(max |T_i| ≥ c) and its standard error.</summary>
    /// <param name="c">Where.</param>
    /// <param name="df">Degrees of freedom; infinity for the normal distribution.</param>
    public (double Probability, double Error) Upper(double c, double df) => Upper(c, df, Points(c, df));

    /// <summary>The c with P(max |T_i| ≥ c) = p. One lattice for all steps, so that the function solved for is smooth.</summary>
    public double Quantile(double p, double df)
    {
        var guess = TailProbability.StudentQuantile(p / K, df);
        var points = Points(guess, df);
        return TailQuantile.Find(c => Upper(c, df, points).Probability, p, guess, 1e-7);
    }

    /// <summary>Doubles the lattice until the error is as aimed at or the work is spent.</summary>
    private int Points(double c, double df)
    {
        var points = FirstPoints;
        while (Copies * (double)points * 2 * K * K <= MostWork)
        {
            var (value, error) = Upper(c, df, points);
            if (!(error > Aim * value)) return points;
            points *= 2;
        }

        return points;
    }

    private (double Probability, double Error) Upper(double c, double df, int points)
    {
        if (double.IsNaN(c) || double.IsNaN(df)) return (double.NaN, double.NaN);
        if (c <= 0) return (1, 0);
        var single = TailProbability.StudentTwoSided(c, df);

        // The tail of the radius underflows together with a single one's.
        if (single == 0 || TailProbability.F(c * c / r, r, df) == 0) return (Math.Min(1, K * single), 0);
        var tail = new RadialTail(c, r, df);
        Span<double> means = stackalloc double[Copies];
        for (var copy = 0; copy < Copies; copy++) means[copy] = Math.Clamp(single * Sum(tail, shifts[copy], points), single, 1);
        var (mean, spread) = (0.0, 0.0);
        foreach (var value in means) mean += value / Copies;
        foreach (var value in means) spread += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(spread / (Copies * (Copies - 1))));
    }

    /// <summary>Σ_i mean over directions drawn for i of g(m)/Σ_j g(|b_j'u|).</summary>
    private double Sum(RadialTail tail, double[] shift, int points)
    {
        var point = new double[r + 1];
        var normal = new double[r];
        var along = new double[K];
        var sum = 0.0;
        for (var index = 0; index < points; index++)
        {
            lattice.Point(index, shift, point);
            var square = 0.0;
            for (var a = 0; a < r; a++)
            {
                normal[a] = NormalDistribution.Quantile(Math.Clamp(point[a + 1], 1e-16, 1 - 1e-16));
                square += normal[a] * normal[a];
            }

            for (var j = 0; j < K; j++) along[j] = Product(j, normal);
            var angle = tail.Angle(point[0], out var weight);
            var (forward, sideways) = (Math.Cos(angle), Math.Sin(angle));
            for (var i = 0; i < K; i++) sum += weight * Share(tail, i, forward, sideways / Math.Sqrt(Math.Max(square - (along[i] * along[i]), double.Epsilon)), along);
        }

        return sum / points;
    }

    /// <summary>
    /// g(m)/Σ_j g(|b_j'u|) for u = forward·b_i + across·v with v = n − (b_i'n) b_i, the part of a normal vector n across b_i.
    /// </summary>
    private double Share(RadialTail tail, int i, double forward, double across, double[] along)
    {
        var (largest, sum) = (0.0, 0.0);
        var own = R.AsSpan(i * K, K);
        for (var j = 0; j < own.Length; j++)
        {
            var value = tail.At(Math.Abs((forward * own[j]) + (across * (along[j] - (along[i] * own[j])))));
            sum += value;
            largest = Math.Max(largest, value);
        }

        return sum > 0 ? largest / sum : 0;
    }

    private double Product(int j, double[] x)
    {
        var product = 0.0;
        for (var a = 0; a < r; a++) product += B[(j * r) + a] * x[a];
        return product;
    }
}
