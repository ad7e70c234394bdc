namespace MixedModels.Tests.Estimation.Linear;

/// <summary>Which level each row of a random problem belongs to.</summary>
internal enum Grouping
{
    /// <summary>A level drawn for every row.</summary>
    Drawn,

    /// <summary>The levels in turn, so that their sizes differ by one at most.</summary>
    Balanced,

    /// <summary>Half the rows in the first level, the others drawn.</summary>
    Skewed,

    /// <summary>A level of its own for every row.</summary>
    RowByRow,

    /// <summary>Levels that hold whole levels of the term before; drawn where there is none.</summary>
    HoldsThePrevious,

    /// <summary>The factor of the term before; drawn where there is none.</summary>
    AsThePrevious,
}

/// <summary>What stands in the columns of Z of a term.</summary>
internal enum Slopes
{
    /// <summary>An intercept, then covariates.</summary>
    Covariates,

    /// <summary>Covariates alone, as in <c>(0 + x | g)</c>.</summary>
    WithoutIntercept,

    /// <summary>An intercept, then covariates of which the last is a combination of the two columns before.</summary>
    Collinear,

    /// <summary>Indicators of the cells of a factor, as in <c>(0 + f | g)</c>.</summary>
    Indicators,

    /// <summary>Covariates, the last one zero in every row.</summary>
    LastZero,
}

/// <summary>One random term of a random problem, in few words.</summary>
/// <param name="Grouping">Which row belongs to which level.</param>
/// <param name="Levels">Levels that rows may belong to.</param>
/// <param name="Empty">Further levels without a row.</param>
/// <param name="Columns">p_t.</param>
/// <param name="Slopes">What the columns hold.</param>
/// <param name="IsDiagonal">Whether effects are independent, as by <c>||</c>.</param>
/// <param name="Size">The standard deviation of the effects that are drawn into the response, against a residual of 3.</param>
internal sealed record TermShape(Grouping Grouping, int Levels, int Empty, int Columns, Slopes Slopes, bool IsDiagonal, int Size)
{
    /// <summary>The covariance structure by name; null for us or diag, as <see cref="IsDiagonal"/> says.</summary>
    public string? Structure { get; init; }

    /// <summary>Smaller terms that may fail in the same way, the smallest first.</summary>
    public IEnumerable<TermShape> Smaller()
    {
        if (Columns > 1) yield return this with { Columns = 1 };
        if (Columns > 2) yield return this with { Columns = Columns - 1 };
        if (Empty > 0) yield return this with { Empty = Empty / 2 };
        if (Levels > 2) yield return this with { Levels = Levels / 2 };
        if (Grouping != Grouping.Drawn) yield return this with { Grouping = Grouping.Drawn };
        if (Slopes != Slopes.Covariates) yield return this with { Slopes = Slopes.Covariates };
        if (IsDiagonal) yield return this with { IsDiagonal = false };
        if (Size > 0) yield return this with { Size = 0 };
    }

    /// <summary>C# that makes the term again.</summary>
    public override string ToString() =>
        $"new(Grouping.{Grouping}, {Levels}, {Empty}, {Columns}, Slopes.{Slopes}, {(IsDiagonal ? "true" : "false")}, {Size}){(Structure is null ? "" : $" {{ Structure = \"{Structure}\" }}")}";
}
