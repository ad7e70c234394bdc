using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MixedModels.Data;

/// <summary>A column nobody declared: numbers until a cell is not one, then text. Owned by one thread.</summary>
/// <remarks>Cells before the first text are kept as numbers only; a factor that has some needs its cells a second time.</remarks>
internal sealed class InferredColumn(string name, string source, bool commaMayBeDecimal) : ICellSink
{
    private readonly List<double> numbers = [];
    private int numberCount;
    private TokenColumn? cells;

    /// <summary>The column's name.</summary>
    public string Name => name;

    /// <summary>Whether <see cref="ToColumn"/> wants all cells of the column as text.</summary>
    public bool NeedsAllCells => cells is not null && numberCount > 0 && Problem() is null;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> cell, int line)
    {
        if (cells is null)
        {
            if (TryAddNumber(cell))
                return;
            cells = new TokenColumn();
        }

        cells.Add(cell, line);
    }

    /// <summary>The finished column: numeric, a factor, or one that says why it cannot be used.</summary>
    /// <param name="allCells">Every cell as text, where <see cref="NeedsAllCells"/>.</param>
    public Column ToColumn(TokenColumn? allCells)
    {
        Debug.Assert(allCells is not null || !NeedsAllCells, "a factor with earlier numbers is read twice");
        if (cells is null)
            return new NumericColumn(name, CollectionsMarshal.AsSpan(numbers));
        if (Problem() is { } problem)
            return new UnusableColumn(name, numbers.Count + cells.Codes.Length, problem);
        allCells ??= WithLeadingMissing();
        return FactorTokens.AreLogical(allCells)
            ? FactorTokens.Logical(name, allCells)
            : FactorTokens.InNaturalOrder(name, allCells, isOrdered: false, source);
    }

    private bool TryAddNumber(ReadOnlySpan<byte> cell)
    {
        double number;
        if (NumberToken.IsMissing(cell))
            number = double.NaN;
        else if (NumberToken.TryParse(cell, out number))
            numberCount++;
        else
            return false;
        numbers.Add(number);
        return true;
    }

    private TokenColumn WithLeadingMissing()
    {
        if (numbers.Count == 0)
            return cells!;
        var padded = new TokenColumn();
        for (var row = 0; row < numbers.Count; row++)
            padded.Add([], line: 0);
        foreach (var code in cells!.Codes)
            padded.Add(code < 0 ? [] : cells.Tokens[code].Content, code < 0 ? 0 : cells.Tokens[code].Line);
        return padded;
    }

    // More than half numbers, yet not all: a typing slip or a code for missing, which neither type would serve.
    private string? Problem()
    {
        var counts = cells!.Counts();
        var (asNumber, asDecimalComma, other) = (numberCount, 0, 0);
        TokenColumn.Token? firstOther = null;
        TokenColumn.Token? firstComma = null;
        for (var i = 0; i < counts.Length; i++)
        {
            var token = cells.Tokens[i];
            if (token.IsNumber)
            {
                asNumber += counts[i];
            }
            else if (commaMayBeDecimal && HasDecimalComma(token.Content))
            {
                asDecimalComma += counts[i];
                firstComma ??= token;
            }
            else
            {
                other += counts[i];
                firstOther ??= token;
            }
        }

        if (firstComma is not null && asNumber + asDecimalComma > other)
            return DecimalComma(firstComma);
        return asNumber > other + asDecimalComma ? MostlyNumbers(firstOther!, other) : null;
    }

    private string DecimalComma(TokenColumn.Token first) =>
        $"Column '{name}' of {source} is written with decimal commas, first '{first.Name}' on line {first.Line}. "
        + $"Write numbers with a decimal point ({first.Name.Replace(',', '.')}); if the column is categorical, name it as a factor (--factor {name}).";

    private string MostlyNumbers(TokenColumn.Token first, int count)
    {
        var cellsAre = count == 1 ? "one cell" : $"{count} cells, the first";
        var missing = MeansMissing(first.Name) ? $" If '{first.Name}' means missing, write NA." : "";
        return $"Column '{name}' of {source} is numbers except for {cellsAre} '{first.Name}' on line {first.Line}."
            + $"{missing} Correct the cell{(count == 1 ? "" : "s")}, or name the column as a factor (--factor {name}) if it is categorical.";
    }

    private static bool MeansMissing(string token) =>
        token is "." or "-" or "?" || token.ToUpperInvariant() is "N/A" or "#N/A" or "NULL" or "NONE" or "MISSING" or "NA";

    private static bool HasDecimalComma(ReadOnlySpan<byte> token)
    {
        var comma = token.IndexOf((byte)',');
        return comma > 0
            && NumberToken.TryParse(token[..comma], out _)
            && comma + 1 < token.Length
            && !token[(comma + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
