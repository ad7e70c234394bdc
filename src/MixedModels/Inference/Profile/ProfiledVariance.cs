using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A standard deviation, a correlation or sigma, held at a value. A state is Phi of <see cref="UnprofiledDeviance"/>, in a basis in which
/// the held parameter is a coordinate: the columns of its term are reordered so that its effects come first, and scaled to unit mean square.
/// </summary>
/// <remarks>
/// With the effect first, C₁₁ = sd. With two effects first, (C₂₁, C₂₂) = sd₂(ρ, √(1 − ρ²)), and C₁₁ = sd₁: both are kept positive by their
/// logarithms, since ρ would change its sign with either. At sd = 0 the rest of the effect's column of C is 0 too; at ρ = ±1, C₂₂ = 0.
/// </remarks>
internal sealed class ProfiledVariance : IProfiledParameter
{
    /// <summary>The Newton decrement at which a search ends: far below what a profile shows.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>From an estimate of 0 the first step goes to this share of sigma, in the effect's own unit.</summary>
    private const double LeastShare = 0.1;

    private readonly UnprofiledDeviance deviance;
    private readonly int[] diagonal;
    private readonly int first;
    private readonly ParameterList list;
    private readonly ListedParameter parameter;
    private readonly LinearProblem problem;
    private readonly double unit;
    private readonly UserUnits units;

    /// <summary>Puts a model's optimum into the coordinates of one of its parameters.</summary>
    /// <param name="problem">The problem, by the criterion of the profile.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="parameter">This one; no fixed effect.</param>
    /// <param name="theta">The optimum.</param>
    /// <param name="values">All parameters there.</param>
    public ProfiledVariance(LinearProblem problem, ParameterList list, ListedParameter parameter, double[] theta, double[] values)
    {
        (this.problem, this.list, this.parameter) = (problem, list, parameter);
        units = new(problem.Data);
        var layout = Layout(problem, parameter);
        deviance = new(problem.Deviance.With(layout));
        first = layout.Start(parameter.Term) + (parameter.Kind == ParameterKind.Deviation && IsDiagonal ? parameter.First : 0);
        diagonal = VanishedVariances.DiagonalEntries(layout);
        unit = parameter.Kind == ParameterKind.Deviation ? problem.Data.Scale / ColumnSize(problem.Data, parameter.Term, parameter.First) : problem.Data.Scale;
        var sigma = values[^1];
        OptimalState = UnprofiledDeviance.Coordinates(layout.Translate(problem.Deviance.Layout, theta), sigma / problem.Data.Scale);
        Estimate = values[list.All.ToList().IndexOf(parameter)];
        var levels = parameter.Kind == ParameterKind.Sigma ? problem.Deviance.nu : problem.Data.Data.Terms[parameter.Term].LevelCount;
        FirstStep = parameter.Kind == ParameterKind.Correlation
            ? Math.Min(0.5 * (1 - (Estimate * Estimate)) / Math.Sqrt(levels), 0.25)
            : 0.5 * Math.Max(Estimate, unit * Math.Exp(OptimalState[^1]) * LeastShare) / Math.Sqrt(2.0 * levels);
        if (parameter.Kind == ParameterKind.Correlation) FirstStep = Math.Max(FirstStep, 0.02);
    }

    /// <inheritdoc/>
    public double Estimate { get; }

    /// <inheritdoc/>
    public double LowerBound => parameter.Kind == ParameterKind.Correlation ? -1 : 0;

    /// <inheritdoc/>
    public double UpperBound => parameter.Kind == ParameterKind.Correlation ? 1 : double.PositiveInfinity;

    /// <inheritdoc/>
    public double FirstStep { get; }

    /// <inheritdoc/>
    public double[] OptimalState { get; }

    private bool IsDiagonal => problem.Data.Data.Terms[parameter.Term].Structure is Diagonal;

    private int Size => problem.Data.Data.Terms[parameter.Term].Dimension;

    /// <inheritdoc/>
    public ConstrainedOptimum At(double value, double[] start, CancellationToken cancellationToken)
    {
        var Phi = VanishedVariances.Enliven(start, diagonal, Math.Exp(start[^1]));
        if (parameter.Kind == ParameterKind.Sigma && value <= 0) return new(value, double.PositiveInfinity, Phi, [.. list.All.Select(_ => double.NaN)], Converged: true);
        var slice = parameter.Kind switch
        {
            ParameterKind.Sigma => HoldSigma(Phi, value),
            ParameterKind.Deviation => HoldDeviation(Phi, value),
            _ => HoldCorrelation(Phi, value),
        };
        var begin = slice.Evaluate(slice.Start);
        var converged = double.IsFinite(begin.Value);
        if (converged && slice.Dimension > 0)
        {
            var result = TrustRegion.Minimize(slice, begin, TrustRegion.FirstRadius(begin.Theta), Tolerance, cancellationToken);
            (begin, converged) = (result.Point, result.Converged);
        }

        var state = slice.Phi(begin.Theta);
        return new(value, begin.Value, state, Parameters(state), converged);
    }

    private DevianceSlice HoldSigma(double[] Phi, double value)
    {
        Phi[^1] = Math.Log(value / unit);
        return new(deviance, Phi, [.. Enumerable.Range(0, Phi.Length - 1).Select(k => FreeDirection.Coordinate(k))]);
    }

    private DevianceSlice HoldDeviation(double[] Phi, double value)
    {
        var held = new List<int> { first };
        Phi[first] = value / unit;
        if (value == 0 && !IsDiagonal)
        {
            // The column of a vanished effect only repeats what the others can say.
            MoveToOtherColumns(Phi);
            held.AddRange(Enumerable.Range(first + 1, Size - 1));
        }

        return new(deviance, Phi, [.. Enumerable.Range(0, Phi.Length).Except(held).Select(k => FreeDirection.Coordinate(k))]);
    }

    /// <summary>Without its first effect the covariance of the others is c c' + C C'; it becomes C C' alone.</summary>
    private void MoveToOtherColumns(double[] Phi)
    {
        var p = Size;
        var C = new double[p * p];
        for (int j = 0, k = first; j < p; j++)
        {
            for (var i = j; i < p; i++, k++) C[i + (j * p)] = i == 0 ? 0 : Phi[k];
        }

        var G = new double[p * p];
        Product.Add(1, C, p, false, C, p, true, G, p, p, p, p);
        SemidefiniteCholesky.Factor(G, p, C);
        for (int j = 0, k = first; j < p; j++)
        {
            for (var i = j; i < p; i++, k++) Phi[k] = C[i + (j * p)];
        }
    }

    private DevianceSlice HoldCorrelation(double[] Phi, double value)
    {
        var (row, corner) = (first + 1, first + Size);
        var along = double.Hypot(Phi[row], Phi[corner]);
        var root = Math.Sqrt(Math.Max(0, 1 - (value * value)));
        Phi[first] = Math.Abs(Phi[first]);
        (Phi[row], Phi[corner]) = (along * value, along * root);
        return new(deviance, Phi, [
            FreeDirection.Positive([first], [1]),
            FreeDirection.Positive([row, corner], [value, root]),
            .. Enumerable.Range(0, Phi.Length).Where(k => k != first && k != row && k != corner).Select(k => FreeDirection.Coordinate(k)),
        ]);
    }

    /// <summary>All parameters at a state; the fixed effects are those of the last evaluation there.</summary>
    private double[] Parameters(double[] Phi)
    {
        var (data, profiled) = (problem.Data, deviance.Profiled);
        var theta = UnprofiledDeviance.Theta(Phi);
        if (!double.IsFinite(profiled.Value(theta)))
            return [.. list.All.Select(_ => double.NaN)];
        var sigma = data.Scale * Math.Exp(Phi[^1]);
        var covariances = new double[profiled.Layout.TermCount][];
        for (var t = 0; t < covariances.Length; t++)
        {
            covariances[t] = units.Covariance(t, RelativeCovariance.Of(profiled.Layout.Structure(t), profiled.Layout.Slice(theta, t)));
            Vectors.Scale(sigma * sigma, covariances[t]);
        }

        return list.Values(UserUnits.Coefficients(data, profiled.beta), covariances, sigma);
    }

    private static ThetaLayout Layout(LinearProblem problem, ListedParameter parameter)
    {
        var terms = problem.Data.Data.Terms;
        return new(terms.Select((term, t) =>
            parameter.Kind != ParameterKind.Sigma && t == parameter.Term && term.Structure is Unstructured
                ? InOrder(problem.Data, t, parameter.Kind == ParameterKind.Correlation ? [parameter.First, parameter.Second] : [parameter.First])
                : term.Structure));
    }

    /// <summary>
    /// The structure over the user's effects, scaled and in another order: with G* = K G K', G = S⁻¹P'C C'P S⁻¹, its basis is K S⁻¹P', P putting
    /// the leading effects first and S the sizes of the columns of Z.
    /// </summary>
    private static Unstructured InOrder(StandardizedData data, int term, int[] leading)
    {
        var p = data.Data.Terms[term].Dimension;
        var K = data.K[term];
        var inverseK = new UserUnits(data).InverseK(term);
        int[] order = [.. leading, .. Enumerable.Range(0, p).Except(leading)];
        var basis = new double[p * p];
        var inverse = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            var size = ColumnSize(data, term, order[j]);
            for (var i = 0; i < p; i++)
            {
                basis[i + (j * p)] = K[i + (order[j] * p)] / size;
                inverse[j + (i * p)] = inverseK[order[j] + (i * p)] * size;
            }
        }

        return new(p, basis, inverse);
    }

    /// <summary>The root mean square of a column of Z, that of its column of K as Z* has unit mean square.</summary>
    private static double ColumnSize(StandardizedData data, int term, int column)
    {
        var p = data.Data.Terms[term].Dimension;
        return Vectors.Norm(data.K[term].AsSpan(column * p, p));
    }
}
