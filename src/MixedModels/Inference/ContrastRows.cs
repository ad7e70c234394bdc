using MixedModels.LinearAlgebra;

namespace MixedModels.Inference;

/// <summary>Linear functions of the fixed effects, row after row: weights of beta, and the same functions as weights of delta. Immutable.</summary>
internal sealed class ContrastRows
{
    private readonly double[] beta;
    private readonly double[] delta;

    /// <summary>Carries rows of p weights each into a fit's coordinates.</summary>
    public ContrastRows(IFittedEffects fit, double[] rows)
    {
        p = fit.Coordinates.Length;
        Count = p == 0 ? 0 : rows.Length / p;
        beta = rows;
        delta = (double[])rows.Clone();
        for (var i = 0; i < Count; i++) fit.ToCoordinates(delta.AsSpan(i * p, p));
    }

    private ContrastRows(int p, double[] beta, double[] delta) => (this.p, Count, this.beta, this.delta) = (p, beta.Length / p, beta, delta);

    /// <summary>The term, counted from 1, whose test the functions are; null where they are just functions.</summary>
    public int? Term { get; init; }

    /// <summary>The number of functions.</summary>
    public int Count { get; }

    /// <summary>The number of fixed effects.</summary>
    public int p { get; }

    /// <summary>The function that is one coefficient.</summary>
    public static ContrastRows Single(IFittedEffects fit, int coefficient)
    {
        var row = new double[fit.Coordinates.Length];
        row[coefficient] = 1;
        return new(fit, row);
    }

    /// <summary>p weights of beta.</summary>
    public ReadOnlySpan<double> Beta(int row) => beta.AsSpan(row * p, p);

    /// <summary>p weights of delta.</summary>
    public ReadOnlySpan<double> Delta(int row) => delta.AsSpan(row * p, p);

    /// <summary>One of the functions.</summary>
    public ContrastRows Row(int row) => new(p, Beta(row).ToArray(), Delta(row).ToArray()) { Term = Term };

    /// <summary>Combinations of the functions: count×Count weights, row after row.</summary>
    public ContrastRows Combine(ReadOnlySpan<double> weights, int count)
    {
        var (newBeta, newDelta) = (new double[count * p], new double[count * p]);
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < Count; k++)
            {
                Vectors.AddScaled(weights[(i * Count) + k], Beta(k), newBeta.AsSpan(i * p, p));
                Vectors.AddScaled(weights[(i * Count) + k], Delta(k), newDelta.AsSpan(i * p, p));
            }
        }

        return new(p, newBeta, newDelta) { Term = Term };
    }

    /// <summary>L S L' for p×p symmetric S in the coordinates delta, Count×Count.</summary>
    public double[] QuadraticForm(ReadOnlySpan<double> S)
    {
        var half = new double[p * Count];
        Product.Add(1, S, p, false, delta, p, false, half, p, p, Count, p);
        var result = new double[Count * Count];
        Product.Add(1, delta, p, true, half, p, false, result, Count, Count, Count, p);
        return result;
    }
}
