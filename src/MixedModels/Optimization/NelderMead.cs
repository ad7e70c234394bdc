using MixedModels.LinearAlgebra;

namespace MixedModels.Optimization;

/// <summary>A minimum found by comparing values alone.</summary>
/// <param name="Theta">The best point.</param>
/// <param name="Value">Its value.</param>
/// <param name="Iterations">Moves of the simplex.</param>
/// <param name="Evaluations">Evaluations.</param>
/// <param name="Converged">Whether the simplex shrank to its tolerance and a fresh one found nothing better.</param>
internal sealed record SimplexResult(double[] Theta, double Value, int Iterations, int Evaluations, bool Converged);

/// <summary>The derivative-free cross-check: a simplex whose coefficients adapt to the dimension, restarted until a restart gains nothing.</summary>
/// <remarks>Source: Nelder and Mead 1965; coefficients of Gao and Han 2012, Comput. Optim. Appl. 51, 259–277, eq. 4.1.</remarks>
internal static class NelderMead
{
    private const double FirstEdge = 0.2;

    /// <summary>Minimises a function; values that are not finite count as worse than all others.</summary>
    /// <param name="function">The function.</param>
    /// <param name="start">k parameters at which it is finite.</param>
    /// <param name="tolerance">The spread of values over the simplex, and the gain of a restart, at which to stop.</param>
    /// <param name="mostEvaluations">Evaluations in all.</param>
    /// <param name="cancellationToken">Checked once a move.</param>
    public static SimplexResult Minimize(
        Func<double[], double> function, double[] start, double tolerance, int mostEvaluations, CancellationToken cancellationToken)
    {
        var (best, iterations, evaluations) = (start, 0, 0);
        var value = function(start);
        for (var edge = FirstEdge; ; edge *= 0.5)
        {
            var simplex = new Simplex(function, best, edge);
            while (simplex.Spread > tolerance && evaluations + simplex.Evaluations < mostEvaluations)
            {
                cancellationToken.ThrowIfCancellationRequested();
                simplex.Move();
                iterations++;
            }

            evaluations += simplex.Evaluations;
            var gain = value - simplex.BestValue;
            (best, value) = (simplex.Best, simplex.BestValue);
            if (evaluations >= mostEvaluations) return new(best, value, iterations, evaluations, Converged: false);
            if (gain <= 10 * tolerance) return new(best, value, iterations, evaluations, Converged: true);
        }
    }

    private sealed class Simplex
    {
        private readonly Func<double[], double> function;
        private readonly int k;
        private readonly double[][] points;
        private readonly double[] values;

        public Simplex(Func<double[], double> function, double[] start, double edge)
        {
            this.function = function;
            k = start.Length;
            points = new double[k + 1][];
            values = new double[k + 1];
            for (var i = 0; i <= k; i++)
            {
                points[i] = (double[])start.Clone();
                if (i > 0) points[i][i - 1] += edge * Math.Max(0.25, Math.Abs(start[i - 1]));
                values[i] = Evaluate(points[i]);
            }

            Array.Sort(values, points);
        }

        public int Evaluations { get; private set; }

        public double[] Best => points[0];

        public double BestValue => values[0];

        public double Spread => values[k] - values[0];

        public void Move()
        {
            var (reflection, expansion) = (1.0, 1 + (2.0 / k));
            var contraction = 0.75 - (0.5 / k);
            var reflected = Along(reflection);
            var value = Evaluate(reflected);
            if (value < values[0])
            {
                var expanded = Along(expansion);
                var further = Evaluate(expanded);
                if (further < value) Replace(expanded, further);
                else Replace(reflected, value);
            }
            else if (k > 1 && value < values[k - 1])
            {
                Replace(reflected, value);
            }
            else
            {
                var contracted = Along(value < values[k] ? contraction : -contraction);
                var nearer = Evaluate(contracted);
                if (nearer < Math.Min(value, values[k])) Replace(contracted, nearer);
                else Shrink(1 - (1.0 / Math.Max(k, 2)));
            }
        }

        /// <summary>The point at centroid + t (centroid − worst).</summary>
        private double[] Along(double t)
        {
            var point = new double[k];
            for (var i = 0; i < k; i++) Vectors.AddScaled((1 + t) / k, points[i], point);
            Vectors.AddScaled(-t, points[k], point);
            return point;
        }

        private void Replace(double[] point, double value)
        {
            (points[k], values[k]) = (point, value);
            Array.Sort(values, points);
        }

        private void Shrink(double factor)
        {
            for (var i = 1; i <= k; i++)
            {
                for (var j = 0; j < k; j++) points[i][j] = points[0][j] + (factor * (points[i][j] - points[0][j]));
                values[i] = Evaluate(points[i]);
            }

            Array.Sort(values, points);
        }

        private double Evaluate(double[] point)
        {
            Evaluations++;
            var value = function(point);
            return double.IsFinite(value) ? value : double.MaxValue;
        }
    }
}
