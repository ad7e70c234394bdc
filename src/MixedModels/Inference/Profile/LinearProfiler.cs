using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;

namespace MixedModels.Inference.Profile;

/// <summary>Profiles the parameters of a linear mixed model one after the other.</summary>
internal sealed class LinearProfiler
{
    private readonly LinearMixedModelFit fit;
    private readonly ProfileOptions options;
    private readonly ParameterList list;
    private readonly List<Finding> findings = [];

    private LinearProfiler(LinearMixedModelFit fit, ProfileOptions options) =>
        (this.fit, this.options, list) = (fit, options, new ParameterList(fit.Design));

    private bool HasStructures => fit.Design.RandomTerms.Any(IsStructured) || !fit.Design.HasFreeResidual;

    private string Structured => fit.Design.RandomTerms.FirstOrDefault(IsStructured) is { } term ? $"the structure {term.Structure} of {term.Group}" : "random terms without a residual variance";

    private bool IsReml => options.Criterion == EstimationCriterion.Reml;

    /// <summary>Profiles a fit.</summary>
    public static LikelihoodProfile Profile(LinearMixedModelFit fit, ProfileOptions options, CancellationToken cancellationToken) =>
        new LinearProfiler(fit, options).Run(cancellationToken);

    private LikelihoodProfile Run(CancellationToken cancellationToken)
    {
        var wanted = Wanted();
        var data = new StandardizedData(LinearData.From(fit.Design));
        using var problem = new LinearProblem(data, IsReml, fit.Model.Options.Threads);
        var theta = fit.Optimum.Theta;
        if (fit.Criterion != options.Criterion) theta = Refit(problem, cancellationToken);
        var estimate = new LinearEstimate(data, problem.Deviance, theta);
        var minimum = estimate.Deviance;
        var covariances = estimate.Relative.Select(relative => Array.ConvertAll(relative, value => value * estimate.Sigma * estimate.Sigma)).ToArray();
        var values = list.Values(estimate.Coefficients, covariances, estimate.Sigma);
        var cutOff = ParameterProfile.CutOff(options.Level);
        var profiles = new List<ParameterProfile>();
        foreach (var parameter in wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            profiles.Add(Trace(parameter, problem, theta, estimate, values, minimum, cutOff, cancellationToken));
        }

        findings.AddRange(ProfileFindings.Of(profiles));
        return new(options.Criterion, minimum, list.Names, profiles, findings);
    }

    private ParameterProfile Trace(
        ListedParameter parameter, LinearProblem problem, double[] theta, LinearEstimate estimate, double[] values, double minimum, double cutOff, CancellationToken cancellationToken)
    {
        if (parameter.Kind == ParameterKind.Coefficient)
        {
            var p = fit.Design.Fixed.ColumnNames.Count;
            var error = Math.Sqrt(estimate.CoefficientCovariance[parameter.First * (p + 1)]);
            using var coefficient = new ProfiledCoefficient(problem.Data.Data, list, parameter.First, theta, values, error, fit.Model.Options.Threads);
            return ProfileTracer.Trace(parameter.Name, coefficient, minimum, values, cutOff, cancellationToken);
        }

        var variance = new ProfiledVariance(problem, list, parameter, theta, values);
        return double.IsNaN(variance.Estimate)
            ? new ParameterProfile(parameter.Name, double.NaN, cutOff, variance.LowerBound, variance.UpperBound, [])
            : ProfileTracer.Trace(parameter.Name, variance, minimum, values, cutOff, cancellationToken);
    }

    private double[] Refit(LinearProblem problem, CancellationToken cancellationToken)
    {
        findings.Add(ProfileFindings.Refitted(fit.Criterion));
        var diagonal = VanishedVariances.DiagonalEntries(problem.Deviance.Layout);
        var optimum = problem.Minimize(VanishedVariances.Enliven(fit.Optimum.Theta, diagonal, 1), cancellationToken);
        if (!optimum.Proved) findings.Add(ProfileFindings.NotConverged());
        return optimum.Theta;
    }

    private List<ListedParameter> Wanted()
    {
        if (options.Parameters is { } names)
        {
            var wanted = names.Select(Find).ToList();
            if (HasStructures && wanted.Find(parameter => parameter.Kind != ParameterKind.Coefficient) is { } variance)
            {
                throw new InferenceException(
                    $"'{variance.Name}' has no profile beside {Structured}: standard deviations and correlations are profiled with us and diag alone, and with a residual. Use the bootstrap.");
            }

            return IsReml && wanted.Find(parameter => parameter.Kind == ParameterKind.Coefficient) is { } coefficient
                ? throw new InferenceException(
                    $"The REML criterion has no profile for the fixed effect '{coefficient.Name}': it does not depend on the fixed effects. Profile it by maximum likelihood.")
                : wanted;
        }

        if (HasStructures)
        {
            findings.Add(ProfileFindings.NoVariances(Structured));
            return IsReml ? [] : [.. list.All.Where(parameter => parameter.Kind == ParameterKind.Coefficient)];
        }

        if (!IsReml) return [.. list.All];
        if (fit.Design.Fixed.ColumnNames.Count > 0) findings.Add(ProfileFindings.NoCoefficients());
        return [.. list.All.Where(parameter => parameter.Kind != ParameterKind.Coefficient)];
    }

    private ListedParameter Find(string name) => list.All.FirstOrDefault(parameter => parameter.Name == name)
        ?? throw new InferenceException($"The model has no parameter '{name}'{NearestNames.SuggestOrList(name, list.Names)}.");

    private static bool IsStructured(RandomTermDesign term) => term.Structure is not ("us" or "diag");
}
