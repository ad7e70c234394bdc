namespace MixedModels.Design;

/// <summary>How the left side of a random term becomes columns over any table. Immutable.</summary>
internal interface IEffectColumns
{
    /// <summary>The names of all columns.</summary>
    IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The term of each column, counted from 1; 0 is the intercept.</summary>
    IReadOnlyList<int> Assign { get; }

    /// <summary>The terms' labels.</summary>
    IReadOnlyList<string> TermNames { get; }

    /// <summary>The variables of each term.</summary>
    IReadOnlyList<TermPiece[]> Pieces { get; }

    /// <summary>The columns over the complete rows of a frame, n×p column-major.</summary>
    double[] Evaluate(ModelFrame frame);
}
