using MixedModels.Design;

namespace MixedModels;

/// <summary>Refuses, by name, what this version has for independent residuals only.</summary>
internal static class ResidualLimits
{
    /// <summary>Refuses a fit with dependent or unequal residuals; true otherwise.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="what">What is asked for, as the start of a sentence.</param>
    /// <param name="instead">What to do instead.</param>
    /// <exception cref="InferenceException">The fit has a residual structure or variance functions.</exception>
    public static bool RequireIndependent(LinearMixedModelFit fit, string what, string instead) => fit.Marginal is null
        ? true
        : throw new InferenceException($"{what} is not in this version for fits with {Describe(fit.Model.Options)}. {instead}.");

    /// <summary>Refuses a design with dependent or unequal residuals.</summary>
    /// <inheritdoc cref="RequireIndependent(LinearMixedModelFit, string, string)"/>
    public static void RequireIndependent(ModelDesign design, string what, string instead)
    {
        if (design.Residual is null && design.Variance.Count == 0) return;
        throw new InferenceException($"{what} is not in this version for models with a residual structure, variance functions or a dispersion model. {instead}.");
    }

    /// <summary>Refuses to say where new rows stand among those of the fit where only their order in the file says it.</summary>
    /// <exception cref="InferenceException">The structure goes by file order.</exception>
    public static void RequirePlaces(ModelDesign design)
    {
        if (design.Residual is not { IsFileOrder: true } residual) return;
        throw new InferenceException(
            $"{residual.Clause.Text} goes by the order of rows in the file, and nothing says where new rows stand among those of the fit. Fit with a column of times, as in {residual.Clause.Structure}(time | {residual.SubjectLabel}), or leave the known residuals out.");
    }

    /// <summary>The structure and functions as written.</summary>
    public static string Describe(LinearMixedModelOptions options)
    {
        string?[] parts = [options.Residual?.Text, options.Variance?.Text, options.Dispersion];
        var written = parts.OfType<string>().ToArray();
        return written.Length == 0 ? "independent residuals of one variance" : string.Join(" and ", written);
    }
}
