namespace MixedModels.Estimation.Marginal;

/// <summary>Subjects whose rows are whitened by a recursion from one row to the next, which is differentiated as it goes.</summary>
internal interface ISubjectSeries
{
    /// <summary>Writes W times a block and its first and second derivatives in the structure's parameters, then the scales'.</summary>
    /// <param name="block">n×columns.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="k">The number of parameters: the structure's of one group, then the scales'; 0 for the values alone.</param>
    /// <param name="result">A matrix n×columns for each of the <see cref="Numerics.FlatJet.Length"/> numbers of a jet.</param>
    /// <returns>log|R| of one subject, flat.</returns>
    double[] Differentiate(ReadOnlySpan<double> block, int columns, int k, Span<double> result);
}
