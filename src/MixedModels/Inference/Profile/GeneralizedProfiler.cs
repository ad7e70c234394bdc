using MixedModels.Covariance;
using MixedModels.Data;
using MixedModels.Inference.Generalized;

namespace MixedModels.Inference.Profile;

/// <summary>Profiles the parameters of a generalized mixed model one after the other, on one storage.</summary>
internal sealed class GeneralizedProfiler
{
    private readonly GeneralizedMixedModelFit fit;
    private readonly ProfileOptions options;
    private readonly ParameterList list;
    private readonly List<Finding> findings = [];

    private GeneralizedProfiler(GeneralizedMixedModelFit fit, ProfileOptions options) => (this.fit, this.options, list) = (fit, options, new ParameterList(fit.Design, fit.Family));

    /// <summary>Profiles a fit.</summary>
    public static LikelihoodProfile Profile(GeneralizedMixedModelFit fit, ProfileOptions options, CancellationToken cancellationToken) =>
        new GeneralizedProfiler(fit, options).Run(cancellationToken);

    private LikelihoodProfile Run(CancellationToken cancellationToken)
    {
        if (options.Criterion == EstimationCriterion.Reml)
            throw new InferenceException("A generalized model has no REML criterion in this version; profile the likelihood (--criterion ML, or leave it out).");
        IReadOnlyList<ListedParameter> wanted = options.Parameters is { } names ? [.. names.Select(Find)] : list.All;
        var problem = fit.Model.Problem(fit.Design);
        var phi = fit.Optimum.Phi;
        var minimum = problem.Deviance.Value(phi);
        var values = problem.Values(list, problem.Deviance.Layout, phi);
        var cutOff = ParameterProfile.CutOff(options.Level);
        var profiles = new List<ParameterProfile>();
        foreach (var parameter in wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var estimate = values[list.All.ToList().IndexOf(parameter)];

            // Two parameters evaluate on one storage: nothing of the last one's may be taken for this one's.
            problem.Deviance.Forget();
            profiles.Add(double.IsNaN(estimate) || LinearProfiler.IsFixed(parameter, problem.Deviance.Layout)
                ? LinearProfiler.Untraced(parameter, estimate, cutOff)
                : ProfileTracer.Trace(parameter.Name, Held(problem, parameter, phi, values), minimum, values, cutOff, cancellationToken));
        }

        findings.AddRange(ProfileFindings.Of(profiles));
        return new(EstimationCriterion.MaximumLikelihood, minimum, list.Names, profiles, findings);
    }

    private GeneralizedHeldParameter Held(GeneralizedProblem problem, ListedParameter parameter, double[] phi, double[] values)
    {
        var isStructured = parameter.Kind is ParameterKind.Deviation or ParameterKind.Correlation or ParameterKind.Structure
            && problem.Deviance.Layout.Structure(parameter.Term) is not (Unstructured or Diagonal);
        return isStructured ? new GeneralizedStructureParameter(problem, list, parameter, phi, values) : new GeneralizedFreeParameter(problem, list, parameter, phi, values, Error(parameter));
    }

    /// <summary>The standard error of a fixed effect, or of a family parameter's logarithm.</summary>
    private double Error(ListedParameter parameter) => parameter.Kind switch
    {
        ParameterKind.Coefficient => Math.Sqrt(fit.CoefficientCovariance[parameter.First, parameter.First]),
        ParameterKind.Family => fit.FamilyParameterError(parameter.First),
        _ => double.NaN,
    };

    private ListedParameter Find(string name) => list.All.FirstOrDefault(parameter => parameter.Name == name)
        ?? throw new InferenceException($"The model has no parameter '{name}'{NearestNames.SuggestOrList(name, list.Names)}.");
}
