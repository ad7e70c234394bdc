using MixedModels.Formula;

namespace MixedModels;

/// <summary>How the residual standard deviation changes from row to row, <c>power(x) + ident(sex)</c>. A text converts to it. Immutable.</summary>
public sealed record VarianceFunctions
{
    private VarianceFunctions(VarianceClause clause) => Clause = clause;

    /// <summary>The functions in the formula language.</summary>
    public string Text => Clause.ToString();

    /// <summary>The clause, read.</summary>
    internal VarianceClause Clause { get; }

    /// <summary>Reads functions from the formula language, joined by <c>+</c>.</summary>
    /// <exception cref="FormulaException">They cannot be read; the message marks the place.</exception>
    public static VarianceFunctions Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(VarianceClause.Parse(text));
    }

    /// <summary>Reads functions from the formula language; see <see cref="Parse"/>.</summary>
    public static implicit operator VarianceFunctions(string text) => Parse(text);

    /// <summary><c>ident</c>: a standard deviation for each level of a factor.</summary>
    public static VarianceFunctions Ident(string factor) => Parse($"ident({factor})");

    /// <summary><c>power</c>: |x|^t.</summary>
    /// <param name="covariate">x; <c>fitted</c> for the fitted values.</param>
    /// <param name="by">A factor whose levels have powers of their own; null for one power.</param>
    public static VarianceFunctions Power(string covariate = "fitted", string? by = null) => Parse($"power({covariate}{(by is null ? "" : " | " + by)})");

    /// <summary><c>exp</c>: e^(t x).</summary>
    /// <param name="covariate">x; <c>fitted</c> for the fitted values.</param>
    /// <param name="by">A factor whose levels have rates of their own; null for one.</param>
    public static VarianceFunctions Exponential(string covariate, string? by = null) => Parse($"exp({covariate}{(by is null ? "" : " | " + by)})");

    /// <summary>Both: the standard deviations multiply.</summary>
    public VarianceFunctions And(VarianceFunctions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Parse($"{Text} + {other.Text}");
    }

    /// <summary>The functions in the formula language.</summary>
    public override string ToString() => Text;
}
