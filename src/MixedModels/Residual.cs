using System.Globalization;
using MixedModels.Formula;

namespace MixedModels;

/// <summary>
/// The covariance of residuals within a subject, <c>ar1(week | patient)</c>: a structure, what orders or places a subject's rows, and what the
/// subjects are. A text converts to it. Immutable.
/// </summary>
/// <example><code>var options = new LinearMixedModelOptions { Residual = Residual.Ar1(order: "week", within: "patient") };</code></example>
public sealed record Residual
{
    private Residual(ResidualClause clause) => Clause = clause;

    /// <summary>The structure in the formula language.</summary>
    public string Text => Clause.Text;

    /// <summary>The clause, read.</summary>
    internal ResidualClause Clause { get; }

    /// <summary>Reads a structure from the formula language, such as <c>us(visit | arm/id)</c>.</summary>
    /// <exception cref="FormulaException">It cannot be read; the message marks the place.</exception>
    public static Residual Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(ResidualClause.Parse(text));
    }

    /// <summary>Reads a structure from the formula language; see <see cref="Parse"/>.</summary>
    public static implicit operator Residual(string text) => Parse(text);

    /// <summary><c>us</c>: any covariance between visits.</summary>
    /// <param name="order">The factor or whole number that says which visit a row is.</param>
    /// <param name="within">The subjects: a factor, <c>a:b</c>, or <c>group/subject</c> for parameters by group.</param>
    public static Residual Unstructured(string order, string within) => Of("us", order, within);

    /// <summary><c>cs</c>, or <c>csh</c>: one correlation between any two visits.</summary>
    /// <inheritdoc cref="Unstructured" path="/param"/>
    /// <param name="order">The visits.</param>
    /// <param name="within">The subjects.</param>
    /// <param name="heterogeneous">Whether every visit has a standard deviation of its own.</param>
    public static Residual CompoundSymmetry(string order, string within, bool heterogeneous = false) => Of(heterogeneous ? "csh" : "cs", order, within);

    /// <summary><c>ar1</c>, or <c>ar1h</c>: the correlation is rho to the power of the visits between.</summary>
    /// <param name="order">The visits; <c>1</c> for the order of the rows.</param>
    /// <param name="within">The subjects; <c>1</c> for one series.</param>
    /// <param name="heterogeneous">Whether every visit has a standard deviation of its own.</param>
    public static Residual Ar1(string order, string within, bool heterogeneous = false) => Of(heterogeneous ? "ar1h" : "ar1", order, within);

    /// <summary><c>toep</c>, or <c>toeph</c>: a correlation for each lag.</summary>
    /// <param name="order">The visits.</param>
    /// <param name="within">The subjects.</param>
    /// <param name="heterogeneous">Whether every visit has a standard deviation of its own.</param>
    public static Residual Toeplitz(string order, string within, bool heterogeneous = false) => Of(heterogeneous ? "toeph" : "toep", order, within);

    /// <summary><c>ad</c>, or <c>adh</c>: first-order antedependence.</summary>
    /// <param name="order">The visits.</param>
    /// <param name="within">The subjects.</param>
    /// <param name="heterogeneous">Whether every visit has a standard deviation of its own.</param>
    public static Residual Antedependence(string order, string within, bool heterogeneous = false) => Of(heterogeneous ? "adh" : "ad", order, within);

    /// <summary><c>arma</c>: autoregressive moving average.</summary>
    /// <param name="order">The visits; <c>1</c> for the order of the rows.</param>
    /// <param name="within">The subjects.</param>
    /// <param name="p">The autoregressive order.</param>
    /// <param name="q">The moving average order.</param>
    public static Residual Arma(string order, string within, int p, int q) =>
        Parse(string.Create(CultureInfo.InvariantCulture, $"arma({order} | {within}, p = {p}, q = {q})"));

    /// <summary><c>car1</c>: the correlation is phi to the power of the time between, times being any numbers.</summary>
    /// <param name="time">The time.</param>
    /// <param name="within">The subjects; <c>1</c> for one series.</param>
    public static Residual ContinuousAr1(string time, string within) => Of("car1", time, within);

    /// <summary><c>sp_exp</c>, <c>sp_gau</c>, <c>sp_sph</c>, <c>sp_lin</c>, <c>sp_ratio</c>: correlations that fall with distance.</summary>
    /// <param name="decay">How they fall.</param>
    /// <param name="coordinates">The coordinates, joined by <c>+</c>.</param>
    /// <param name="within">The subjects; <c>1</c> for one.</param>
    /// <param name="nugget">Whether correlations stay below 1 at distance 0.</param>
    public static Residual Spatial(SpatialDecay decay, string coordinates, string within, bool nugget = false)
    {
        var name = decay switch
        {
            SpatialDecay.Exponential => "sp_exp",
            SpatialDecay.Gaussian => "sp_gau",
            SpatialDecay.Spherical => "sp_sph",
            SpatialDecay.Linear => "sp_lin",
            SpatialDecay.RationalQuadratic => "sp_ratio",
            _ => throw new ArgumentOutOfRangeException(nameof(decay), decay, "No such decay."),
        };
        return Parse($"{name}({coordinates} | {within}{(nugget ? ", nugget = TRUE" : "")})");
    }

    /// <summary>The structure in the formula language.</summary>
    public override string ToString() => Text;

    private static Residual Of(string name, string order, string within) => Parse($"{name}({order} | {within})");
}

/// <summary>How a spatial correlation falls with the distance d over the range r.</summary>
public enum SpatialDecay
{
    /// <summary>exp(−d/r).</summary>
    Exponential,

    /// <summary>exp(−(d/r)²).</summary>
    Gaussian,

    /// <summary>1 − 1.5 d/r + 0.5 (d/r)³ below r, 0 beyond.</summary>
    Spherical,

    /// <summary>1 − d/r below r, 0 beyond; in one dimension.</summary>
    Linear,

    /// <summary>1/(1 + (d/r)²).</summary>
    RationalQuadratic,
}
