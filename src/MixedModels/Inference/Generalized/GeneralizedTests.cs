using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Families;
using MixedModels.Inference.Means;
using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Generalized;

/// <summary>What tests and means of a generalized fit rest on under one covariance of its parameters, the model's or a robust one. Immutable.</summary>
internal sealed class GeneralizedTests
{
    private readonly Lazy<GeneralizedMeans> means;
    private readonly Lazy<SmallSampleMethod> method;
    private readonly Lazy<CoefficientTable> table;

    /// <summary>Takes a covariance.</summary>
    /// <param name="design">The design.</param>
    /// <param name="estimate">The estimate.</param>
    /// <param name="link">The link.</param>
    /// <param name="covariance">The covariance of all parameters.</param>
    /// <param name="test">The tests that go with it.</param>
    public GeneralizedTests(
        ModelDesign design, GeneralizedEstimate estimate, Link link, GeneralizedCovariance covariance, Func<IFittedEffects, SmallSampleMethod> test)
    {
        var p = estimate.Coefficients.Length;
        Covariance = covariance;
        method = new(() => test(new GeneralizedFittedEffects(design, estimate.Coefficients, covariance.Coefficients)));
        means = new(() => new(design, estimate, link, covariance, test));
        table = new(() => CoefficientTests.Table(method.Value, DegreesOfFreedom.None, estimate.Coefficients, new Matrix(p, p, covariance.Coefficients)));
    }

    /// <summary>The covariance of all parameters.</summary>
    public GeneralizedCovariance Covariance { get; }

    /// <summary>Tests of fixed effects.</summary>
    public SmallSampleMethod Method => method.Value;

    /// <summary>Means on the response's scale.</summary>
    public GeneralizedMeans Means => means.Value;

    /// <summary>The table of fixed effects.</summary>
    public CoefficientTable Table => table.Value;
}
