using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>The values a transform learns from: finite, at least one.</summary>
internal sealed class LearningSample
{
    private LearningSample(string label, double[] values)
    {
        Label = label;
        Values = values;
    }

    /// <summary>The canonical text of what was computed.</summary>
    public string Label { get; }

    /// <summary>The values in row order, those missing left out.</summary>
    public double[] Values { get; }

    /// <summary>Evaluates a transform's argument over a table.</summary>
    /// <exception cref="DataException">No value is present, or one is infinite.</exception>
    public static LearningSample Of(FormulaSource source, TableColumns table, Expression expression, NumericNode argument)
    {
        var label = Deparser.Print(expression);
        var all = argument.Evaluate(table).Span;
        var values = new List<double>(all.Length);
        for (var row = 0; row < all.Length; row++)
        {
            if (double.IsInfinity(all[row]))
            {
                throw new DataException(
                    $"{label} is {NumberName.Of(all[row])} in row {row + 1}, so nothing can be learnt from it in '{source.Text}'. "
                    + "Remove the row or use another transform.");
            }


            if (!double.IsNaN(all[row]))
                values.Add(all[row]);
        }

        if (values.Count == 0)
            throw new DataException($"{label} has no value in any of the {all.Length} rows.");
        return new LearningSample(label, [.. values]);
    }

    /// <summary>The mean, corrected once for the rounding of the sum.</summary>
    public double Mean()
    {
        var mean = Values.Average();
        return mean + Values.Average(value => value - mean);
    }

    /// <summary>√(Σ(x − centre)² / (n − 1)); NaN for one value.</summary>
    public double RootMeanSquare(double centre)
    {
        var sum = 0.0;
        foreach (var value in Values)
            sum += (value - centre) * (value - centre);
        return Math.Sqrt(sum / (Values.Length - 1));
    }
}
