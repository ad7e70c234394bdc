using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>
/// A formula and a table as numbers: response, fixed-effects matrix, random terms, weights and offset over the complete rows, and what
/// is needed to make the same columns from new data. Immutable and safe for concurrent use.
/// </summary>
public sealed class ModelDesign
{
    private readonly DesignRecipe recipe;

    internal ModelDesign(
        ModelFormula formula,
        DesignRecipe recipe,
        ModelFrame frame,
        DesignVectors vectors,
        FixedDesign fixedDesign,
        IReadOnlyList<RandomTermDesign> randomTerms,
        bool hasFreeResidual)
    {
        HasFreeResidual = hasFreeResidual;
        this.recipe = recipe;
        Formula = formula;
        Data = frame.UsedColumns();
        Rows = frame.Rows;
        DroppedRows = frame.Table.RowCount - frame.Count;
        Response = vectors.Response;
        Offset = vectors.Offset;
        Weights = vectors.Weights;
        Trials = vectors.Trials;
        Frequencies = vectors.Frequencies;
        Fixed = fixedDesign;
        RandomTerms = randomTerms;
    }

    private ModelDesign(ModelDesign other, ReadOnlyMemory<double> response)
    {
        (recipe, Formula, Data, Rows, DroppedRows) = (other.recipe, other.Formula, other.Data, other.Rows, other.DroppedRows);
        (Offset, Weights, Trials, Frequencies) = (other.Offset, other.Weights, other.Trials, other.Frequencies);
        (Fixed, RandomTerms) = (other.Fixed, other.RandomTerms);
        HasFreeResidual = other.HasFreeResidual;
        (Residual, Variance, DispersionColumns) = (other.Residual, other.Variance, other.DispersionColumns);
        Response = response;
    }

    /// <summary>The formula.</summary>
    public ModelFormula Formula { get; }

    /// <summary>The columns of the table that the model uses, all rows.</summary>
    public DataTable Data { get; }

    /// <summary>The number of complete rows n.</summary>
    public int Observations => Rows.Length;

    /// <summary>The number of rows left out because a column the model uses is missing there.</summary>
    public int DroppedRows { get; }

    /// <summary>The complete rows, zero-based in the table, ascending.</summary>
    public ReadOnlyMemory<int> Rows { get; }

    /// <summary>The response in canonical form; empty for a formula without one.</summary>
    public string ResponseName => Formula.Response ?? "";

    /// <summary>The n responses, the offset not subtracted; empty for a formula without one.</summary>
    public ReadOnlyMemory<double> Response { get; }

    /// <summary>The sum of all offsets, length n; empty where there is none.</summary>
    public ReadOnlyMemory<double> Offset { get; }

    /// <summary>The prior weights, length n, positive; empty where there are none.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    /// <summary>The trials of which <see cref="Response"/> counts the successes, length n; empty for a response that is not of this kind.</summary>
    public ReadOnlyMemory<double> Trials { get; }

    /// <summary>How many identical rows each row stands for, length n, positive; empty where all stand for themselves.</summary>
    public ReadOnlyMemory<double> Frequencies { get; }

    /// <summary>Whether every row has a residual whose variance is estimated, see <see cref="DesignOptions.HasFreeResidual"/>.</summary>
    public bool HasFreeResidual { get; }

    /// <summary>The fixed effects.</summary>
    public FixedDesign Fixed { get; }

    /// <summary>The random terms in the order of the formula.</summary>
    public IReadOnlyList<RandomTermDesign> RandomTerms { get; }

    /// <summary>The residual covariance structure over the rows; null for independent residuals.</summary>
    internal ResidualDesign? Residual { get; private init; }

    /// <summary>The variance functions over the rows, those of the dispersion model's columns last; empty for one residual variance.</summary>
    internal IReadOnlyList<VarianceDesign> Variance { get; private init; } = [];

    /// <summary>The columns of the dispersion model beside its intercept: as many of <see cref="Variance"/>, the last.</summary>
    internal IReadOnlyList<string> DispersionColumns { get; private init; } = [];

    /// <summary>Makes the design of a formula over a table. O(n p²) for p fixed-effects columns.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="table">The data; a row with a missing value in a column the model uses is left out.</param>
    /// <param name="options">Weights, offsets and codings; null for none.</param>
    /// <exception cref="FormulaException">
    /// The formula names a column or level the table does not have, or a structure this version does not.
    /// </exception>
    /// <exception cref="DataException">The values do not allow the model.</exception>
    public static ModelDesign Create(ModelFormula formula, DataTable table, DesignOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(formula);
        ArgumentNullException.ThrowIfNull(table);
        return new DesignBuilder(formula, new TableColumns(table), options ?? new()).Build();
    }

    /// <summary>Makes the same columns from another table; the response and the weights need not be there.</summary>
    /// <param name="newData">The table; a row with a missing value is left out and counted.</param>
    /// <param name="includeRandomTerms">Whether the random terms, and so their columns, are wanted.</param>
    /// <exception cref="DataException">A column is absent, or a factor of the effects has a level the design does not know.</exception>
    public NewDataDesign Replay(DataTable newData, bool includeRandomTerms = true)
    {
        ArgumentNullException.ThrowIfNull(newData);
        return recipe.Replay(newData, includeRandomTerms ? [.. Enumerable.Range(0, RandomTerms.Count)] : []);
    }

    /// <summary>The same design with other responses in the n rows; <see cref="Data"/> stays as it is.</summary>
    internal ModelDesign WithResponse(ReadOnlyMemory<double> response) => new(this, response);

    /// <summary>The same design with a residual structure, variance functions and a dispersion model.</summary>
    internal ModelDesign With(ResidualDesign? residual, IReadOnlyList<VarianceDesign> variance, IReadOnlyList<VarianceDesign> dispersion) =>
        residual is null && variance.Count + dispersion.Count == 0 && Residual is null && Variance.Count == 0
            ? this
            : new(this, Response) { Residual = residual, Variance = [.. variance, .. dispersion], DispersionColumns = [.. dispersion.Select(column => column.Term.Text)] };

    /// <summary>As the other, for some of the random terms; the columns of the others need not be there.</summary>
    internal NewDataDesign Replay(DataTable newData, IReadOnlyList<int> randomTerms, ResidualParts residual = ResidualParts.None) =>
        recipe.Replay(newData, randomTerms, withLevels: true, residual == ResidualParts.None ? null : new(Residual, Variance, residual));

    /// <summary>As the other, every random term with its columns and no levels; the groups need not be there.</summary>
    internal NewDataDesign ReplayWithoutLevels(DataTable newData) => recipe.Replay(newData, [.. Enumerable.Range(0, RandomTerms.Count)], withLevels: false);

    /// <summary>The names of every column of the fixed part, dependent ones too.</summary>
    internal IReadOnlyList<string> AllColumnNames => recipe.Matrix.ColumnNames;

    /// <summary>The places of the kept columns among all.</summary>
    internal IReadOnlyList<int> KeptColumns => recipe.Kept;

    /// <summary>Every column of the fixed part over the rows used: n×columns, column-major.</summary>
    internal double[] AllColumns() => recipe.Matrix.Evaluate(OwnFrame());

    /// <summary>Every column of the fixed part over a table without missing values: rows×columns, column-major.</summary>
    internal double[] AllColumns(DataTable complete)
    {
        var frame = new ModelFrame(new TableColumns(complete));
        foreach (var variable in recipe.Variables) frame.Add(variable);
        frame.FindCompleteRows();
        return recipe.Matrix.Evaluate(frame);
    }

    /// <summary>The columns of one random term over a table without missing values, rows×effects, column-major; the table need not have its group.</summary>
    internal double[] RandomColumns(int term, DataTable complete)
    {
        var frame = new ModelFrame(new TableColumns(complete));
        var matrix = recipe.RandomTerms[term].Matrix;
        foreach (var piece in matrix.Pieces.SelectMany(pieces => pieces)) frame.Add(piece.Variable);
        frame.FindCompleteRows();
        return matrix.Evaluate(frame);
    }

    /// <summary>The names of the table's columns that the effects of a random term are computed from, its group not among them.</summary>
    internal IReadOnlyList<string> RandomSources(int term) =>
        [.. recipe.RandomTerms[term].Matrix.Pieces.SelectMany(pieces => pieces).SelectMany(piece => piece.Variable.Sources).Distinct(StringComparer.Ordinal)];

    /// <summary>The fixed part with an indicator of every level of every factor, over the rows used.</summary>
    internal IndicatorDesign Indicators() => new(recipe.Matrix, OwnFrame());

    private ModelFrame OwnFrame()
    {
        var frame = new ModelFrame(new TableColumns(Data));
        foreach (var variable in recipe.Variables) frame.Add(variable);
        frame.UseRows(Rows);
        return frame;
    }

    /// <summary>The rows the design was made from, as if they were new data.</summary>
    internal NewDataDesign OwnRows(IReadOnlyList<int> randomTerms, ResidualParts residual = ResidualParts.None) => new(
        Data.RowCount,
        Rows,
        Fixed.X,
        Offset,
        [.. randomTerms.Select(index => new NewDataRandomTerm(RandomTerms[index].LevelOfRow, RandomTerms[index].Z, [], RandomTerms[index].Memberships))])
    {
        Residual = residual == ResidualParts.None ? null : new ResidualReplay(Residual, Variance, residual).Over(Rows),
    };
}
