using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>The columns of a random term whose effects have positions: a position of a factor's level is the number it is called.</summary>
internal static class EffectPositions
{
    /// <summary>The columns of coordinates, and where each stands.</summary>
    public static (IEffectColumns Columns, double[] Positions) Of(IReadOnlyList<Variable> variables, ModelFrame frame)
    {
        if (variables.OfType<NumericVariable>().FirstOrDefault(variable => variable.ColumnNames.Count > 1) is { } basis)
            throw new DataException($"'{basis.Label}' has {basis.ColumnNames.Count} columns; a coordinate has one. Name the columns of coordinates themselves.");
        var columns = new PositionColumns([.. variables.Cast<NumericVariable>()], frame);
        return (columns, columns.Positions());
    }

    /// <summary>The levels of a factor as numbers.</summary>
    /// <exception cref="DataException">A level is no number, or two are the same one.</exception>
    public static double[] OfLevels(CodedFactor factor, RandomTerm term)
    {
        var positions = new double[factor.Levels.Count];
        for (var i = 0; i < positions.Length; i++)
        {
            if (!NumberToken.TryParse(factor.Levels[i], out positions[i]) || !double.IsFinite(positions[i]))
            {
                throw new DataException(
                    $"The level '{factor.Levels[i]}' of '{factor.Label}' in {term} is no number; {term.Structure} takes a level's name as its time or place. "
                    + "Name the levels by numbers, or use ar1 for steps of the same length.");
            }
        }

        return positions.Distinct().Count() == positions.Length
            ? positions
            : throw new DataException($"Two levels of '{factor.Label}' in {term} are the same number. Give each position one level.");
    }
}
