using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// The mode û of the random effects given everything else: the maximum of log f(y | u) − ½u'u in spherical effects u, b = L u, by Newton steps
/// with a line search; the joint mode of u and beta where fixed effects are inner ones. Warm: each search starts from the mode before. A work
/// space of one thread.
/// </summary>
/// <remarks>
/// A step is M⁻¹(L'Z'l' − u) with M = L'Z'WZL + I. Where observed weights leave M indefinite, the expected ones, which never do, take their
/// place: the direction still ascends. So it does with the factor of an earlier point, of other weights and other L, which is kept as long as
/// every step shrinks the decrement tenfold: a factor costs many passes over the rows. What is left at the mode is always the factor with
/// observed weights there.
/// </remarks>
internal sealed class ConditionalMode
{
    /// <summary>The Newton decrement, per effect, at which u is exact to what its value can feel: the error of u is its root.</summary>
    private const double Tolerance = 1e-20;

    /// <summary>The same where the decrement is measured by an older factor, whose steps do not overshoot it by as much.</summary>
    private const double OldTolerance = 1e-22;

    /// <summary>A decrement, per effect, from which an older factor is worth trying.</summary>
    private const double NearDecrement = 1e-2;

    /// <summary>A step by an older factor that leaves more than this share of the decrement calls for a new one.</summary>
    private const double StallRatio = 0.1;

    /// <summary>A decrement below this that no step can lower is rounding of the log-density.</summary>
    private const double RoundingDecrement = 1e-9;

    private const int MostSteps = 100;

    private const int MostHalvings = 40;

    private readonly double[] expected;
    private readonly double[] rise;
    private readonly PredictorRows predictor;
    private readonly double[] step;
    private readonly PenalizedSystem system;
    private readonly double[] trial;
    private readonly double[] work;
    private bool isObserved;

    public ConditionalMode(PredictorRows predictor, RowDensities densities, PenalizedSystem system, InnerEffects? inner = null)
    {
        (this.predictor, Densities, this.system, Inner) = (predictor, densities, system, inner);
        (Eta, trial, rise, expected) = (new double[predictor.n], new double[predictor.n], new double[predictor.n], new double[predictor.n]);
        (u, v, step, work) = (new double[predictor.q], new double[predictor.q], new double[predictor.q], new double[predictor.q]);
    }

    /// <summary>The rows' log-densities at <see cref="Eta"/>.</summary>
    public RowDensities Densities { get; }

    /// <summary>n linear predictors at the mode, offsets included.</summary>
    public double[] Eta { get; }

    /// <summary>Fixed effects that are sought with u; null where they are given.</summary>
    public InnerEffects? Inner { get; }

    /// <summary>q spherical effects.</summary>
    public double[] u { get; }

    /// <summary>v = Z'l': at the mode u = L'v.</summary>
    public double[] v { get; }

    /// <summary>log f(y | û).</summary>
    public double LogDensity { get; private set; }

    /// <summary>The Newton steps of all searches so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Finds the mode and factors the system there; false where there is none.</summary>
    /// <param name="T">T_t of every term.</param>
    /// <param name="fixedPart">n predictors without random and without inner fixed effects.</param>
    /// <param name="psi">The family's parameters.</param>
    public bool Find(IReadOnlyList<double[]> T, double[] fixedPart, ReadOnlySpan<double> psi)
    {
        if (!Begin(T, fixedPart, psi)) return false;
        var (isHere, isDue, last) = (false, !system.IsFactored, NearDecrement * (1 + u.Length) / StallRatio);
        for (var k = 0; k < MostSteps; k++)
        {
            if (isDue && !FactorHere(T, psi)) return false;
            isHere |= isDue;
            var decrement = NewtonStep(T);
            if (decrement >= 0 && decrement <= (isHere ? Tolerance : OldTolerance) * (1 + u.Length)) return isHere ? isObserved : Factor(T, Densities.Weights);
            isDue = !isHere && !(decrement >= 0 && decrement <= StallRatio * last);
            if (isDue) continue;
            if (Advance(T, psi, decrement)) (isHere, last, Steps) = (false, decrement, Steps + 1);
            else if (isHere) return isObserved && decrement < RoundingDecrement;
            else isDue = true;
        }

        return false;
    }

    /// <summary>Forgets the mode: the next search starts at u = 0 and the inner fixed effects' start.</summary>
    public void Reset()
    {
        Array.Clear(u);
        Inner?.Start.CopyTo(Inner.Beta, 0);
    }

    /// <summary>The mode, to come back to: u, then the inner fixed effects.</summary>
    public double[] Snapshot() => [.. u, .. Inner?.Beta ?? []];

    /// <summary>The next search starts at a mode of before.</summary>
    public void Return(double[] snapshot)
    {
        snapshot.AsSpan(0, u.Length).CopyTo(u);
        snapshot.AsSpan(u.Length).CopyTo(Inner?.Beta);
    }

    /// <summary>The next search starts at the mirror image of the present mode.</summary>
    public void Reflect(double[] center)
    {
        for (var i = 0; i < u.Length; i++) u[i] = (2 * center[i]) - u[i];
        for (var j = 0; j < Inner?.Beta.Length; j++) Inner.Beta[j] = (2 * center[u.Length + j]) - Inner.Beta[j];
    }

    private bool Begin(IReadOnlyList<double[]> T, double[] fixedPart, ReadOnlySpan<double> psi)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            fixedPart.CopyTo(Eta, 0);
            if (Inner is not null) predictor.AddFixed(Inner.Beta, Eta);
            AddEffects(T, u, Eta);
            LogDensity = Densities.Evaluate(Eta, psi);
            if (double.IsFinite(LogDensity)) return true;

            // The mode of before may lie outside what these parameters allow.
            Reset();
        }

        return false;
    }

    /// <summary>Factors M at u, with expected weights where observed ones do not allow it.</summary>
    private bool FactorHere(IReadOnlyList<double[]> T, ReadOnlySpan<double> psi)
    {
        isObserved = Factor(T, Densities.Weights);
        if (isObserved) return true;
        Densities.ExpectedWeights(Eta, psi, expected);
        return Factor(T, expected);
    }

    private bool Factor(IReadOnlyList<double[]> T, double[] weights)
    {
        system.ReplaceWeights(weights);
        return system.Factor(T) && (Inner is null || Inner.Factor(system, T, weights));
    }

    /// <summary>step = M⁻¹g with g = L'Z'l' − u, or the joint one; returns g'step.</summary>
    private double NewtonStep(IReadOnlyList<double[]> T)
    {
        predictor.RandomProducts(Densities.First, v);
        v.CopyTo(work, 0);
        Scale(T, work, transpose: true);
        Vectors.AddScaled(-1, u, work);
        if (work.Length > 0) system.SolvePenalized(work, 1, step);
        return Inner?.Complete(Densities.First, step, work) ?? Vectors.Dot(work, step);
    }

    /// <summary>Goes along the step as far as log f − ½u'u rises by a fair share; false where it does not rise at all.</summary>
    private bool Advance(IReadOnlyList<double[]> T, ReadOnlySpan<double> psi, double decrement)
    {
        Array.Clear(rise);
        Inner?.AddStep(rise);
        AddEffects(T, step, rise);
        var (before, uStep, stepStep) = (LogDensity, Vectors.Dot(u, step), Vectors.SumOfSquares(step));
        var rounding = 1e-14 * (Math.Abs(before - Densities.Constant) + 1);
        var alpha = 1.0;
        for (var halvings = 0; halvings < MostHalvings; halvings++, alpha *= 0.5)
        {
            Eta.CopyTo(trial, 0);
            Vectors.AddScaled(alpha, rise, trial);
            var density = Densities.Evaluate(trial, psi);
            var gain = density - before - (alpha * (uStep + (0.5 * alpha * stepStep)));
            if (!(gain >= (1e-4 * alpha * decrement) - rounding)) continue;
            trial.CopyTo(Eta, 0);
            Vectors.AddScaled(alpha, step, u);
            Inner?.Advance(alpha);
            LogDensity = density;
            return true;
        }

        LogDensity = Densities.Evaluate(Eta, psi);
        return false;
    }

    /// <summary>eta += Z L effects.</summary>
    private void AddEffects(IReadOnlyList<double[]> T, double[] effects, double[] eta)
    {
        if (effects.Length == 0) return;
        effects.CopyTo(work, 0);
        Scale(T, work, transpose: false);
        predictor.AddRandom(work, eta);
    }

    private void Scale(IReadOnlyList<double[]> T, double[] effects, bool transpose)
    {
        if (effects.Length > 0) BlockScaling.ScaleRows(effects, effects.Length, 1, system.Terms, predictor.Offsets, T, transpose);
    }
}
