using MixedModels.Design;
using MixedModels.Execution;
using MixedModels.Families;
using MixedModels.LinearAlgebra;

namespace MixedModels.Simulation;

/// <summary>Draws responses of a generalized model: eta = fixed part + Σ Z_t b_t, then a response of the family. Immutable.</summary>
/// <remarks>Replicate k draws from stream k of the seed, random effects first, as <see cref="LinearSimulator"/> does.</remarks>
internal sealed class GeneralizedSimulator(
    Family family, double[] psi, double[] fixedPart, IReadOnlyList<RandomTermDesign> terms, IReadOnlyList<double[]> factors, ReadOnlyMemory<double> trials, ReadOnlyMemory<double> weights)
{
    /// <summary>The first replicates, rows × replicates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none, or more than a matrix holds.</exception>
    public Matrix DrawAll(int replicates, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 1);
        var n = fixedPart.Length;
        if ((long)n * replicates > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(replicates), replicates, $"{replicates} replicates of {n} rows are more than a matrix holds ({Array.MaxLength} numbers).");
        }

        var values = new double[n * replicates];
        for (var k = 0; k < replicates; k++) Draw(seed, k, values.AsSpan(k * n, n));
        return new(n, replicates, values);
    }

    /// <summary>Draws one replicate.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="replicate">Its zero-based number.</param>
    /// <param name="y">n responses.</param>
    public void Draw(ulong seed, int replicate, Span<double> y)
    {
        var random = new RandomStream(seed, (ulong)replicate);
        fixedPart.CopyTo(y);
        for (var t = 0; t < terms.Count; t++) LinearSimulator.AddTerm(terms[t], factors[t], random, y);
        for (var r = 0; r < y.Length; r++)
            y[r] = family.Draw(random, trials.IsEmpty ? 1 : trials.Span[r], weights.IsEmpty ? 1 : weights.Span[r], family.Link.Mean(y[r]).Value, psi);
    }
}
