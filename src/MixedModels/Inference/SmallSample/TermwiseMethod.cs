namespace MixedModels.Inference.SmallSample;

/// <summary>
/// A method that gives every term its own degrees of freedom. A function of several terms' coefficients has the least of theirs, as SAS
/// gives it in an ESTIMATE or CONTRAST statement.
/// </summary>
internal abstract class TermwiseMethod(IFittedEffects fit) : SmallSampleMethod(fit)
{
    /// <inheritdoc/>
    public override double Df(ContrastRows c) => Least(c);

    /// <inheritdoc/>
    protected override double JointDf(ContrastRows L, double[] S) => Least(L);

    /// <summary>The degrees of freedom of a term, counted from 1; 0 is the intercept.</summary>
    protected abstract double OfTerm(int term);

    private double Least(ContrastRows rows)
    {
        if (rows.Term is { } term) return OfTerm(term);
        var least = double.PositiveInfinity;
        var assign = Fit.Design.Fixed.Assign;
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < rows.p; j++)
            {
                if (rows.Beta(i)[j] != 0) least = Math.Min(least, OfTerm(assign[j]));
            }
        }

        return least;
    }
}
