namespace MixedModels.Design;

/// <summary>The matrix and the levels of one random term. Immutable.</summary>
public sealed class RandomTermDesign
{
    internal RandomTermDesign(RandomRecipe recipe, int[] levelOfRow, ReadOnlyMemory<double> z)
    {
        Group = recipe.Group;
        Structure = recipe.Structure;
        ColumnNames = recipe.Matrix.ColumnNames;
        Assign = recipe.Matrix.Assign;
        TermNames = recipe.Matrix.TermNames;
        Levels = recipe.Levels.Levels;
        LevelOfRow = levelOfRow;
        Z = z;
        var groups = recipe.Levels.Factors.Select(factor => factor.Label).ToArray();
        Effects = [.. recipe.Matrix.Assign.Select(term => EffectOf(term == 0 ? [] : recipe.Matrix.Pieces[term - 1], groups))];
    }

    /// <summary>The grouping factor, <c>a:b</c> for an interaction.</summary>
    public string Group { get; }

    /// <summary>The covariance of the effects of a level: <c>us</c>, or <c>diag</c> where all covariances are zero.</summary>
    public string Structure { get; }

    /// <summary>The names of the p effects a level has.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The term left of the bar that each column belongs to, counted from 1 as in <see cref="TermNames"/>; 0 is the intercept.</summary>
    public IReadOnlyList<int> Assign { get; }

    /// <summary>The labels of the terms left of the bar, the intercept not among them.</summary>
    public IReadOnlyList<string> TermNames { get; }

    /// <summary>The levels that occur in the rows used, <c>a:b</c> for an interaction.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>The zero-based level of each of the n rows.</summary>
    public ReadOnlyMemory<int> LevelOfRow { get; }

    /// <summary>The value each effect is multiplied by in each row, n×p, column-major.</summary>
    public ReadOnlyMemory<double> Z { get; }

    /// <summary>What each column is made of, the grouping factors among its factors.</summary>
    internal IReadOnlyList<IndicatorTerm> Effects { get; }

    private static IndicatorTerm EffectOf(TermPiece[] pieces, string[] groups) => new(
        pieces.Where(piece => piece.Factor is not null).Select(piece => piece.Variable.Label).Concat(groups).ToHashSet(StringComparer.Ordinal),
        pieces.Where(piece => piece.Factor is null).Select(piece => piece.Variable.Label).ToHashSet(StringComparer.Ordinal));
}
