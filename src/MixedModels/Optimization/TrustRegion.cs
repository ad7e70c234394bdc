using MixedModels.LinearAlgebra;

namespace MixedModels.Optimization;

/// <summary>How a minimisation ended.</summary>
/// <param name="Point">The best point.</param>
/// <param name="Iterations">Accepted steps.</param>
/// <param name="Evaluations">Evaluations beyond the one at the start.</param>
/// <param name="Decrement">The Newton decrement g'|H|⁻¹g at the end: about twice what a further step could gain.</param>
/// <param name="Converged">Whether the decrement came below its tolerance.</param>
/// <param name="Radius">The radius of the region, to go on from.</param>
internal sealed record TrustRegionResult(SmoothPoint Point, int Iterations, int Evaluations, double Decrement, bool Converged, double Radius);

/// <summary>
/// Newton steps in a trust region, with the Hessian's eigenvalues replaced by their absolute values so that a step
/// always descends and leaves saddles.
/// </summary>
/// <remarks>
/// Source: Conn, Gould and Toint 2000, algorithm 6.1.1; the modified spectrum is that of Murray 1972.
/// The step in the eigenvectors' basis is −g_i / (|h_i| + lambda), lambda ≥ 0 chosen so that it stays inside the region.
/// </remarks>
internal static class TrustRegion
{
    /// <summary>An eigenvalue below this share of the largest is taken as flat: rotations of a rank-deficient factor make such directions.</summary>
    private const double FlatShare = 1e-11;

    /// <summary>A value rounds to about this share of itself an evaluation; smaller changes in it say nothing.</summary>
    private const double RoundingShare = 1e-14;

    private const int MostEvaluations = 500;

    /// <summary>A first radius: a quarter of the start's distance from the origin, and at least a quarter.</summary>
    /// <remarks>From moment starts a radius as long as the start overshot on four of five reference problems; a quarter did on none.</remarks>
    public static double FirstRadius(ReadOnlySpan<double> start) => 0.25 * Math.Max(1, Vectors.Norm(start));

    /// <summary>The Newton decrement g'|H|⁻¹g at a point.</summary>
    public static double Decrement(SmoothPoint point) => new QuadraticModel(point).Decrement;

    /// <summary>Minimises from a start.</summary>
    /// <param name="objective">The function.</param>
    /// <param name="start">The function at k parameters at which it is finite.</param>
    /// <param name="radius">The radius of the region to begin with.</param>
    /// <param name="tolerance">The decrement at which to stop, in units of the function.</param>
    /// <param name="cancellationToken">Checked once an evaluation.</param>
    public static TrustRegionResult Minimize(
        ISmoothObjective objective, SmoothPoint start, double radius, double tolerance, CancellationToken cancellationToken)
    {
        var point = start;
        var evaluations = 0;
        var iterations = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var model = new QuadraticModel(point);
            if (model.Decrement <= tolerance || evaluations >= MostEvaluations)
                return new(point, iterations, evaluations, model.Decrement, model.Decrement <= tolerance, radius);

            var (step, predicted) = model.Step(radius);
            var trial = objective.Evaluate(Sum(point.Theta, step));
            evaluations++;
            var actual = point.Value - trial.Value;
            var rounding = RoundingShare * Math.Abs(point.Value);
            var belowRounding = predicted < rounding && Math.Abs(actual) <= 10 * rounding;
            var ratio = belowRounding ? 1 : actual / predicted;
            var length = Vectors.Norm(step);
            if (!(ratio >= 0.25)) radius = 0.25 * length;
            else if (ratio > 0.75) radius = Math.Max(radius, 2.5 * length);
            if (ratio > 1e-4)
            {
                point = trial;
                iterations++;
            }
            else if (length <= 1e-14 * (1 + Vectors.Norm(point.Theta)))
            {
                return new(point, iterations, evaluations, model.Decrement, Converged: false, radius);
            }
        }
    }

    private static double[] Sum(double[] a, double[] b)
    {
        var sum = new double[a.Length];
        for (var i = 0; i < sum.Length; i++) sum[i] = a[i] + b[i];
        return sum;
    }

    /// <summary>The quadratic model at a point, in the basis of its Hessian's eigenvectors.</summary>
    private sealed class QuadraticModel
    {
        private readonly int k;
        private readonly double[] curvature;
        private readonly double[] slope;
        private readonly double[] vectors;

        public QuadraticModel(SmoothPoint point)
        {
            k = point.Theta.Length;
            curvature = new double[k];
            vectors = (double[])point.Hessian.Clone();
            SymmetricEigen.Decompose(vectors, k, k, curvature);
            var largest = 0.0;
            for (var i = 0; i < k; i++) largest = Math.Max(largest, Math.Abs(curvature[i]));
            slope = new double[k];
            for (var i = 0; i < k; i++)
            {
                slope[i] = Vectors.Dot(vectors.AsSpan(i * k, k), point.Gradient);
                curvature[i] = Math.Max(Math.Abs(curvature[i]), FlatShare * largest);
                if (slope[i] != 0) Decrement += slope[i] * slope[i] / curvature[i];
            }
        }

        public double Decrement { get; }

        /// <summary>The step that minimises the model within the radius, and the decrease it predicts.</summary>
        public (double[] Step, double Predicted) Step(double radius)
        {
            var lambda = Length(0) <= radius ? 0 : ShiftFor(radius);
            var step = new double[k];
            var predicted = 0.0;
            for (var i = 0; i < k; i++)
            {
                if (slope[i] == 0) continue;
                var along = -slope[i] / (curvature[i] + lambda);
                predicted -= (slope[i] * along) + (0.5 * curvature[i] * along * along);
                Vectors.AddScaled(along, vectors.AsSpan(i * k, k), step);
            }

            return (step, predicted);
        }

        private double Length(double lambda)
        {
            var sum = 0.0;
            for (var i = 0; i < k; i++)
            {
                if (slope[i] == 0) continue;
                var along = slope[i] / (curvature[i] + lambda);
                sum += along * along;
            }

            return Math.Sqrt(sum);
        }

        /// <summary>The shift that shortens the step to the radius, by bisection: the length falls monotonically.</summary>
        private double ShiftFor(double radius)
        {
            var low = 0.0;
            var high = Vectors.Norm(slope) / radius;
            for (var i = 0; i < 100 && high - low > 1e-6 * high; i++)
            {
                var middle = 0.5 * (low + high);
                if (Length(middle) > radius) low = middle;
                else high = middle;
            }

            return high;
        }
    }
}
