using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>How a random term becomes a matrix and levels over any table. Immutable.</summary>
internal sealed class RandomRecipe
{
    /// <summary>Checks that the term can be estimated from the rows there are.</summary>
    /// <exception cref="DataException">One level, or as many effects as rows beside a free residual.</exception>
    /// <param name="term">The term.</param>
    /// <param name="structure">Its structure, arguments read.</param>
    /// <param name="matrix">The effects' columns.</param>
    /// <param name="positions">Where the effects stand, p×d column-major; empty where the structure has no positions.</param>
    /// <param name="levels">The levels.</param>
    /// <param name="rows">The rows there are.</param>
    /// <param name="hasFreeResidual">Whether a residual variance is estimated too.</param>
    public RandomRecipe(
        RandomTerm term, EffectStructure structure, IEffectColumns matrix, double[] positions, GroupRecipe levels, int rows, bool hasFreeResidual)
    {
        Group = term.Group;
        Structure = structure;
        Matrix = matrix;
        Positions = positions;
        Levels = levels;
        LevelNames = levels.Levels;
        RequireLevels(term, rows, hasFreeResidual);
    }

    /// <summary>The same of a term whose rows belong to several levels.</summary>
    /// <exception cref="DataException">One level, or as many effects as rows beside a free residual.</exception>
    /// <param name="term">The term.</param>
    /// <param name="structure">Its structure, arguments read.</param>
    /// <param name="matrix">The effects' columns.</param>
    /// <param name="positions">Where the effects stand, p×d column-major; empty where the structure has no positions.</param>
    /// <param name="memberships">The levels of each row.</param>
    /// <param name="rows">The rows there are.</param>
    /// <param name="hasFreeResidual">Whether a residual variance is estimated too.</param>
    public RandomRecipe(
        RandomTerm term, EffectStructure structure, IEffectColumns matrix, double[] positions, MembershipRecipe memberships, int rows, bool hasFreeResidual)
    {
        Group = term.Group;
        Structure = structure;
        Matrix = matrix;
        Positions = positions;
        Memberships = memberships;
        LevelNames = memberships.Levels;
        RequireLevels(term, rows, hasFreeResidual);
    }

    /// <summary>The grouping factor's name.</summary>
    public string Group { get; }

    /// <summary>The covariance structure of the effects.</summary>
    public EffectStructure Structure { get; }

    /// <summary>Where the effects stand, p×d column-major; empty where the structure has no positions.</summary>
    public double[] Positions { get; }

    /// <summary>The effects' columns.</summary>
    public IEffectColumns Matrix { get; }

    /// <summary>The names of the levels.</summary>
    public IReadOnlyList<string> LevelNames { get; }

    /// <summary>The levels, one a row; null where rows have several.</summary>
    public GroupRecipe? Levels { get; }

    /// <summary>The levels where rows belong to several; else null.</summary>
    public MembershipRecipe? Memberships { get; }

    /// <summary>The labels of the factors the group is made of.</summary>
    public IReadOnlyList<string> GroupLabels =>
        [.. (Levels?.Factors ?? Memberships!.Columns.Groups).Select(factor => factor.Label)];

    /// <summary>Adds everything the term's columns and, where they are wanted, its levels are computed from.</summary>
    public void AddTo(ModelFrame frame, bool withLevels = true)
    {
        foreach (var piece in Matrix.Pieces.SelectMany(pieces => pieces))
            frame.Add(piece.Variable);
        if (!withLevels) return;
        Levels?.AddTo(frame);
        if (Memberships is not null)
            frame.AddMemberships(Memberships.Columns);
    }

    /// <summary>The term over the complete rows of a new table; without levels every row has one that is new.</summary>
    public NewDataRandomTerm Replay(ModelFrame frame, bool withLevels)
    {
        if (!withLevels)
        {
            var unknown = new int[frame.Count];
            Array.Fill(unknown, -1);
            return new NewDataRandomTerm(unknown, Matrix.Evaluate(frame), []);
        }

        if (Levels is null)
        {
            var (memberships, newLevels) = Memberships!.Replay(frame);
            return new NewDataRandomTerm(default, Matrix.Evaluate(frame), newLevels, memberships);
        }

        var levelOfRow = Levels.LevelOfRow(frame);
        return new NewDataRandomTerm(levelOfRow, Matrix.Evaluate(frame), Levels.NewLevels(frame, levelOfRow));
    }

    /// <summary>Refuses what this version does not estimate.</summary>
    /// <exception cref="FormulaException">The group is another than columns.</exception>
    public static void RequireAvailable(FormulaSource source, RandomTerm term)
    {
        if (term.GroupCall is { Function: not "mm" } call)
        {
            throw source.Error(
                call.Position,
                $"{call.Function}() as a group",
                "known correlation of levels is not available in this version; name a column, as in (1 | g)");
        }
    }

    private void RequireLevels(RandomTerm term, int rows, bool hasFreeResidual)
    {
        var levels = LevelNames.Count;
        var effects = (long)levels * Matrix.ColumnNames.Count;
        if (levels < 2 && !(Structure.HasOneVariance && Matrix.ColumnNames.Count > 1))
            throw new DataException(
                $"Group '{Group}' of {term} has 1 level in the {rows} rows used; a variance between levels needs 2. Remove the term.");
        if (!hasFreeResidual || effects < rows || (Structure.CanHoldEveryRow && levels < rows))
            return;
        var what = levels >= rows
            ? $"Group '{Group}' of {term} has {levels} levels for {rows} rows, so its effects and the residual cannot be told apart"
            : $"The term {term} has {effects} effects ({levels} levels × {Matrix.ColumnNames.Count}) for {rows} rows, "
                + "so they and the residual cannot be told apart";
        var advice = levels >= rows
            ? "Group by a coarser factor or remove the term"
            : $"Use fewer effects, as in (1 | {Group}), or more rows a level";
        throw new DataException($"{what}; fewer effects than rows are needed. {advice}.");
    }
}
