using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>
/// A standard deviation or a correlation of an unstructured or diagonal term as coordinates of a state: the columns of the term are reordered so that its
/// effects come first, and scaled to unit mean square. Immutable.
/// </summary>
/// <remarks>
/// With the effect first, C₁₁ = sd. With two effects first, (C₂₁, C₂₂) = sd₂(ρ, √(1 − ρ²)), and C₁₁ = sd₁: both are kept positive by their
/// logarithms, since ρ would change its sign with either. At sd = 0 the rest of the effect's column of C is 0 too; at ρ = ±1, C₂₂ = 0.
/// </remarks>
internal sealed class LeadingEffects
{
    private readonly int first;
    private readonly bool isDiagonal;
    private readonly int size;

    /// <summary>Orders the effects of a term.</summary>
    /// <param name="data">The standardised numbers.</param>
    /// <param name="parameter">The standard deviation or correlation.</param>
    public LeadingEffects(StandardizedData data, ListedParameter parameter)
    {
        var terms = data.Data.Terms;
        (isDiagonal, size) = (terms[parameter.Term].Structure is Diagonal, terms[parameter.Term].Dimension);
        Layout = new(terms.Select((term, t) => t == parameter.Term && term.Structure is Unstructured
            ? InOrder(data, t, parameter.Kind == ParameterKind.Correlation ? [parameter.First, parameter.Second] : [parameter.First])
            : term.Structure));
        first = Layout.Start(parameter.Term) + (parameter.Kind == ParameterKind.Deviation && isDiagonal ? parameter.First : 0);
        ColumnSize = SizeOf(data, parameter.Term, parameter.First);
    }

    /// <summary>The parameters of all terms in these coordinates.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>The root mean square of the effect's column of Z: a standard deviation is its coordinate over this.</summary>
    public double ColumnSize { get; }

    /// <summary>The deviance where the standard deviation is held.</summary>
    /// <param name="deviance">The deviance over states that begin with the parameters of <see cref="Layout"/>.</param>
    /// <param name="Phi">A state nearby, changed.</param>
    /// <param name="coordinate">The value of its coordinate.</param>
    public DevianceSlice HoldDeviation(ISmoothObjective deviance, double[] Phi, double coordinate)
    {
        var held = new List<int> { first };
        Phi[first] = coordinate;
        if (coordinate == 0 && !isDiagonal)
        {
            // The column of a vanished effect only repeats what the others can say.
            MoveToOtherColumns(Phi);
            held.AddRange(Enumerable.Range(first + 1, size - 1));
        }

        return new(deviance, Phi, [.. Enumerable.Range(0, Phi.Length).Except(held).Select(k => FreeDirection.Coordinate(k))]);
    }

    /// <summary>The deviance where the correlation is held.</summary>
    /// <param name="deviance">The deviance over states that begin with the parameters of <see cref="Layout"/>.</param>
    /// <param name="Phi">A state nearby, changed.</param>
    /// <param name="value">The correlation.</param>
    public DevianceSlice HoldCorrelation(ISmoothObjective deviance, double[] Phi, double value)
    {
        var (row, corner) = (first + 1, first + size);
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

    /// <summary>Without its first effect the covariance of the others is c c' + C C'; it becomes C C' alone.</summary>
    private void MoveToOtherColumns(double[] Phi)
    {
        var p = size;
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
            var root = SizeOf(data, term, order[j]);
            for (var i = 0; i < p; i++)
            {
                basis[i + (j * p)] = K[i + (order[j] * p)] / root;
                inverse[j + (i * p)] = inverseK[order[j] + (i * p)] * root;
            }
        }

        return new(p, basis, inverse);
    }

    /// <summary>The root mean square of a column of Z, that of its column of K as Z* has unit mean square.</summary>
    private static double SizeOf(StandardizedData data, int term, int column)
    {
        var p = data.Data.Terms[term].Dimension;
        return Vectors.Norm(data.K[term].AsSpan(column * p, p));
    }
}
