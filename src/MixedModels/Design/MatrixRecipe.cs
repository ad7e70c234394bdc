using MixedModels.Execution;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>One variable's part in a term: the columns that multiply into those of the term.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Factor">The factor, or null for a numeric variable.</param>
/// <param name="Coding">The columns that stand for the levels, or null for a numeric variable.</param>
internal sealed record TermPiece(Variable Variable, CodedFactor? Factor, ContrastMatrix? Coding)
{
    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> ColumnNames { get; } =
        Coding is null ? ((NumericVariable)Variable).ColumnNames : [.. Coding.Suffixes.Select(suffix => Variable.Label + suffix)];
}

/// <summary>How terms become the columns of a matrix over any table: R's <c>model.matrix</c>. Immutable.</summary>
internal sealed class MatrixRecipe
{
    private readonly bool hasIntercept;
    private readonly List<TermPiece[]> pieces = [];

    /// <summary>Decides each factor's coding and names the columns.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="variables">The bound variables of <paramref name="terms"/>; null where no term uses one.</param>
    /// <param name="factors">The coded factors by label.</param>
    /// <param name="rows">The rows it will be evaluated over first.</param>
    /// <exception cref="Data.DataException">The columns are more than can be held.</exception>
    public MatrixRecipe(TermList terms, IReadOnlyList<Variable?> variables, IReadOnlyDictionary<string, CodedFactor> factors, int rows)
    {
        hasIntercept = terms.HasIntercept;
        var needsIndicators = Marginality.NeedsIndicators(terms, [.. variables.Select(variable => variable is FactorVariable)]);
        for (var t = 0; t < terms.Terms.Count; t++)
        {
            pieces.Add([.. terms.Terms[t].Variables.Select((variable, k) => Piece(variables[variable]!, needsIndicators[t][k], factors))]);
        }

        MatrixSize.Require("The formula", rows, CountColumns(), AvailableMemory.Bytes);
        TermNames = [.. terms.Terms.Select(term => term.Label)];
        (ColumnNames, Assign) = NameColumns();
    }

    private MatrixRecipe(MatrixRecipe coded)
    {
        hasIntercept = coded.hasIntercept;
        foreach (var term in coded.pieces)
            pieces.Add([.. term.Select(piece => piece.Factor is null ? piece : new TermPiece(piece.Variable, piece.Factor, piece.Factor.Indicators))]);
        TermNames = coded.TermNames;
        (ColumnNames, Assign) = NameColumns();
    }

    /// <summary>The same terms with an indicator of every level of every factor: more columns than can be told apart, and no coding.</summary>
    public MatrixRecipe WithIndicators() => new(this);

    /// <summary>The names of all columns.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The term of each column, counted from 1; 0 is the intercept.</summary>
    public IReadOnlyList<int> Assign { get; }

    /// <summary>The terms' labels.</summary>
    public IReadOnlyList<string> TermNames { get; }

    /// <summary>The variables of each term.</summary>
    public IReadOnlyList<TermPiece[]> Pieces => pieces;

    /// <summary>Whether all columns are numeric, and the first ones of another matrix.</summary>
    public bool BeginsLike(MatrixRecipe other)
    {
        if (ColumnNames.Count == 0 || hasIntercept != other.hasIntercept || pieces.Count > other.pieces.Count) return false;
        for (var t = 0; t < pieces.Count; t++)
        {
            var (own, others) = (pieces[t], other.pieces[t]);
            if (own.Length != others.Length) return false;
            for (var k = 0; k < own.Length; k++)
            {
                if (own[k].Factor is not null || others[k].Factor is not null || !string.Equals(own[k].Variable.Label, others[k].Variable.Label, StringComparison.Ordinal)) return false;
            }
        }

        return true;
    }

    /// <summary>The columns over the complete rows of a frame, n×p column-major. O(n p × degree of the terms).</summary>
    /// <exception cref="Data.DataException">They are more than can be held.</exception>
    public double[] Evaluate(ModelFrame frame)
    {
        var n = frame.Count;
        MatrixSize.Require("The formula", n, ColumnNames.Count, AvailableMemory.Bytes);
        var X = new double[n * ColumnNames.Count];
        var column = 0;
        if (hasIntercept)
            X.AsSpan(n * column++, n).Fill(1);
        foreach (var term in pieces)
        {
            var width = term.Aggregate(1, (product, piece) => product * piece.ColumnNames.Count);
            var into = X.AsSpan(n * column, n * width);
            var repeat = 1;
            foreach (var piece in term)
            {
                Multiply(frame, piece, repeat, into, isFirst: ReferenceEquals(piece, term[0]));
                repeat *= piece.ColumnNames.Count;
            }

            column += width;
        }

        return X;
    }

    private static TermPiece Piece(Variable variable, bool needsIndicators, IReadOnlyDictionary<string, CodedFactor> factors)
    {
        if (variable is not FactorVariable)
            return new TermPiece(variable, null, null);
        var factor = factors[variable.Label];
        return new TermPiece(variable, factor, needsIndicators ? factor.Indicators : factor.Contrasts);
    }

    // The first piece writes, the others multiply. Columns of a term run with the first variable fastest: column c has the piece's
    // column (c / repeat) mod its count.
    private static void Multiply(ModelFrame frame, TermPiece piece, int repeat, Span<double> into, bool isFirst)
    {
        var n = frame.Count;
        var count = piece.ColumnNames.Count;
        var codes = piece.Factor?.Codes(frame);
        var numbers = piece.Factor is null ? frame.Numbers(piece.Variable.Label).Span : [];
        for (var c = 0; c * n < into.Length; c++)
        {
            var target = into.Slice(c * n, n);
            var own = c / repeat % count;
            if (codes is null)
            {
                MultiplyBy(numbers.Slice(own * n, n), target, isFirst);
                continue;
            }

            MultiplyBy(piece.Coding!.Column(own), codes, target, isFirst);
        }
    }

    private static void MultiplyBy(ReadOnlySpan<double> values, Span<double> target, bool isFirst)
    {
        if (isFirst)
        {
            values.CopyTo(target);
            return;
        }

        for (var i = 0; i < target.Length; i++)
            target[i] *= values[i];
    }

    private static void MultiplyBy(ReadOnlySpan<double> byLevel, int[] codes, Span<double> target, bool isFirst)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = isFirst ? byLevel[codes[i]] : target[i] * byLevel[codes[i]];
    }

    /// <summary>The number of columns, told before any of them has a name.</summary>
    private double CountColumns() => (hasIntercept ? 1 : 0) + pieces.Sum(term => term.Aggregate(1.0, (product, piece) => product * piece.ColumnNames.Count));

    private (List<string> Names, List<int> Assign) NameColumns()
    {
        var names = new List<string>();
        var assign = new List<int>();
        if (hasIntercept)
        {
            names.Add("(Intercept)");
            assign.Add(0);
        }

        for (var t = 0; t < pieces.Count; t++)
        {
            IEnumerable<string> termNames = pieces[t][0].ColumnNames;
            foreach (var piece in pieces[t].Skip(1))
            {
                var slower = piece.ColumnNames;
                var faster = termNames;
                termNames = slower.SelectMany(name => faster.Select(before => $"{before}:{name}"));
            }

            foreach (var name in termNames)
            {
                names.Add(name);
                assign.Add(t + 1);
            }
        }

        return (names, assign);
    }
}
