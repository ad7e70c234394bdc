using MixedModels.Covariance;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Families;
using MixedModels.Inference.Marginal;

namespace MixedModels.Inference;

/// <summary>What a parameter of a linear mixed model is.</summary>
internal enum ParameterKind
{
    /// <summary>A fixed effect.</summary>
    Coefficient,

    /// <summary>The standard deviation of a random effect.</summary>
    Deviation,

    /// <summary>The correlation of two random effects of a term.</summary>
    Correlation,

    /// <summary>A parameter of a covariance structure beside standard deviations and free correlations.</summary>
    Structure,

    /// <summary>A parameter of the residuals' covariance beside sigma.</summary>
    Residual,

    /// <summary>The residual standard deviation.</summary>
    Sigma,

    /// <summary>A parameter of a generalized model's family, on its natural scale.</summary>
    Family,
}

/// <summary>One parameter: its name and where it stands.</summary>
/// <param name="Name">As in the tables of intervals.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Term">Its random term.</param>
/// <param name="First">Its fixed or random effect; of a correlation the first; its place among a structure's parameters, those of the residuals, or of the family.</param>
/// <param name="Second">The second effect of a correlation.</param>
internal sealed record ListedParameter(string Name, ParameterKind Kind, int Term = 0, int First = 0, int Second = 0);

/// <summary>
/// All parameters of a model in the order of its tables: fixed effects; of each random term standard deviations, then correlations;
/// the residual standard deviation. Immutable.
/// </summary>
internal sealed class ParameterList
{
    private readonly Func<int, double[], double[]> structureParameters;

    /// <summary>Lists the parameters.</summary>
    /// <param name="design">The design.</param>
    /// <param name="residual">Its residuals' structure; null for independent ones of one variance.</param>
    public ParameterList(ModelDesign design, ResidualData? residual)
    {
        Residual = residual is null ? null : new(design, residual);
        structureParameters = (t, covariance) => StructureParameters(design.RandomTerms[t], covariance);
        var list = new List<ListedParameter>();
        for (var j = 0; j < design.Fixed.ColumnNames.Count; j++) list.Add(new(design.Fixed.ColumnNames[j], ParameterKind.Coefficient, First: j));
        for (var t = 0; t < design.RandomTerms.Count; t++) AddTerm(list, design.RandomTerms[t], t);
        for (var k = 0; k < Residual?.All.Count; k++) list.Add(new(Residual.All[k].Name, ParameterKind.Residual, First: k));
        if (design.HasFreeResidual) list.Add(new("sigma", ParameterKind.Sigma));
        All = list;
        Names = [.. list.Select(parameter => parameter.Name)];
    }

    /// <summary>Lists those of a generalized model: the family's stand in the place of sigma, called <c>theta[nbinom2]</c>, or <c>sigma</c> of a Gaussian one.</summary>
    /// <param name="design">The design.</param>
    /// <param name="family">The family.</param>
    public ParameterList(ModelDesign design, Family family)
    {
        structureParameters = (t, covariance) => StructureParameters(design.RandomTerms[t], covariance);
        var list = new List<ListedParameter>();
        for (var j = 0; j < design.Fixed.ColumnNames.Count; j++) list.Add(new(design.Fixed.ColumnNames[j], ParameterKind.Coefficient, First: j));
        for (var t = 0; t < design.RandomTerms.Count; t++) AddTerm(list, design.RandomTerms[t], t);
        for (var k = 0; k < family.ParameterNames.Count; k++)
            list.Add(new(family.Name == "gaussian" ? "sigma" : $"{family.ParameterNames[k]}[{family.Name}]", ParameterKind.Family, First: k));
        All = list;
        Names = [.. list.Select(parameter => parameter.Name)];
    }

    /// <summary>The parameters of the residuals; null for independent ones of one variance.</summary>
    public ResidualParameters? Residual { get; }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<ListedParameter> All { get; }

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Their values, in order; a correlation with an effect that has no variance is NaN.</summary>
    /// <param name="coefficients">p fixed effects.</param>
    /// <param name="covariances">A term: the covariance of a level's effects (p_t×p_t).</param>
    /// <param name="sigma">The residual standard deviation, of the engine where residuals are dependent or unequal.</param>
    /// <param name="phi">Parameters of the residuals' covariance, or the natural ones of the family.</param>
    public double[] Values(IReadOnlyList<double> coefficients, IReadOnlyList<double[]> covariances, double sigma, ReadOnlySpan<double> phi)
    {
        var tau = Math.Log(sigma);
        var values = new double[All.Count];
        for (var k = 0; k < values.Length; k++)
        {
            var parameter = All[k];
            values[k] = parameter.Kind switch
            {
                ParameterKind.Coefficient => coefficients[parameter.First],
                ParameterKind.Deviation => Deviation(covariances[parameter.Term], parameter.First),
                ParameterKind.Structure => structureParameters(parameter.Term, covariances[parameter.Term])[parameter.First],
                ParameterKind.Correlation => Correlation(covariances[parameter.Term], parameter.First, parameter.Second),
                ParameterKind.Family => phi[parameter.First],
                ParameterKind.Residual => Residual!.All[parameter.First].At(phi, tau),
                _ => Residual?.Sigma.At(phi, tau) ?? sigma,
            };
        }

        return values;
    }

    /// <summary>The values at an optimum or on the way to one.</summary>
    /// <param name="data">The numbers.</param>
    /// <param name="layout">Where theta's parameters stand.</param>
    /// <param name="psi">theta, then phi.</param>
    /// <param name="s">sigma, standardised.</param>
    /// <param name="coefficients">p fixed effects.</param>
    public double[] ValuesAt(StandardizedData data, ThetaLayout layout, double[] psi, double s, IReadOnlyList<double> coefficients)
    {
        var (units, sigma) = (new UserUnits(data), data.Scale * s);
        var covariances = new double[layout.TermCount][];
        for (var t = 0; t < covariances.Length; t++)
        {
            covariances[t] = units.Covariance(t, RelativeCovariance.Of(layout.Structure(t), layout.Slice(psi, t)));
            LinearAlgebra.Vectors.Scale(sigma * sigma, covariances[t]);
        }

        return Values(coefficients, covariances, data.Data.HasResidual ? sigma : 0, psi.AsSpan(layout.Count));
    }

    /// <summary>The values at a fit.</summary>
    public double[] Values(LinearMixedModelFit fit) => Values(
        fit.Estimate.Coefficients, [.. fit.RandomTerms.Select(term => term.Covariance.Values.ToArray())], fit.Marginal is null ? fit.Sigma : fit.Estimate.Sigma, fit.Optimum.Phi);

    private static void AddTerm(List<ListedParameter> list, RandomTermDesign term, int t)
    {
        var names = term.ColumnNames;
        if (new EffectStructure(term.Structure, 0).HasOneVariance) list.Add(new($"sd[{term.Group}].{term.Structure}", ParameterKind.Deviation, t));
        else for (var i = 0; i < names.Count; i++) list.Add(new($"sd[{term.Group}].{names[i]}", ParameterKind.Deviation, t, i));
        for (var i = 0; i < names.Count && term.Structure is "us" or "rr"; i++)
        {
            for (var j = i + 1; j < names.Count; j++) list.Add(new($"cor[{term.Group}].{names[i]}.{names[j]}", ParameterKind.Correlation, t, i, j));
        }

        var parameters = Structure(term).NaturalParameters(new double[Structure(term).ParameterCount]);
        for (var k = 0; k < parameters.Count; k++) list.Add(new($"{parameters[k].Name}[{term.Group}].{term.Structure}", ParameterKind.Structure, t, k));
    }

    private static double[] StructureParameters(RandomTermDesign term, double[] covariance)
    {
        var structure = Structure(term);
        var theta = new double[structure.ParameterCount];
        structure.FromCovariance(covariance, theta);
        return [.. structure.NaturalParameters(theta).Select(parameter => parameter.Value)];
    }

    private static CovarianceStructure Structure(RandomTermDesign term) =>
        CovarianceCatalogue.Create(term.Structure, term.ColumnNames.Count, term.Rank, term.Positions.Span);

    private static double Deviation(double[] covariance, int i) => Math.Sqrt(Math.Max(0, covariance[i * (Dimension(covariance) + 1)]));

    private static double Correlation(double[] covariance, int i, int j)
    {
        var deviations = Deviation(covariance, i) * Deviation(covariance, j);
        return deviations > 0 ? Math.Clamp(covariance[j + (i * Dimension(covariance))] / deviations, -1, 1) : double.NaN;
    }

    private static int Dimension(double[] covariance) => (int)Math.Round(Math.Sqrt(covariance.Length));
}
