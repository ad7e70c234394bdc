using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>
/// Henderson's mixed model equations for given variances, to look at and to learn from: coefficient matrix, right-hand side, best linear
/// unbiased estimates and predictions (BLUE and BLUP), and their covariances. Immutable and safe for concurrent reading.
/// </summary>
/// <remarks>
/// The unknowns are the p fixed effects, then for each random term its levels in order, each with its p_t effects. Everything is dense, up to
/// <see cref="OrderLimit"/> unknowns. A fit solves other equations, which never invert a covariance.
/// Source: Henderson 1975, Best linear unbiased estimation and prediction under a selection model, Biometrics 31, 423–447.
/// </remarks>
public sealed class HendersonEquations
{
    /// <summary>The most unknowns there may be: matrices of 200 MB, solved in seconds.</summary>
    public const int OrderLimit = 5_000;

    // A variance that is less than this share of itself given the effects before it has no inverse worth showing.
    private const double SingularShare = 1e-12;

    private readonly MixedModelEquations equations;
    private readonly ModelDesign design;
    private readonly Lazy<Matrix> inverse;

    private HendersonEquations(ModelDesign design, MixedModelEquations equations)
    {
        (this.design, this.equations) = (design, equations);
        Names = [.. design.Fixed.ColumnNames, .. design.RandomTerms.SelectMany(NamesOf)];
        CoefficientMatrix = new(equations.Order, equations.Order, equations.Coefficients);
        inverse = new(() => new(equations.Order, equations.Order, equations.Inverse()));
    }

    /// <summary>The unknowns' names: <c>Days</c> for a fixed effect, <c>Subject[308].Days</c> for a random one.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of fixed effects p, the first unknowns.</summary>
    public int FixedCount => design.Fixed.ColumnNames.Count;

    /// <summary>[X'R⁻¹X  X'R⁻¹Z; Z'R⁻¹X  Z'R⁻¹Z + G⁻¹], order × order.</summary>
    public Matrix CoefficientMatrix { get; }

    /// <summary>[X'R⁻¹y; Z'R⁻¹y], y less the offset.</summary>
    public ReadOnlyMemory<double> RightHandSide => equations.RightHandSide;

    /// <summary>BLUE of the fixed effects, then BLUP of the random ones.</summary>
    public ReadOnlyMemory<double> Solution => equations.Solution;

    /// <summary>
    /// The inverse of the coefficient matrix, order × order: covariance of the BLUE, then of BLUE and prediction error, then of the prediction
    /// errors (BLUP less true effect). O(order³) when first asked for.
    /// </summary>
    public Matrix Inverse => inverse.Value;

    /// <summary>Makes the equations of a design and solves them.</summary>
    /// <param name="design">The design, made by <see cref="LinearMixedModel.Prepare"/>.</param>
    /// <param name="covariances">The covariance of one level's effects, a p_t×p_t matrix a random term, on the response's scale squared; invertible.</param>
    /// <param name="sigma">The residual standard deviation of a row of weight 1; positive.</param>
    /// <exception cref="ArgumentException">The covariances do not belong to the design, or one is singular.</exception>
    /// <exception cref="DataException">There are more than <see cref="OrderLimit"/> unknowns, or no residual is left.</exception>
    public static HendersonEquations Create(ModelDesign design, IReadOnlyList<Matrix> covariances, double sigma)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(covariances);
        if (!(double.IsFinite(sigma) && sigma > 0))
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The residual standard deviation must be positive and finite.");
        LinearParameters.RequireMatch(design, covariances);
        ResidualLimits.RequireIndependent(design, "Henderson's equations for given parameters", "Ask for those of a fit, which has the parameters of R");
        return Create(design, covariances, sigma, whiten: null);
    }

    /// <summary>Makes the equations of a fit at its estimates, with R of its residual structure and variance functions where it has them.</summary>
    /// <param name="fit">The fit, without a singular term.</param>
    /// <exception cref="ArgumentException">A covariance of random effects is singular.</exception>
    /// <exception cref="DataException">There are more than <see cref="OrderLimit"/> unknowns, or no residual is left.</exception>
    public static HendersonEquations Of(LinearMixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.Sigma <= 0) throw new DataException("The fit has no residual variance, and these equations contain R⁻¹. Use its own coefficients and conditional modes.");
        Matrix[] covariances = [.. fit.RandomTerms.Select(term => term.Covariance)];
        var n = fit.Observations;
        return fit.Marginal is { } marginal
            ? Create(fit.Design, covariances, fit.Estimate.Sigma, matrix => marginal.Whitening.Apply(matrix, n))
            : Create(fit.Design, covariances, fit.Sigma, whiten: null);
    }

    private static HendersonEquations Create(ModelDesign design, IReadOnlyList<Matrix> covariances, double sigma, Func<double[], double[]>? whiten)
    {
        var data = LinearData.From(design);
        var order = MixedModelEquations.OrderOf(data);
        if (order > OrderLimit)
        {
            throw new DataException(
                $"The mixed model equations have {order} unknowns ({data.p} fixed, {order - data.p} random effects); written out densely they go to {OrderLimit}. Use a fit's own coefficients and conditional modes.");
        }

        var inverseG = covariances.Select((G, t) => InverseOf(G, design.Formula.RandomTerms[t].Text, design.RandomTerms[t].ColumnNames)).ToArray();
        var system = new MixedModelEquations(data, inverseG, sigma, whiten);
        return system.IsSolved
            ? new(design, system)
            : throw new ArgumentException("The variances differ by so many powers of ten that the equations cannot be solved in double precision.", nameof(covariances));
    }

    private static IEnumerable<string> NamesOf(RandomTermDesign term) =>
        term.Levels.SelectMany(level => term.ColumnNames.Select(column => $"{term.Group}[{level}].{column}"));

    private static double[] InverseOf(Matrix covariance, string term, IReadOnlyList<string> effects)
    {
        var p = covariance.Rows;
        var L = covariance.Values.ToArray();
        var failed = Cholesky.Factor(L, p, p);
        for (var j = 0; j < p && failed < 0; j++)
        {
            if (L[j * (p + 1)] * L[j * (p + 1)] <= SingularShare * covariance[j, j]) failed = j;
        }

        if (failed >= 0)
        {
            var given = failed == 0 ? "" : $" once {string.Join(", ", effects.Take(failed))} {(failed == 1 ? "is" : "are")} known";
            throw new ArgumentException(
                $"The covariance of {term} has no inverse: '{effects[failed]}' has no variance left{given}, and these equations contain G⁻¹. "
                + "Leave that effect out of the term; a fit needs no such thing, because it never inverts G.",
                nameof(covariance));
        }

        SymmetricInverse.FromCholesky(L, p, p);
        Symmetric.MirrorLower(L, p, p);
        return L;
    }
}
