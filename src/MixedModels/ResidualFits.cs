using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Marginal;
using MixedModels.Estimation.Storage;
using MixedModels.Optimization;

namespace MixedModels;

/// <summary>Fits models whose residuals are dependent or of unequal variance.</summary>
internal static class ResidualFits
{
    /// <summary>A variance function of the fitted values has settled when these change by less than this share of their spread.</summary>
    private const double SettledShare = 1e-7;

    private const int MostRounds = 100;

    /// <summary>Rounds that look for an optimum anew; while the fitted values still move far, the one at hand may not stay the best.</summary>
    private const int FreeRounds = 4;

    /// <summary>Finds the optimum and reads the fit off it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="design">Its design.</param>
    /// <param name="data">The rows.</param>
    /// <param name="residual">Their residuals' structure.</param>
    /// <param name="start">A fit with the same random terms, structure and functions; null for the best of several starts.</param>
    /// <param name="progress">Told of every evaluation; null for nobody.</param>
    /// <param name="cancellationToken">Cancels between evaluations of the deviance.</param>
    /// <exception cref="DataException">The structure does not go with the random terms, memory does not suffice, or the start is of another model.</exception>
    /// <exception cref="InferenceException">An optimiser is asked for that these models do not have.</exception>
    public static LinearMixedModelFit Fit(
        LinearMixedModel model, ModelDesign design, StandardizedData data, ResidualData residual, LinearMixedModelFit? start, SearchProgress? progress, CancellationToken cancellationToken)
    {
        if (model.Options.Optimizer != OptimizationMethod.Newton)
            throw new InferenceException("Models with a residual structure or variance functions are fitted by newton alone; leave --optimizer out.");
        var psi = start is null ? null : Translate(start, model, design, data);
        if (!residual.Scales.Any(scale => scale.IsFitted)) return Once(model, design, data, residual, psi, progress, cancellationToken).Fit;
        return Settle(model, design, data, residual, psi, progress, cancellationToken);
    }

    /// <summary>The fit at an optimum found before.</summary>
    public static LinearMixedModelFit At(LinearMixedModel model, ModelDesign design, StandardizedData data, ResidualData residual, LinearOptimum optimum)
    {
        var own = optimum.FittedCovariate.Length > 0 ? residual.WithFitted(optimum.FittedCovariate) : residual;
        var (layout, deviance) = (Layout(data), new MarginalDeviance(data, own, Layout(data), IsReml(model)));
        if (optimum.Theta.Length != layout.Count || optimum.Phi.Length != deviance.Residual.ParameterCount || !optimum.Theta.Concat(optimum.Phi).All(double.IsFinite))
        {
            throw new ArgumentException(
                $"The optimum holds {optimum.Theta.Length} and {optimum.Phi.Length} parameters, wanted {layout.Count} and {deviance.Residual.ParameterCount} finite ones.",
                nameof(optimum));
        }

        return At(model, design, data, own, deviance, optimum);
    }

    private static LinearMixedModelFit At(
        LinearMixedModel model, ModelDesign design, StandardizedData data, ResidualData residual, MarginalDeviance deviance, LinearOptimum optimum)
    {
        var marginal = new MarginalEstimate(data, residual, deviance, optimum);
        var whitened = marginal.Whitening.Whiten();
        var plan = data.Data.Terms.Count == 0 ? null : BlockPlan.For(whitened.Data);
        return new(model, design, whitened, new(whitened, BlockPlan.Allocate(whitened, plan, team: null), IsReml(model), deviance.Layout), optimum, marginal);
    }

    private static (LinearMixedModelFit Fit, LinearOptimum Optimum) Once(
        LinearMixedModel model, ModelDesign design, StandardizedData data, ResidualData residual, double[]? start, SearchProgress? progress, CancellationToken cancellationToken)
    {
        var deviance = new MarginalDeviance(data, residual, Layout(data), IsReml(model));
        RequireRoom(model, design, deviance);
        deviance.Progress = progress;
        var optimum = MarginalOptimizer.Minimize(deviance, data, start, cancellationToken);
        deviance.Progress = null;
        if (residual.Scales.FirstOrDefault(scale => scale.IsFitted) is { } fitted) optimum = optimum with { FittedCovariate = fitted.Covariate.ToArray() };
        return (At(model, design, data, residual, deviance, optimum), optimum);
    }

    /// <summary>
    /// Estimates with the fitted values held, then the fitted values from the estimates, until these stay: the fixed point that nlme's lme and gls
    /// define (Pinheiro and Bates 2000, section 5.2). docs/residual-structures.md says why.
    /// </summary>
    private static LinearMixedModelFit Settle(
        LinearMixedModel model, ModelDesign design, StandardizedData data, ResidualData residual, double[]? start, SearchProgress? progress, CancellationToken cancellationToken)
    {
        var constant = new LinearMixedModel(model.Formula, model.Options with { Residual = null, Variance = null, Dispersion = null, DegreesOfFreedom = DegreesOfFreedom.None });
        var fitted = constant.Fit(design.With(null, [], []), cancellationToken: cancellationToken).FittedValues.ToArray();
        for (var round = 1; ; round++)
        {
            var (fit, optimum) = Once(model, design, data, residual.WithFitted(fitted), start, progress, cancellationToken);
            var next = fit.FittedValues.ToArray();
            var change = Enumerable.Range(0, next.Length).Max(r => Math.Abs(next[r] - fitted[r]));
            if (change <= SettledShare * (next.Max() - next.Min()) || !optimum.Proved) return fit;
            if (round == MostRounds) return At(model, design, data, residual, optimum with { Proved = false });
            fitted = next;
            if (round >= FreeRounds) start = [.. optimum.Theta, .. optimum.Phi];
        }
    }

    private static double[] Translate(LinearMixedModelFit start, LinearMixedModel model, ModelDesign design, StandardizedData data)
    {
        if (start.Model.Options.Residual?.Text != model.Options.Residual?.Text || start.Model.Options.Variance?.Text != model.Options.Variance?.Text || start.Model.Options.Dispersion != model.Options.Dispersion)
        {
            throw new DataException(
                $"The start has the residuals {ResidualLimits.Describe(start.Model.Options)}; this model has {ResidualLimits.Describe(model.Options)}. Start from a fit with the same, or without one.");
        }

        return [.. StartFromFit.Translate(start, design, data, Layout(data)), .. start.Optimum.Phi];
    }

    private static ThetaLayout Layout(StandardizedData data) => new(data.Data.Terms.Select(term => term.Structure));

    private static bool IsReml(LinearMixedModel model) => model.Options.Criterion == EstimationCriterion.Reml;

    private static void RequireRoom(LinearMixedModel model, ModelDesign design, MarginalDeviance deviance)
    {
        var (K, fixedEffects, rows) = (deviance.Residual.ParameterCount, design.Fixed.ColumnNames.Count, deviance.Observations);
        if (K + fixedEffects + 1 > rows)
        {
            throw new DataException(FormattableString.Invariant(
                $"{ResidualLimits.Describe(model.Options)} has {K:N0} parameters beside sigma and {fixedEffects:N0} fixed effects, for {rows:N0} rows. ")
                + "A standard deviation or correlation for each visit needs visits that several subjects share. Use a structure with few parameters, such as ar1, car1 or arma.");
        }

        if (deviance.Plan is { Route: not MarginalRoute.Blocks } or { FormsBlocks: true }) return;
        var (n, bytes) = (deviance.Plan.LargestBlock, deviance.Plan.BlockBytes);
        throw new DataException(FormattableString.Invariant(
            $"The subjects and groups that hang together have {n:N0} rows, and a dense block of V of that size with its derivatives takes {Execution.AvailableMemory.Gigabytes(bytes)}; this version goes to {MarginalPlan.MostRows:N0} rows and {Execution.AvailableMemory.Gigabytes(Execution.AvailableMemory.Bytes)}. ")
            + "Use smaller subjects, nest the random terms so that they fall into independent parts, or use a structure that goes from row to row: ar1, car1 or rw (arma without random effects).");
    }
}
