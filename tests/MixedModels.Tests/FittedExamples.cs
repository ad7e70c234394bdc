using MixedModels.Data;

namespace MixedModels.Tests;

/// <summary>Fits that tests look at from outside.</summary>
internal static class FittedExamples
{
    /// <summary>A REML fit to one of the embedded data sets.</summary>
    public static LinearMixedModelFit Of(string formula, string example) => new LinearMixedModel(formula).FitTo(DataTable.Example(example));

    /// <summary>A fit that ends with the test run.</summary>
    public static LinearMixedModelFit FitTo(this LinearMixedModel model, DataTable table) => model.Fit(table, TestContext.Current.CancellationToken);
}
