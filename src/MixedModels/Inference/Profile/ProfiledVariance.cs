using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A standard deviation, a correlation or sigma, held at a value. A state is Phi of <see cref="UnprofiledDeviance"/>, in a basis in which
/// the held parameter is a coordinate: the columns of its term are reordered so that its effects come first, and scaled to unit mean square.
/// </summary>
/// <remarks>
/// With the effect first, C₁₁ = sd. With two effects first, (C₂₁, C₂₂) = sd₂(ρ, √(1 − ρ²)), and C₁₁ = sd₁: both are kept positive by their
/// logarithms, since ρ would change its sign with either. At sd = 0 the rest of the effect's column of C is 0 too; at ρ = ±1, C₂₂ = 0.
/// </remarks>
internal sealed class ProfiledVariance : HeldParameter
{
    /// <summary>From an estimate of 0 the first step goes to this share of sigma, in the effect's own unit.</summary>
    private const double LeastShare = 0.1;

    private readonly int first;
    private readonly ListedParameter parameter;
    private readonly double unit;

    /// <summary>Puts a model's optimum into the coordinates of one of its parameters.</summary>
    /// <param name="problem">The problem, by the criterion of the profile.</param>
    /// <param name="list">All parameters.</param>
    /// <param name="parameter">This one: a standard deviation or correlation of <c>us</c> or <c>diag</c>, or sigma.</param>
    /// <param name="psi">The optimum.</param>
    /// <param name="values">All parameters there.</param>
    public ProfiledVariance(CriterionProblem problem, ParameterList list, ListedParameter parameter, double[] psi, double[] values)
        : base(problem, list, Layout(problem, parameter), psi, values[list.All.ToList().IndexOf(parameter)])
    {
        this.parameter = parameter;
        first = Deviance.Profiled.Layout.Start(parameter.Term) + (parameter.Kind == ParameterKind.Deviation && IsDiagonal ? parameter.First : 0);
        unit = parameter.Kind == ParameterKind.Deviation ? problem.Data.Scale / ColumnSize(problem.Data, parameter.Term, parameter.First) : problem.Data.Scale;
        var levels = parameter.Kind == ParameterKind.Sigma ? problem.Criterion.nu : problem.Data.Data.Terms[parameter.Term].LevelCount;
        FirstStep = parameter.Kind == ParameterKind.Correlation
            ? Math.Max(Math.Min(0.5 * (1 - (Estimate * Estimate)) / Math.Sqrt(levels), 0.25), 0.02)
            : 0.5 * Math.Max(Estimate, unit * OptimalState[^1] * LeastShare) / Math.Sqrt(2.0 * levels);
    }

    /// <inheritdoc/>
    public override double LowerBound => parameter.Kind switch { ParameterKind.Correlation => -1, ParameterKind.Sigma => LeastSigma * Estimate, _ => 0 };

    /// <inheritdoc/>
    public override double UpperBound => parameter.Kind == ParameterKind.Correlation ? 1 : double.PositiveInfinity;

    /// <inheritdoc/>
    public override ParameterRange Limits => parameter.Kind == ParameterKind.Sigma ? ParameterRange.Positive : base.Limits;

    /// <inheritdoc/>
    public override double FirstStep { get; }

    private bool IsDiagonal => Problem.Data.Data.Terms[parameter.Term].Structure is Diagonal;

    private int Size => Problem.Data.Data.Terms[parameter.Term].Dimension;

    /// <inheritdoc/>
    protected override IDevianceSlice Hold(double[] Phi, double value) => parameter.Kind switch
    {
        ParameterKind.Sigma => HoldSigma(Phi, value),
        ParameterKind.Deviation => HoldDeviation(Phi, value),
        _ => HoldCorrelation(Phi, value),
    };

    private DevianceSlice HoldSigma(double[] Phi, double value)
    {
        Phi[^1] = value / unit;
        return new(Deviance, Phi, [.. Enumerable.Range(0, Phi.Length - 1).Select(k => FreeDirection.Coordinate(k))]);
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

        return new(Deviance, Phi, [.. Enumerable.Range(0, Phi.Length).Except(held).Select(k => FreeDirection.Coordinate(k))]);
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
        return new(Deviance, Phi, [
            FreeDirection.Positive([first], [1]),
            FreeDirection.Positive([row, corner], [value, root]),
            .. Enumerable.Range(0, Phi.Length).Where(k => k != first && k != row && k != corner).Select(k => FreeDirection.Coordinate(k)),
        ]);
    }

    private static ThetaLayout Layout(CriterionProblem problem, ListedParameter parameter)
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
