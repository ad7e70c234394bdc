using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A fixed effect held at b: the model of y − b·x without the column x, by maximum likelihood. X and Z stay as they are for every b, so a
/// value costs a pass over the response and a short search. A state is theta, then phi.
/// </summary>
internal sealed class ProfiledCoefficient : IProfiledParameter, IDisposable
{
    /// <summary>The Newton decrement at which a search ends: far below what a profile shows.</summary>
    private const double Tolerance = 1e-10;

    private readonly StandardizedData data;
    private readonly int index;
    private readonly ParameterList list;
    private readonly CriterionProblem problem;
    private readonly double[] x;
    private readonly double[] y;

    /// <summary>Takes the column out of X.</summary>
    /// <param name="full">The numbers of the model.</param>
    /// <param name="residual">The residuals' structure; null for independent ones of one variance.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="index">Which fixed effect.</param>
    /// <param name="psi">The optimum.</param>
    /// <param name="values">All parameters there.</param>
    /// <param name="standardError">The fixed effect's standard error there.</param>
    /// <param name="threads">Threads for large blocks.</param>
    public ProfiledCoefficient(
        LinearData full, ResidualData? residual, ParameterList list, int index, double[] psi, double[] values, double standardError, int? threads)
    {
        (this.list, this.index) = (list, index);
        var n = full.n;
        x = full.X.Span.Slice(index * n, n).ToArray();
        double[] others = [.. full.X.Span[..(index * n)], .. full.X.Span[((index + 1) * n)..]];
        Estimate = values[index];
        FirstStep = 0.5 * standardError;
        y = full.y.ToArray();
        data = new(full with { p = full.p - 1, X = others, y = Without(Estimate) });
        problem = CriterionProblem.For(data, residual, reml: false, threads);
        OptimalState = psi;
    }

    /// <inheritdoc/>
    public double Estimate { get; }

    /// <inheritdoc/>
    public double LowerBound => double.NegativeInfinity;

    /// <inheritdoc/>
    public double UpperBound => double.PositiveInfinity;

    /// <inheritdoc/>
    public double FirstStep { get; }

    /// <inheritdoc/>
    public double[] OptimalState { get; }

    /// <inheritdoc/>
    public ConstrainedOptimum At(double value, double[] start, CancellationToken cancellationToken)
    {
        problem.ReplaceResponse(data.WithResponse(Without(value)));
        var criterion = problem.Criterion;
        var psi = VanishedVariances.Enliven(start, VanishedVariances.DiagonalEntries(criterion.Layout), 1);
        var point = psi.Length == 0 ? new SmoothPoint([], criterion.Value([]), [], []) : criterion.Evaluate(psi);
        var converged = double.IsFinite(point.Value);
        if (converged && psi.Length > 0)
        {
            var result = TrustRegion.Minimize(criterion, point, TrustRegion.FirstRadius(psi), Tolerance, cancellationToken);
            (point, converged) = (result.Point, result.Converged);
        }

        return new(value, point.Value, point.Theta, Parameters(value, point.Theta), converged);
    }

    /// <inheritdoc/>
    public void Dispose() => problem.Dispose();

    private double[] Without(double b)
    {
        var rest = (double[])y.Clone();
        Vectors.AddScaled(-b, x, rest);
        return rest;
    }

    private double[] Parameters(double value, double[] psi)
    {
        var criterion = problem.Criterion;
        if (!double.IsFinite(criterion.Value(psi))) return [.. list.All.Select(_ => double.NaN)];
        var others = UserUnits.Coefficients(problem.Data, criterion.beta);
        return list.ValuesAt(problem.Data, criterion.Layout, psi, Math.Sqrt(criterion.r2 / criterion.nu), [.. others[..index], value, .. others[index..]]);
    }
}
