using MixedModels.Numerics;

namespace MixedModels.Inference.Comparison;

/// <summary>Likelihood-ratio tests along a sequence of models, after the checks that make them mean something.</summary>
internal static class ModelComparer
{
    /// <summary>A larger model whose deviance is higher by more than this did not find its optimum.</summary>
    private const double LeastLoss = 1e-5;

    /// <summary>Compares the fits, fewest parameters first.</summary>
    public static ModelComparison Compare(IReadOnlyList<LinearMixedModelFit> fits, bool refit, CancellationToken cancellationToken)
    {
        SameData.Require([.. fits.Select(fit => fit.Design)]);
        var findings = new List<Finding>();
        if (refit && fits.Any(fit => fit.Criterion == EstimationCriterion.Reml))
        {
            findings.Add(ComparisonFindings.Refitted(fits));
            fits = [.. fits.Select(fit => ByMaximumLikelihood(fit, cancellationToken))];
        }

        RequireComparableCriteria(fits);
        LinearMixedModelFit[] ordered = [.. fits.OrderBy(fit => fit.ParameterCount).ThenBy(fit => fit.LogLikelihood)];
        var rows = new List<ComparedModel> { Criteria(ordered[0]) };
        for (var i = 1; i < ordered.Length; i++) rows.Add(Test(ordered[i - 1], ordered[i], i, findings));
        foreach (var (fit, index) in ordered.Select((fit, index) => (fit, index)))
        {
            if (!fit.Convergence.Converged) findings.Add(ComparisonFindings.NotConverged(index + 1));
        }

        return new(ordered[0].Criterion, rows, findings);
    }

    /// <summary>Compares generalized fits, fewest parameters first.</summary>
    public static ModelComparison Compare(IReadOnlyList<GeneralizedMixedModelFit> fits)
    {
        SameData.Require([.. fits.Select(fit => fit.Design)]);
        for (var i = 1; i < fits.Count; i++)
        {
            if (fits[i].Method != fits[0].Method)
            {
                throw new InferenceException(
                    $"Model 1 was fitted by {fits[0].Method}, model {i + 1} by {fits[i].Method}; the approximations differ by more than the models may. Fit both with the same number of points.");
            }

            if (fits[i].Model.Options.Criterion == EstimationCriterion.Reml && !Nesting.SameFixedPart(fits[0].Design, fits[i].Design))
            {
                throw new InferenceException(
                    $"Models 1 and {i + 1} have other fixed parts; restricted likelihoods of such models cannot be compared, for each integrates its own fixed effects. Fit both by maximum likelihood.");
            }
        }

        var findings = new List<Finding>();
        GeneralizedMixedModelFit[] ordered = [.. fits.OrderBy(fit => fit.ParameterCount).ThenBy(fit => fit.LogLikelihood)];
        var rows = new List<ComparedModel> { Criteria(ordered[0]) };
        for (var i = 1; i < ordered.Length; i++)
        {
            var (small, large) = (ordered[i - 1], ordered[i]);
            var isOneFamily = small.Family.ToString() == large.Family.ToString() && small.Design.Frequencies.Span.SequenceEqual(large.Design.Frequencies.Span);
            if (!isOneFamily) findings.Add(ComparisonFindings.OtherFamily(i, small.Family.ToString(), large.Family.ToString()));
            rows.Add(isOneFamily ? Test(small, large, i, findings) : Criteria(large));
        }

        foreach (var (fit, index) in ordered.Select((fit, index) => (fit, index)))
        {
            if (!fit.Convergence.Converged) findings.Add(ComparisonFindings.NotConverged(index + 1));
        }

        return new(fits[0].Model.Options.Criterion, rows, findings);
    }

    private static LinearMixedModelFit ByMaximumLikelihood(LinearMixedModelFit fit, CancellationToken cancellationToken)
    {
        if (fit.Criterion == EstimationCriterion.MaximumLikelihood) return fit;
        var model = new LinearMixedModel(fit.Model.Formula, fit.Model.Options with { Criterion = EstimationCriterion.MaximumLikelihood, DegreesOfFreedom = DegreesOfFreedom.None });
        return model.Fit(fit.Design, fit, cancellationToken);
    }

    private static void RequireComparableCriteria(IReadOnlyList<LinearMixedModelFit> fits)
    {
        for (var i = 1; i < fits.Count; i++)
        {
            if (fits[i].Criterion != fits[0].Criterion)
            {
                throw new InferenceException(
                    $"Model 1 was fitted by {Name(fits[0])}, model {i + 1} by {Name(fits[i])}; their likelihoods are of different things. Refit by maximum likelihood (--refit).");
            }

            if (fits[i].Criterion == EstimationCriterion.Reml && !Nesting.SameFixedPart(fits[0].Design, fits[i].Design))
            {
                throw new InferenceException(
                    $"Models 1 and {i + 1} were fitted by REML and have different fixed parts ({Columns(fits[0])} and {Columns(fits[i])}, perhaps coded differently). "
                    + "REML is the likelihood of what is left once the fixed part is removed, so these are likelihoods of different data. Refit by maximum likelihood (--refit).");
            }
        }
    }

    private static string Name(LinearMixedModelFit fit) => fit.Criterion == EstimationCriterion.Reml ? "REML" : "maximum likelihood";

    private static string Columns(LinearMixedModelFit fit) => string.Join(" + ", fit.Design.Fixed.ColumnNames);

    private static ComparedModel Criteria(IMixedModelFit fit)
    {
        var (k, n) = ((double)fit.ParameterCount, fit.Observations);

        // Hurvich and Tsai 1989, Biometrika 76, 297–307, with the rows as sample size.
        var correction = n > k + 1 ? 2 * k * (k + 1) / (n - k - 1) : double.PositiveInfinity;
        return new(Described(fit), fit.ParameterCount, fit.LogLikelihood, fit.Aic, fit.Aic + correction, fit.Bic);
    }

    /// <summary>The formula, and what else tells two models apart.</summary>
    private static string Described(IMixedModelFit fit) => fit is LinearMixedModelFit { Residual: not null } linear
        ? $"{fit.Design.Formula}; residuals {ResidualLimits.Describe(linear.Model.Options)}"
        : fit.Design.Formula.ToString();

    private static ComparedModel Test(IMixedModelFit small, IMixedModelFit large, int smallNumber, List<Finding> findings)
    {
        var row = Criteria(large);
        var df = large.ParameterCount - small.ParameterCount;
        var nesting = Nesting.Of(small.Design, large.Design);
        if (!nesting.FixedPart)
        {
            findings.Add(ComparisonFindings.NotNested(smallNumber));
            return row;
        }

        var chiSquare = small.Deviance - large.Deviance;
        row = row with { ChiSquare = chiSquare, DegreesOfFreedom = df };
        if (df == 0)
        {
            findings.Add(ComparisonFindings.SameSize(smallNumber));
            return row;
        }

        if (!nesting.CovariancePart) findings.Add(ComparisonFindings.NotShownNested(smallNumber));
        else if (chiSquare < -LeastLoss) findings.Add(ComparisonFindings.LargerIsWorse(smallNumber, chiSquare));
        row = row with { PValue = TailProbability.ChiSquared(chiSquare, df) };
        if (!nesting.IsShown) return row;
        if (nesting.AddedEffects == 0 && nesting.ResidualPart.AddsNugget)
        {
            findings.Add(ComparisonFindings.Nugget(smallNumber));
            return df == 1 ? row with { MixturePValue = ChiBarSquare.HalfAndHalf(chiSquare, df) } : row;
        }

        if (nesting.AddedEffects <= 0) return row;
        findings.Add(ComparisonFindings.Boundary(smallNumber, nesting.AddedEffects, small.IsSingular));
        return nesting.AddedEffects == 1 ? row with { MixturePValue = ChiBarSquare.HalfAndHalf(chiSquare, df) } : row;
    }
}
