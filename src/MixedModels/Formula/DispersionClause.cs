namespace MixedModels.Formula;

/// <summary>A dispersion model as written, <c>~ x + f</c>: the logarithm of the residual standard deviation is linear in its columns. Immutable.</summary>
internal sealed class DispersionClause
{
    private readonly ModelFormula formula;

    private DispersionClause(ModelFormula formula) => this.formula = formula;

    /// <summary>The text, for errors.</summary>
    public FormulaSource Source => formula.Source;

    /// <summary>The terms.</summary>
    public TermList Terms => formula.FixedPart;

    /// <summary>Reads a clause.</summary>
    /// <exception cref="FormulaException">It cannot be read, or has parts that a dispersion model has not; the message shows the place.</exception>
    public static DispersionClause Parse(string text)
    {
        var written = ModelFormula.ParseOneSided(text);
        if (written.RandomTerms is [var random, ..])
            throw written.Source.Error(random.Position, $"The random term {random.Text} in --dispersion", "a dispersion model has fixed effects alone in this version");
        if (written.HasDot) throw written.Source.Error(0, "'.' in --dispersion", "name its columns");
        if (written.FixedPart.Offsets is [var offset, ..])
            throw written.Source.Error(offset.Expression.Position, "An offset in --dispersion", "a known factor of the variance is a weight: --weights");
        if (!written.HasIntercept)
            throw written.Source.Error(0, "A dispersion model without an intercept", "leave '0 +' out: the intercept is log sigma, and \"~0\" alone means no residual variance");
        return new(written);
    }

    /// <inheritdoc/>
    public override string ToString() => formula.ToString();
}
