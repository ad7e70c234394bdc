using MixedModels.Covariance;
using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.Inference.Marginal;
using MixedModels.Numerics;

namespace MixedModels.Inference.Profile;

/// <summary>Profiles the parameters of a linear mixed model one after the other.</summary>
internal sealed class LinearProfiler
{
    private readonly LinearMixedModelFit fit;
    private readonly ProfileOptions options;
    private readonly ParameterList list;
    private readonly List<Finding> findings = [];

    private LinearProfiler(LinearMixedModelFit fit, ProfileOptions options) =>
        (this.fit, this.options, list) = (fit, options, new ParameterList(fit.Design, fit.Marginal?.Residual));

    /// <summary>Where the residual has vanished the likelihood ends at sigma = 0, and what is beyond the end has no profile.</summary>
    private bool HasVariances => !fit.Optimum.IsWithoutResidual;

    private bool IsReml => options.Criterion == EstimationCriterion.Reml;

    /// <summary>Profiles a fit.</summary>
    public static LikelihoodProfile Profile(LinearMixedModelFit fit, ProfileOptions options, CancellationToken cancellationToken) =>
        new LinearProfiler(fit, options).Run(cancellationToken);

    private LikelihoodProfile Run(CancellationToken cancellationToken)
    {
        var wanted = Wanted();
        var data = new StandardizedData(LinearData.From(fit.Design));
        using var problem = CriterionProblem.For(data, fit.Marginal?.Residual, IsReml, fit.Model.Options.Threads);
        var psi = CriterionProblem.Parameters(fit.Optimum);
        if (fit.Criterion != options.Criterion) psi = Refit(problem, psi, cancellationToken);
        var criterion = problem.Criterion;
        var minimum = criterion.Value(psi);
        var values = list.ValuesAt(data, criterion.Layout, psi, Math.Sqrt(criterion.r2 / criterion.nu), UserUnits.Coefficients(data, criterion.beta));
        var cutOff = ParameterProfile.CutOff(options.Level);
        var profiles = new List<ParameterProfile>();
        foreach (var parameter in wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            profiles.Add(Trace(parameter, problem, psi, values, minimum, cutOff, cancellationToken));
        }

        findings.AddRange(ProfileFindings.Of(profiles));
        return new(options.Criterion, minimum, list.Names, profiles, findings);
    }

    private ParameterProfile Trace(
        ListedParameter parameter, CriterionProblem problem, double[] psi, double[] values, double minimum, double cutOff, CancellationToken cancellationToken)
    {
        if (parameter.Kind == ParameterKind.Coefficient)
        {
            var p = fit.Design.Fixed.ColumnNames.Count;
            var error = Math.Sqrt(fit.CoefficientCovariance.Values.Span[parameter.First * (p + 1)]);
            using var coefficient = new ProfiledCoefficient(
                problem.Data.Data, fit.Marginal?.Residual, list, parameter.First, psi, values, error, fit.Model.Options.Threads);
            return ProfileTracer.Trace(parameter.Name, coefficient, minimum, values, cutOff, cancellationToken);
        }

        var estimate = values[list.All.ToList().IndexOf(parameter)];
        return double.IsNaN(estimate) || IsFixed(parameter, problem.Criterion.Layout)
            ? Untraced(parameter, estimate, cutOff)
            : ProfileTracer.Trace(parameter.Name, Held(parameter, problem, psi, values, estimate), minimum, values, cutOff, cancellationToken);
    }

    private HeldParameter Held(ListedParameter parameter, CriterionProblem problem, double[] psi, double[] values, double estimate)
    {
        ProfiledFunction Function(Func<double[], Jet> function, ParameterRange range) => new(problem, list, psi, estimate, function, range);
        if (parameter.Kind == ParameterKind.Residual) return OfResiduals(list.Residual!.All[parameter.First]);
        if (parameter.Kind == ParameterKind.Sigma && list.Residual is { } residual) return OfResiduals(residual.Sigma);
        if (parameter.Kind == ParameterKind.Sigma) return new ProfiledVariance(problem, list, parameter, psi, values);
        var structure = problem.Criterion.Layout.Structure(parameter.Term);
        if (structure is Unstructured or Diagonal) return new ProfiledVariance(problem, list, parameter, psi, values);
        if (StructureCoordinate.IsOne(structure, parameter, estimate)) return new ProfiledCoordinate(problem, list, parameter, psi, values);
        var (function, range) = ParameterFunctions.OfTerm(TermCoordinates.Of(problem), parameter);
        return Function(function, range);

        ProfiledFunction OfResiduals(ResidualParameter own) => Function(ParameterFunctions.OfResiduals(problem, own), own.Range);
    }

    /// <summary>Effects that share one latent variable are correlated by ±1 whatever the data say.</summary>
    internal static bool IsFixed(ListedParameter parameter, ThetaLayout layout) =>
        parameter.Kind == ParameterKind.Correlation && layout.Structure(parameter.Term) is ReducedRank { FullRank: 1 };

    /// <summary>The profile of a parameter that is not defined, or always the same.</summary>
    internal static ParameterProfile Untraced(ListedParameter parameter, double estimate, double cutOff)
    {
        var (lower, upper) = double.IsNaN(estimate) ? (-1, 1) : (estimate, estimate);
        return new(parameter.Name, estimate, cutOff, lower, upper, []);
    }

    private double[] Refit(CriterionProblem problem, double[] psi, CancellationToken cancellationToken)
    {
        findings.Add(ProfileFindings.Refitted(fit.Criterion));
        var diagonal = VanishedVariances.DiagonalEntries(problem.Criterion.Layout);
        var optimum = problem.Minimize(VanishedVariances.Enliven(psi, diagonal, 1), cancellationToken);
        if (!optimum.Proved) findings.Add(ProfileFindings.NotConverged());
        return CriterionProblem.Parameters(optimum);
    }

    private List<ListedParameter> Wanted()
    {
        if (options.Parameters is { } names)
        {
            var wanted = names.Select(Find).ToList();
            if (!HasVariances && wanted.Find(parameter => parameter.Kind != ParameterKind.Coefficient) is { } variance)
            {
                throw new InferenceException(
                    $"'{variance.Name}' has no profile where the residual variance has run to zero. Fit without one (--dispersion \"~0\"), or use the bootstrap.");
            }

            return IsReml && wanted.Find(parameter => parameter.Kind == ParameterKind.Coefficient) is { } coefficient
                ? throw new InferenceException(
                    $"The REML criterion has no profile for the fixed effect '{coefficient.Name}': it does not depend on the fixed effects. Profile it by maximum likelihood.")
                : wanted;
        }

        if (!HasVariances)
        {
            findings.Add(ProfileFindings.NoVariances());
            return IsReml ? [] : [.. list.All.Where(parameter => parameter.Kind == ParameterKind.Coefficient)];
        }

        if (!IsReml) return [.. list.All];
        if (fit.Design.Fixed.ColumnNames.Count > 0) findings.Add(ProfileFindings.NoCoefficients());
        return [.. list.All.Where(parameter => parameter.Kind != ParameterKind.Coefficient)];
    }

    private ListedParameter Find(string name) => list.All.FirstOrDefault(parameter => parameter.Name == name)
        ?? throw new InferenceException($"The model has no parameter '{name}'{NearestNames.SuggestOrList(name, list.Names)}.");
}
