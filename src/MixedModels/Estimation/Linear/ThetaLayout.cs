using MixedModels.Covariance;

namespace MixedModels.Estimation.Linear;

/// <summary>Which parameters belong to which term: theta is the terms' parameters one after the other. Immutable.</summary>
internal sealed class ThetaLayout
{
    private readonly int[] starts;
    private readonly CovarianceStructure[] structures;

    public ThetaLayout(IEnumerable<CovarianceStructure> structures)
    {
        this.structures = [.. structures];
        starts = new int[this.structures.Length + 1];
        for (var t = 0; t < this.structures.Length; t++) starts[t + 1] = starts[t] + this.structures[t].ParameterCount;
    }

    /// <summary>The number of covariance parameters.</summary>
    public int Count => starts[^1];

    /// <summary>The number of terms.</summary>
    public int TermCount => structures.Length;

    /// <summary>The first parameter of a term; the count of all for the term after the last.</summary>
    public int Start(int term) => starts[term];

    /// <summary>The term that a parameter belongs to.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such parameter.</exception>
    public int TermOf(int parameter)
    {
        if ((uint)parameter >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(parameter), parameter, $"There are {Count} covariance parameters.");
        var term = 0;
        while (parameter >= starts[term + 1]) term++;
        return term;
    }

    /// <summary>The term of every parameter.</summary>
    public int[] TermOfParameters() => [.. Enumerable.Range(0, Count).Select(TermOf)];

    /// <summary>The structure of a term.</summary>
    public CovarianceStructure Structure(int term) => structures[term];

    /// <summary>The parameters of one term.</summary>
    public ReadOnlySpan<double> Slice(ReadOnlySpan<double> theta, int term) => theta[starts[term]..starts[term + 1]];

    /// <summary>The parameters of one term, to be written.</summary>
    public Span<double> Slice(Span<double> theta, int term) => theta[starts[term]..starts[term + 1]];

    /// <summary>The layout whose structures are adapted to the covariances at theta; itself where none gains by it.</summary>
    public ThetaLayout AdaptedTo(ReadOnlySpan<double> theta)
    {
        var adapted = new CovarianceStructure[TermCount];
        var changed = false;
        for (var t = 0; t < TermCount; t++)
        {
            adapted[t] = structures[t].AdaptedTo(RelativeCovariance.Of(structures[t], Slice(theta, t)));
            changed |= adapted[t] != structures[t];
        }

        return changed ? new(adapted) : this;
    }

    /// <summary>Whether these are the parameters that their covariances would be given.</summary>
    public bool IsCanonical(ReadOnlySpan<double> theta)
    {
        for (var t = 0; t < TermCount; t++)
        {
            if (!structures[t].IsCanonical(Slice(theta, t))) return false;
        }

        return true;
    }

    /// <summary>The parameters of this layout with the same covariances as those of another.</summary>
    public double[] Translate(ThetaLayout from, ReadOnlySpan<double> theta)
    {
        var translated = new double[Count];
        for (var t = 0; t < TermCount; t++)
            structures[t].FromCovariance(RelativeCovariance.Of(from.structures[t], from.Slice(theta, t)), Slice(translated.AsSpan(), t));
        return translated;
    }

    /// <summary>The canonical parameters of this layout with the same covariances as those of another, which may be this one.</summary>
    public double[] Canonical(ThetaLayout from, ReadOnlySpan<double> theta)
    {
        var canonical = new double[Count];
        for (var t = 0; t < TermCount; t++)
        {
            var own = Slice(canonical.AsSpan(), t);
            if (structures[t] != from.structures[t])
            {
                structures[t].FromCovariance(RelativeCovariance.Of(from.structures[t], from.Slice(theta, t)), own);
                continue;
            }

            from.Slice(theta, t).CopyTo(own);
            if (!structures[t].IsCanonical(own)) structures[t].MakeCanonical(own);
        }

        return canonical;
    }

    /// <summary>T_t of every term.</summary>
    public double[][] Factors(ReadOnlySpan<double> theta)
    {
        var factors = new double[structures.Length][];
        for (var t = 0; t < factors.Length; t++)
        {
            factors[t] = new double[structures[t].Dimension * structures[t].Dimension];
            structures[t].Factor(Slice(theta, t), factors[t]);
        }

        return factors;
    }
}
