using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>
/// Successes out of trials, however they were written: <c>cbind(successes, failures)</c>, a two-level factor, a count with a column of trials,
/// a proportion whose weights are the trials, or 0 and 1.
/// </summary>
internal sealed class BinomialResponse : BoundResponse
{
    /// <summary>A proportion times its trials may be off a whole number by the digits a file drops.</summary>
    private const double WholeTolerance = 1e-4;

    private readonly Variable first;
    private readonly NumericVariable? failures;
    private readonly NumericVariable? trials;

    private BinomialResponse(Variable first, NumericVariable? failures, NumericVariable? trials) =>
        (this.first, this.failures, this.trials) = (first, failures, trials);

    /// <inheritdoc/>
    public override IReadOnlyList<Variable> Variables => [.. new[] { first, failures, trials }.OfType<Variable>()];

    /// <summary>Binds the response to a table.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="compiler">Binds its variables.</param>
    /// <param name="table">The table.</param>
    /// <param name="expression">The response.</param>
    /// <param name="trials">The column of trials; null for none.</param>
    /// <exception cref="FormulaException">It is none of the forms a binomial response has.</exception>
    /// <exception cref="DataException">There is no such column of trials.</exception>
    public static BinomialResponse Bind(ModelFormula formula, VariableCompiler compiler, TableColumns table, Expression expression, string? trials)
    {
        var counts = trials is null ? null : WeightVector.Bind(table, trials);
        if (expression is CallExpression { Function: "cbind" } bound)
        {
            if (counts is not null)
                throw formula.Source.Error(expression.Position, "The response cbind(...)", $"it says the failures, so trials ('{trials}') are one word too many; leave one of the two out");
            return new(Number(formula, compiler, bound.Arguments[0].Value), Number(formula, compiler, bound.Arguments[1].Value), null);
        }

        if (compiler.Compile(formula.Source, new FormulaVariable(formula.Response!, expression)) is not FactorVariable factor)
            return new(Number(formula, compiler, expression), null, counts);
        var levels = factor.Factor.Levels;
        if (levels.Count != 2)
        {
            var shown = NearestNames.Quote(levels.Take(4)) + (levels.Count > 4 ? ", ..." : "");
            throw formula.Source.Error(
                expression.Position,
                $"The response '{formula.Response}'",
                $"it is a factor with {levels.Count} {(levels.Count == 1 ? "level" : "levels")} ({shown}) and a binomial model needs two, failure first; merge levels, or write a comparison such as {formula.Response} == \"{levels[^1]}\"");
        }

        return counts is null
            ? new(factor, null, null)
            : throw formula.Source.Error(expression.Position, $"The response '{formula.Response}'", $"a factor is one trial a row; leave out the trials ('{trials}')");
    }

    /// <inheritdoc/>
    public override ResponseValues Values(ModelFrame frame, ReadOnlyMemory<double> weights)
    {
        if (first is FactorVariable) return new(Array.ConvertAll(frame.Codes(first.Label), code => (double)code), Ones(frame.Count), weights);
        var successes = frame.Numbers(first.Label);
        if (failures is not null) return new(successes, Sum(frame, successes, frame.Numbers(failures.Label)), weights);
        if (trials is not null) return new(successes, frame.Numbers(trials.Label), weights);
        return IsWhole(successes.Span) || weights.IsEmpty ? new(successes, Ones(frame.Count), weights) : Proportions(frame, successes.Span, weights);
    }

    private static NumericVariable Number(ModelFormula formula, VariableCompiler compiler, Expression expression)
    {
        var label = Deparser.Print(expression);
        return compiler.Compile(formula.Source, new FormulaVariable(label, expression)) is NumericVariable { ColumnNames.Count: 1 } numeric
            ? numeric
            : throw formula.Source.Error(expression.Position, $"{label} in the response", "wanted one number a row");
    }

    private static ReadOnlyMemory<double> Sum(ModelFrame frame, ReadOnlyMemory<double> successes, ReadOnlyMemory<double> failures)
    {
        var sums = new double[frame.Count];
        for (var i = 0; i < sums.Length; i++)
        {
            if (failures.Span[i] < 0)
                throw new DataException($"The response has {NumberName.Of(failures.Span[i])} failures in row {frame.Rows.Span[i] + 1}; cbind(successes, failures) wants counts of both, not the trials.");
            sums[i] = successes.Span[i] + failures.Span[i];
        }

        return sums;
    }

    private ResponseValues Proportions(ModelFrame frame, ReadOnlySpan<double> proportions, ReadOnlyMemory<double> weights)
    {
        var successes = new double[proportions.Length];
        for (var i = 0; i < successes.Length; i++)
        {
            var exact = proportions[i] * weights.Span[i];
            successes[i] = Math.Round(exact);
            if (Math.Abs(exact - successes[i]) > WholeTolerance * Math.Max(1, weights.Span[i]))
            {
                throw new DataException(
                    $"The proportion {first.Label} is {NumberName.Of(proportions[i])} of {NumberName.Of(weights.Span[i])} trials in row {frame.Rows.Span[i] + 1}, which is no whole number of successes. "
                    + "The weights of a proportion are its trials.");
            }
        }

        return new(successes, weights, default);
    }

    private static bool IsWhole(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (value != Math.Floor(value)) return false;
        }

        return true;
    }

    private static double[] Ones(int count)
    {
        var ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
