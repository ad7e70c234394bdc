using MixedModels.Data;
using MixedModels.Design;
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

    private RandomTermDesign? Structured => fit.Design.RandomTerms.FirstOrDefault(term => term.Structure is not ("us" or "diag"));

    /// <summary>Profiles a fit.</summary>
    public static LikelihoodProfile Profile(GeneralizedMixedModelFit fit, ProfileOptions options, CancellationToken cancellationToken) =>
        new GeneralizedProfiler(fit, options).Run(cancellationToken);

    private LikelihoodProfile Run(CancellationToken cancellationToken)
    {
        if (options.Criterion == EstimationCriterion.Reml)
            throw new InferenceException("A generalized model has no REML criterion in this version; profile the likelihood (--criterion ML, or leave it out).");
        var wanted = Wanted();
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
            profiles.Add(double.IsNaN(estimate)
                ? new ParameterProfile(parameter.Name, estimate, cutOff, -1, 1, [])
                : ProfileTracer.Trace(parameter.Name, new GeneralizedHeldParameter(problem, list, parameter, phi, values, Error(parameter)), minimum, values, cutOff, cancellationToken));
        }

        findings.AddRange(ProfileFindings.Of(profiles));
        return new(EstimationCriterion.MaximumLikelihood, minimum, list.Names, profiles, findings);
    }

    /// <summary>The standard error of a fixed effect, or of a family parameter's logarithm.</summary>
    private double Error(ListedParameter parameter) => parameter.Kind switch
    {
        ParameterKind.Coefficient => Math.Sqrt(fit.CoefficientCovariance[parameter.First, parameter.First]),
        ParameterKind.Family => fit.FamilyParameterError(parameter.First),
        _ => double.NaN,
    };

    private List<ListedParameter> Wanted()
    {
        if (options.Parameters is { } names)
        {
            var wanted = names.Select(Find).ToList();
            return wanted.Find(IsStructured) is { } structured
                ? throw new InferenceException($"'{structured.Name}' has no profile in this version: beside us and diag the parameters of random effects of generalized models are not profiled. Use the bootstrap.")
                : wanted;
        }

        if (Structured is { } term) findings.Add(ProfileFindings.NoStructures($"{term.Structure} of {term.Group}"));
        return [.. list.All.Where(parameter => !IsStructured(parameter))];
    }

    private bool IsStructured(ListedParameter parameter) =>
        parameter.Kind is ParameterKind.Deviation or ParameterKind.Correlation or ParameterKind.Structure && fit.Design.RandomTerms[parameter.Term].Structure is not ("us" or "diag");

    private ListedParameter Find(string name) => list.All.FirstOrDefault(parameter => parameter.Name == name)
        ?? throw new InferenceException($"The model has no parameter '{name}'{NearestNames.SuggestOrList(name, list.Names)}.");
}
