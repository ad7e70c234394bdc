namespace MixedModels.Design;

/// <summary>
/// The fixed part without a choice of coding: an indicator of every level of every factor, so that its parameters are those in which
/// estimable functions are defined. Immutable.
/// </summary>
internal sealed class IndicatorDesign
{
    /// <summary>Evaluates the columns over the complete rows of a frame.</summary>
    public IndicatorDesign(MatrixRecipe coded, ModelFrame frame)
    {
        var recipe = coded.WithIndicators();
        Rows = frame.Count;
        X = recipe.Evaluate(frame);
        Assign = recipe.Assign;
        ColumnNames = recipe.ColumnNames;
        Terms = [.. recipe.Pieces.Select(pieces => new IndicatorTerm(
            pieces.Where(piece => piece.Factor is not null).Select(piece => piece.Variable.Label).ToHashSet(StringComparer.Ordinal),
            pieces.Where(piece => piece.Factor is null).Select(piece => piece.Variable.Label).ToHashSet(StringComparer.Ordinal)))];
        var isReference = new List<bool>();
        if (Assign is [0, ..]) isReference.Add(false);
        for (var t = 0; t < coded.Pieces.Count; t++) isReference.AddRange(ReferenceColumns(coded.Pieces[t], recipe.Pieces[t]));
        IsReference = isReference;
    }

    /// <summary>n.</summary>
    public int Rows { get; }

    /// <summary>n×columns, column-major.</summary>
    public double[] X { get; }

    /// <summary>The term of each column, counted from 1; 0 is the intercept.</summary>
    public IReadOnlyList<int> Assign { get; }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Whether treatment contrasts have no such column, because it belongs to the first level of a factor that has contrasts.</summary>
    public IReadOnlyList<bool> IsReference { get; }

    /// <summary>The factors and covariates of each term.</summary>
    public IReadOnlyList<IndicatorTerm> Terms { get; }

    private static IEnumerable<bool> ReferenceColumns(TermPiece[] coded, TermPiece[] full)
    {
        var width = full.Aggregate(1, (product, piece) => product * piece.ColumnNames.Count);
        for (var column = 0; column < width; column++)
        {
            var (rest, isReference) = (column, false);
            for (var k = 0; k < full.Length; k++)
            {
                var hasContrasts = coded[k].Factor is { } factor && !ReferenceEquals(coded[k].Coding, factor.Indicators);
                isReference |= hasContrasts && rest % full[k].ColumnNames.Count == 0;
                rest /= full[k].ColumnNames.Count;
            }

            yield return isReference;
        }
    }
}

/// <summary>What a term is made of.</summary>
/// <param name="Factors">The labels of its factors.</param>
/// <param name="Covariates">The labels of its covariates.</param>
internal sealed record IndicatorTerm(IReadOnlySet<string> Factors, IReadOnlySet<string> Covariates)
{
    /// <summary>Whether another term has the same covariates, all factors of this one, and more.</summary>
    /// <remarks>Source: Goodnight 1978, Tests of Hypotheses in Fixed Effects Linear Models, SAS technical report R-101, "contained".</remarks>
    public bool IsContainedIn(IndicatorTerm other) => Covariates.SetEquals(other.Covariates) && Factors.IsProperSubsetOf(other.Factors);
}
