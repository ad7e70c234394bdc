namespace MixedModels.Design;

/// <summary>The fixed-effects matrix of a design and what its columns stand for. Immutable.</summary>
public sealed class FixedDesign
{
    private readonly double[] values;

    internal FixedDesign(MatrixRecipe recipe, IReadOnlyList<int> kept, double[] values)
    {
        this.values = values;
        ColumnNames = [.. kept.Select(column => recipe.ColumnNames[column])];
        Assign = [.. kept.Select(column => recipe.Assign[column])];
        TermNames = recipe.TermNames;
        Aliased = [.. Enumerable.Range(0, recipe.ColumnNames.Count).Except(kept).Select(column => recipe.ColumnNames[column])];
        HasIntercept = recipe.Assign is [0, ..];
        Terms = [.. recipe.Pieces.Select((pieces, term) => FixedTerm.Create(recipe, term, pieces, Assign))];
    }

    /// <summary>The p names of the kept columns, as R names them.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The kept columns, n×p, column-major.</summary>
    public ReadOnlyMemory<double> X => values;

    /// <summary>The term of each kept column, counted from 1 as in <see cref="TermNames"/>; 0 is the intercept.</summary>
    public IReadOnlyList<int> Assign { get; }

    /// <summary>The labels of the terms, the intercept not among them.</summary>
    public IReadOnlyList<string> TermNames { get; }

    /// <summary>Names of the columns dropped because columns before them determine them.</summary>
    public IReadOnlyList<string> Aliased { get; }

    /// <summary>Whether the first column is the intercept.</summary>
    public bool HasIntercept { get; }

    /// <summary>The terms in the order of <see cref="TermNames"/>.</summary>
    public IReadOnlyList<FixedTerm> Terms { get; }
}

/// <summary>A fixed term: its variables, their coding in it, and its columns. Immutable.</summary>
public sealed class FixedTerm
{
    private FixedTerm(string name, IReadOnlyList<FixedVariable> variables, IReadOnlyList<int> columns, int fullColumnCount)
    {
        Name = name;
        Variables = variables;
        Columns = columns;
        FullColumnCount = fullColumnCount;
    }

    /// <summary>The term's label.</summary>
    public string Name { get; }

    /// <summary>The variables; the columns run with the first one fastest.</summary>
    public IReadOnlyList<FixedVariable> Variables { get; }

    /// <summary>The indices of the term's columns among the kept ones.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>The number of the term's columns before dependent ones were dropped.</summary>
    public int FullColumnCount { get; }

    internal static FixedTerm Create(MatrixRecipe recipe, int term, TermPiece[] pieces, IReadOnlyList<int> assign) => new(
        recipe.TermNames[term],
        [.. pieces.Select(piece => new FixedVariable(piece))],
        [.. Enumerable.Range(0, assign.Count).Where(column => assign[column] == term + 1)],
        recipe.Assign.Count(owner => owner == term + 1));
}

/// <summary>A variable within a fixed term. Immutable.</summary>
public sealed class FixedVariable
{
    internal FixedVariable(TermPiece piece)
    {
        Label = piece.Variable.Label;
        Sources = piece.Variable.Sources;
        ColumnNames = piece.ColumnNames;
        Levels = piece.Factor?.Levels;
        IsOrdered = piece.Factor?.IsOrdered ?? false;
        Coding = piece.Coding;
        HasIndicators = piece.Factor?.IsIndicators(piece.Coding) == true;
    }

    /// <summary>The variable's canonical text, such as <c>log(dose)</c>.</summary>
    public string Label { get; }

    /// <summary>The table's columns it is computed from.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>The names of its own columns in this term.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The levels that occur, or null for a numeric variable.</summary>
    public IReadOnlyList<string>? Levels { get; }

    /// <summary>Whether the levels are ordered.</summary>
    public bool IsOrdered { get; }

    /// <summary>Levels × columns: what stands for each level in this term; null for a numeric variable.</summary>
    public ContrastMatrix? Coding { get; }

    /// <summary>Whether every level has its indicator here, because the term's margin is not in the model.</summary>
    public bool HasIndicators { get; }
}
