using MixedModels.Data;
using MixedModels.Execution;

namespace MixedModels.Design;

/// <summary>A factor of the fixed or random effects with the levels that occur and their coding. Immutable.</summary>
internal sealed class CodedFactor
{
    private readonly FactorNode factor;

    // A term uses one of them; of many levels each takes as much room as a design matrix.
    private readonly Lazy<ContrastMatrix> contrasts;
    private readonly Lazy<ContrastMatrix> indicators;

    // For each learnt level its place among those that occur, −1 where it does not.
    private readonly int[] place;

    /// <summary>Keeps the levels that occur in the complete rows of the frame that the factor was learnt from.</summary>
    /// <exception cref="DataException">Fewer than two levels occur, or more than can be coded.</exception>
    public CodedFactor(FactorVariable variable, ModelFrame frame, IReadOnlyDictionary<string, ContrastCoding> codings)
    {
        Label = variable.Label;
        factor = variable.Factor;
        var occurs = new bool[factor.Levels.Count];
        foreach (var code in frame.Codes(Label))
            occurs[code] = true;
        place = new int[occurs.Length];
        var levels = new List<string>();
        for (var i = 0; i < occurs.Length; i++)
        {
            place[i] = occurs[i] ? levels.Count : -1;
            if (occurs[i])
                levels.Add(factor.Levels[i]);
        }

        Levels = levels;
        var usual = factor.IsOrdered ? ContrastCoding.Polynomial : ContrastCoding.Treatment;
        Coding = factor.Coding ?? (codings.TryGetValue(Label, out var chosen) ? chosen : usual);
        RequireLevels(frame);
        contrasts = new(() => ContrastMatrix.Create(Coding, levels, isNumbered: factor.Coding is not null));
        indicators = new(() => ContrastMatrix.Indicators(levels));
    }

    /// <summary>The variable's label.</summary>
    public string Label { get; }

    /// <summary>The levels that occur, in their order.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>Whether the levels are ordered.</summary>
    public bool IsOrdered => factor.IsOrdered;

    /// <summary>The coding where the margin is in the model.</summary>
    public ContrastCoding Coding { get; }

    /// <summary>The contrasts.</summary>
    public ContrastMatrix Contrasts => contrasts.Value;

    /// <summary>The indicators of all levels.</summary>
    public ContrastMatrix Indicators => indicators.Value;

    /// <summary>Whether a coding is that of the indicators.</summary>
    public bool IsIndicators(ContrastMatrix? coding) => indicators.IsValueCreated && ReferenceEquals(coding, indicators.Value);

    /// <summary>The place of each complete row's level among <see cref="Levels"/>.</summary>
    /// <exception cref="DataException">A row has a level that does not occur in the data of the design.</exception>
    public int[] Codes(ModelFrame frame)
    {
        var codes = frame.Codes(Label);
        var places = new int[codes.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            places[i] = codes[i] < place.Length ? place[codes[i]] : -1;
            if (places[i] < 0)
                throw UnknownLevel(frame, codes[i], frame.Rows.Span[i]);
        }

        return places;
    }

    private void RequireLevels(ModelFrame frame)
    {
        if (Levels.Count < 2)
        {
            var dropped = frame.Table.RowCount - frame.Count;
            var once = dropped == 0 ? "" : $" once {dropped} incomplete rows are dropped";
            throw new DataException($"Factor '{Label}' has 1 level{once}; a fixed or random effect needs 2. Remove it from the formula.");
        }

        MatrixSize.Require($"Factor '{Label}' with its {Levels.Count} levels", frame.Count, Levels.Count - 1, AvailableMemory.Bytes);

        // contr.poly's own limit: beyond it the polynomials cannot be told apart in double precision.
        const int mostRanks = 95;
        if (Coding == ContrastCoding.Polynomial && Levels.Count > mostRanks)
        {
            throw new DataException(
                $"Factor '{Label}' has {Levels.Count} ordered levels; polynomial contrasts go to {mostRanks}. "
                + "Use another coding, or a numeric covariate.");
        }
    }

    private DataException UnknownLevel(ModelFrame frame, int code, int row)
    {
        var level = code < factor.Levels.Count ? factor.Levels[code] : frame.NewLevels(Label)[code - factor.Levels.Count];
        return new DataException(
            $"Factor '{Label}' has the level '{level}' in row {row + 1}, which does not occur in the rows the model was made from"
            + $"{NearestNames.SuggestOrList(level, [.. Levels])}. Correct it, or leave the row out: nothing is known of a level that was never seen.");
    }
}
