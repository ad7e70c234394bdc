using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// −2 log-likelihood of a generalized linear mixed model by Laplace's approximation, with the random effects integrated out around their mode.
/// This page is the whole model: docs/generalized-models.md derives it, docs/notation.md names its symbols.
/// </summary>
/// <remarks>
/// With eta = offset + X beta + Z L u, u ~ N(0, I), and û the mode of log f(y | u, beta, psi) − ½u'u:
/// d(theta, beta, psi) = −2 log f(y | û) + û'û + log|M|, M = L'Z'WZL + I, W = −∂² log f/∂eta² at û. (1)
/// Parameters are phi = (theta, beta, psi), in this order; (theta, psi) where the fixed effects are inner ones, at the joint mode with u. The
/// restricted deviance integrates them too, and adds log|X'V⁻¹X| − p log 2π with V⁻¹ = W − WZL M⁻¹L'Z'W. (9)
/// </remarks>
internal sealed class LaplaceDeviance : ISmoothObjective
{
    private readonly double[] fixedPart;
    private double[] lastPhi = [];
    private double lastValue = double.NaN;

    /// <summary>The deviance of some data on some storage.</summary>
    public LaplaceDeviance(
        GeneralizedData data,
        PredictorRows predictor,
        RowDensities densities,
        PenalizedSystem system,
        ThetaLayout layout,
        IQuadrature? quadrature = null,
        FixedEffectsPlace place = FixedEffectsPlace.Outer)
    {
        (Data, Predictor, System, Layout, Quadrature, Place) = (data, predictor, system, layout, quadrature, place);
        Mode = new(predictor, densities, system, place == FixedEffectsPlace.Outer ? null : new InnerEffects(predictor));
        fixedPart = new double[data.n];
    }

    private LaplaceDeviance(LaplaceDeviance other, ThetaLayout layout)
    {
        (Data, Predictor, System, Mode, Quadrature, Place, fixedPart) = (other.Data, other.Predictor, other.System, other.Mode, other.Quadrature, other.Place, other.fixedPart);
        (Layout, Progress) = (layout, other.Progress);
    }

    /// <summary>The data.</summary>
    public GeneralizedData Data { get; }

    /// <summary>X and Z.</summary>
    public PredictorRows Predictor { get; }

    /// <summary>The storage of M.</summary>
    public PenalizedSystem System { get; }

    /// <summary>More points than Laplace's one; null for that.</summary>
    public IQuadrature? Quadrature { get; }

    /// <summary>Where the fixed effects are dealt with.</summary>
    public FixedEffectsPlace Place { get; }

    /// <summary>Where each term's parameters stand among theta.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>The mode of the random effects at the last evaluation.</summary>
    public ConditionalMode Mode { get; }

    /// <summary>Who is told of evaluations while a search goes on; null otherwise.</summary>
    public SearchProgress? Progress { get; set; }

    /// <inheritdoc/>
    public int Dimension => FirstPsi + Data.Family.ParameterNames.Count;

    /// <summary>Where psi stands among all parameters.</summary>
    public int FirstPsi => Layout.Count + (Mode.Inner is null ? Predictor.p : 0);

    /// <summary>theta among all parameters.</summary>
    public ReadOnlySpan<double> Theta(ReadOnlySpan<double> phi) => phi[..Layout.Count];

    /// <summary>beta among all parameters, or at the joint mode of the last evaluation.</summary>
    public ReadOnlySpan<double> Beta(ReadOnlySpan<double> phi) => Mode.Inner is { } inner ? inner.Beta : phi.Slice(Layout.Count, Predictor.p);

    /// <summary>psi among all parameters.</summary>
    public ReadOnlySpan<double> Psi(ReadOnlySpan<double> phi) => phi[FirstPsi..];

    /// <summary>d(phi), equation (1); NaN where it is not defined. At the parameters of the last time all is there already.</summary>
    public double Value(ReadOnlySpan<double> phi)
    {
        if (double.IsFinite(lastValue) && phi.SequenceEqual(lastPhi)) return lastValue;
        lastPhi = phi.ToArray();
        lastValue = Evaluated(phi);
        Progress?.Evaluated(lastValue);
        return lastValue;
    }

    private double Evaluated(ReadOnlySpan<double> phi)
    {
        if (Data.Offset.IsEmpty) Array.Clear(fixedPart);
        else Data.Offset.Span.CopyTo(fixedPart);
        if (Mode.Inner is null) Predictor.AddFixed(Beta(phi), fixedPart);
        if (!Mode.Find(Layout.Factors(Theta(phi)), fixedPart, Psi(phi))) return double.NaN;
        var laplace = (-2 * Mode.LogDensity) + Vectors.SumOfSquares(Mode.u) + System.LogDeterminant;
        if (Place == FixedEffectsPlace.Integrated) laplace += Mode.Inner!.LogDeterminant + Predictor.LogVolume - (Predictor.p * Math.Log(2 * Math.PI));
        return Quadrature is null ? laplace : laplace + Quadrature.Difference(this, phi);
    }

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> phi)
    {
        var value = Value(phi);
        if (!double.IsFinite(value)) return new(phi.ToArray(), value, [], []);
        var derivatives = new LaplaceDerivatives(this, phi);
        return new(phi.ToArray(), value, Quadrature?.Gradient(this, phi) ?? derivatives.Gradient(), derivatives.ModelHessian());
    }

    /// <summary>The value and the exact gradient at a point, without the model of the Hessian.</summary>
    public (double Value, double[] Gradient) Slope(ReadOnlySpan<double> phi)
    {
        var value = Value(phi);
        return (value, double.IsFinite(value) ? Quadrature?.Gradient(this, phi) ?? new LaplaceDerivatives(this, phi).Gradient() : []);
    }

    /// <summary>The same deviance, on the same storage, of other parameters theta.</summary>
    public LaplaceDeviance With(ThetaLayout layout) => new(this, layout);

    /// <summary>The deviance of another response on the same storage; nothing is evaluated.</summary>
    /// <param name="standardized">The standardised X and Z.</param>
    /// <param name="response">n responses of the rows.</param>
    public LaplaceDeviance WithResponse(StandardizedData standardized, ReadOnlySpan<double> response)
    {
        var rows = new Families.Observation[Data.n];
        for (var i = 0; i < rows.Length; i++) rows[i] = Data.Rows[i] with { Response = response[i] };
        var data = Data with { Rows = rows };
        return new(data, Predictor, new RowDensities(data, team: null), System, Layout, Quadrature?.Of(data, standardized), Place);
    }

    /// <summary>The deviance of some rows alone, in the same parameters, on storage of its own; nothing is evaluated. No level may have rows outside of them.</summary>
    /// <param name="standardized">The standardised X and Z of all rows.</param>
    /// <param name="rows">The numbers of the rows.</param>
    public LaplaceDeviance OfRows(StandardizedData standardized, int[] rows)
    {
        var own = standardized.OfRows(rows);
        var data = Data.OfRows(own.Data, rows);
        var plan = own.Data.Terms.Count == 0 ? null : BlockPlan.For(own.Data);
        var system = BlockPlan.Allocate(new SystemRows(own.Data.Terms, data.n, own.Z), plan, team: null);
        return new(data, new PredictorRows(own), new RowDensities(data, team: null), system, Layout, Quadrature?.Of(data, own), Place);
    }

    /// <summary>Says that another deviance has evaluated on the same storage.</summary>
    public void Forget() => lastValue = double.NaN;
}
