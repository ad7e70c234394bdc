namespace MixedModels.Covariance.Correlation;

/// <summary>Matérn correlations x^ν K_ν(x)/(2^(ν−1) Γ(ν)) at x = d/range, with the shape ν: ν = ½ is exponential, large ν smooth.</summary>
/// <remarks>Source: Stein 1999, Interpolation of Spatial Data, section 2.10, in the scale of geoR and glmmTMB.</remarks>
internal sealed class MaternCorrelation(ReadOnlySpan<double> positions, int dimension) : DistanceCorrelation(positions, dimension)
{
    /// <summary>At this shape the correlation is 0 beyond the smallest distances, and smaller ones cost ever more nodes.</summary>
    private const double LeastShape = 0.005;

    /// <summary>From here on the correlation is the Gaussian one to three digits.</summary>
    private const double LargestShape = 500;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names => Dimension > 1 ? ["range", "shape"] : [];

    /// <summary>The exponential correlation of the same start.</summary>
    public override void Start(Span<double> phi)
    {
        if (!phi.IsEmpty) (phi[0], phi[1]) = (Math.Log(StartRange), Math.Log(0.5));
    }

    /// <inheritdoc/>
    public override (double Lower, double Upper) Reach(int k) => k == 1 ? (LeastShape, LargestShape) : base.Reach(k);

    /// <inheritdoc/>
    protected override Func<double, double> OfDistance(double[] phi, int k, int l)
    {
        if (Dimension == 1) return _ => 0;
        var (inverse, shape) = (Math.Exp(-phi[0]), Math.Exp(phi[1]));
        var mixture = new GammaMixture(shape);
        return d => mixture.Value(0.25 * d * inverse * d * inverse, k, l);
    }

    /// <summary>
    /// The correlation as the mean of exp(−q/u), q = x²/4, over a gamma variable u of shape ν, by the trapezoidal rule in t = log u, which is exact to
    /// rounding here as the integrand falls off doubly exponentially. Its derivatives are means over the same nodes.
    /// </summary>
    /// <remarks>From ∫ u^(ν−1) exp(−u − q/u) du = 2 q^(ν/2) K_ν(2√q) (DLMF 10.32.10); d/dν of the density is that times t − ψ(ν).</remarks>
    private sealed class GammaMixture
    {
        /// <summary>Weights below e to the minus this, of the largest, are rounding.</summary>
        private const double Negligible = 42;

        /// <summary>Nodes at most; reached only by shapes below 0.005, at which the correlation is 0 beyond the smallest distances.</summary>
        private const int MostNodes = 40_000;

        private readonly double[] inverse;
        private readonly double[] score;
        private readonly double shape;
        private readonly double[] weight;
        private readonly double trigamma;

        public GammaMixture(double shape)
        {
            this.shape = shape;

            // The rule's error is exp(−π²/h) where the integrand is analytic for |Im t| < π/2, and exp(−2π²/(νh²)) for the peak of width ν^(−½).
            var h = Math.Min(0.25, 0.7 / Math.Sqrt(shape));
            var peak = Math.Log(shape);
            var first = peak;
            var count = 0;
            while (Log(first, peak) > -Negligible && count++ < MostNodes) first -= h;
            var nodes = new List<double>();
            for (var t = first; t < peak || Log(t, peak) > -Negligible; t += h) nodes.Add(t);
            weight = [.. nodes.Select(t => Math.Exp(Log(t, peak)))];
            var total = weight.Sum();
            for (var i = 0; i < weight.Length; i++) weight[i] /= total;
            var digamma = weight.Zip(nodes, (w, t) => w * t).Sum();
            score = [.. nodes.Select(t => t - digamma)];
            trigamma = weight.Zip(score, (w, s) => w * s * s).Sum();
            inverse = [.. nodes.Select(t => Math.Exp(-t))];
        }

        /// <summary>The mean, or its derivative in log(range) (0) or log(shape) (1), or a second one.</summary>
        public double Value(double q, int k, int l)
        {
            var sum = 0.0;
            for (var i = weight.Length - 1; i >= 0; i--)
            {
                var exponent = q * inverse[i];
                if (exponent > 745) break;
                sum += weight[i] * Math.Exp(-exponent) * Factor(exponent, score[i], k, l);
            }

            return sum;
        }

        /// <summary>What a derivative multiplies weight·exp(−q/u) by; dq/dphi_0 = −2q, dν/dphi_1 = ν.</summary>
        private double Factor(double exponent, double score, int k, int l) => (Math.Min(k, l), Math.Max(k, l)) switch
        {
            (-1, -1) => 1,
            (-1, 0) => 2 * exponent,
            (-1, _) => shape * score,
            (0, 0) => 4 * exponent * (exponent - 1),
            (0, _) => 2 * exponent * shape * score,
            _ => (shape * score) + (shape * shape * ((score * score) - trigamma)),
        };

        private double Log(double t, double peak) => (shape * (t - peak)) - Math.Exp(t) + shape;
    }
}
