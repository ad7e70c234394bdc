using System.Globalization;
using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Inference.Means;

/// <summary>The columns behind the fixed part of a design and what they are in its reference grid. Immutable.</summary>
/// <remarks>
/// Factors take their levels that occur, covariates their mean over the rows used; numbers that the formula makes a factor, and covariates
/// of two values, take their values. Source: Searle, Speed and Milliken 1980, Population marginal means in the linear model, The American
/// Statistician 34, 216–221; the treatment of covariates is that of R's emmeans.
/// </remarks>
internal sealed class GridAxes
{
    /// <summary>A covariate of at most so many values is a factor of the grid.</summary>
    private const int FewValues = 2;

    private readonly ModelDesign design;
    private readonly MarginalMeansOptions options;
    private readonly List<GridAxis> axes = [];

    /// <summary>Finds them.</summary>
    /// <exception cref="InferenceException">An option names a column or level that the fixed part does not have.</exception>
    public GridAxes(ModelDesign design, MarginalMeansOptions options)
    {
        (this.design, this.options) = (design, options);
        Sources = [.. Variables.SelectMany(variable => variable.Sources).Distinct(StringComparer.Ordinal)];
        foreach (var name in options.At.Keys.Concat(options.Levels.Keys)) RequireKnown(name, "The reference grid");
        foreach (var source in Sources) axes.Add(Create(source));
    }

    /// <summary>The axes, in the order in which the formula names their columns.</summary>
    public IReadOnlyList<GridAxis> All => axes;

    private IReadOnlyList<string> Sources { get; }

    private IEnumerable<FixedVariable> Variables => design.Fixed.Terms.SelectMany(term => term.Variables);

    /// <summary>The axis of a name, which may also be the label of a factor made of one column, such as <c>factor(dose)</c>.</summary>
    /// <exception cref="InferenceException">There is none, or it is a covariate at its mean.</exception>
    public GridAxis Factor(string name)
    {
        var axis = Find(name);
        if (axis.IsCategorical || options.At.ContainsKey(axis.Name)) return axis;
        var (least, most, count) = Range(axis.Name);
        throw new InferenceException(
            $"'{axis.Name}' is a covariate ({count} values from {NumberName.Of(least)} to {NumberName.Of(most)}), and means go over factors. "
            + $"Choose the values to compare (--at \"{axis.Name}={NumberName.Of(least)},{NumberName.Of(most)}\"), or ask for its slope (--trend {axis.Name}).");
    }

    /// <summary>The axis of a covariate whose slope is wanted.</summary>
    /// <exception cref="InferenceException">There is none, or it is a factor.</exception>
    public GridAxis Covariate(string name)
    {
        var axis = Find(name);
        var isLevels = Variables.Any(variable => IsLevels(variable) && variable.Sources.Contains(axis.Name, StringComparer.Ordinal));
        return design.Data[axis.Name] is NumericColumn && !isLevels
            ? axis
            : throw new InferenceException($"'{name}' is a factor and has no slope; ask for its means (--over {name}) or name a covariate.");
    }

    /// <summary>The least and greatest value of a covariate over the rows used, and the number of values.</summary>
    public (double Least, double Most, int Count) Range(string name)
    {
        var values = Used(name);
        return (values.Min(), values.Max(), values.Distinct().Count());
    }

    private static bool IsLevels(FixedVariable variable) => variable.Levels is { } levels && levels.Any(level => level is not ("FALSE" or "TRUE"));

    private GridAxis Find(string name)
    {
        var source = Variables.FirstOrDefault(variable => string.Equals(variable.Label, name, StringComparison.Ordinal)) is { Sources: [var only] } ? only : name;
        RequireKnown(source, "Marginal means");
        return axes.First(axis => string.Equals(axis.Name, source, StringComparison.Ordinal));
    }

    private void RequireKnown(string name, string who)
    {
        if (Sources.Contains(name, StringComparer.Ordinal)) return;
        if (Sources.Count == 0) throw new InferenceException($"{who} cannot use '{name}': the fixed part of this fit has no factor or covariate.");
        var known = $"it has {NearestNames.Quote(Sources)}";
        throw design.Data.Columns.Any(column => string.Equals(column.Name, name, StringComparison.Ordinal))
            ? new InferenceException($"{who} cannot use '{name}': the fit uses it, but not in its fixed part; {known}.")
            : new InferenceException($"{who} cannot use '{name}': the fixed part of this fit has no such column{NearestNames.Suggest(name, Sources)}; {known}.");
    }

    private GridAxis Create(string name) => design.Data[name] is FactorColumn factor ? CreateFactor(factor) : CreateNumbers(name);

    private GridAxis CreateFactor(FactorColumn column)
    {
        if (options.At.ContainsKey(column.Name)) throw new InferenceException($"'{column.Name}' is a factor; restrict it to some of its levels by name, not to numbers.");
        var occurs = new bool[column.Levels.Count];
        foreach (var row in design.Rows.Span) occurs[column.Codes.Span[row]] = true;
        int[] codes = [.. Enumerable.Range(0, occurs.Length).Where(code => occurs[code])];
        if (!options.Levels.TryGetValue(column.Name, out var wanted)) return GridAxis.Factor(column, codes);
        RequireSome(column.Name, wanted.Count);
        string[] names = [.. codes.Select(code => column.Levels[code])];
        return GridAxis.Factor(column, [.. wanted.Distinct(StringComparer.Ordinal).Select(level => Array.IndexOf(names, level) is var place and >= 0
            ? codes[place]
            : throw UnknownLevel(column.Name, level, names))]);
    }

    private GridAxis CreateNumbers(string name)
    {
        if (options.Levels.ContainsKey(name)) throw new InferenceException($"'{name}' holds numbers; give the values to hold it at as numbers.");
        var used = Used(name);
        double[] distinct = [.. used.Distinct().Order()];
        var isLevels = Variables.Any(variable => IsLevels(variable) && variable.Sources.Contains(name, StringComparer.Ordinal));
        if (options.At.TryGetValue(name, out var wanted))
        {
            RequireSome(name, wanted.Count);
            foreach (var value in wanted)
            {
                if (!double.IsFinite(value)) throw new InferenceException($"'{name}' is to be held at a value that is no finite number.");
                if (isLevels && !distinct.Contains(value)) throw UnknownLevel(name, NumberName.Of(value), [.. distinct.Select(NumberName.Of)]);
            }

            return GridAxis.Numbers(name, [.. wanted.Distinct()], isLevels);
        }

        return isLevels || distinct.Length <= FewValues ? GridAxis.Numbers(name, distinct, isCategorical: true) : GridAxis.Numbers(name, [Mean(used)], isCategorical: false);
    }

    private double[] Used(string name)
    {
        var values = ((NumericColumn)design.Data[name]).Values;
        return Array.ConvertAll(design.Rows.ToArray(), row => values.Span[row]);
    }

    /// <summary>Corrected once for the rounding of the sum.</summary>
    private static double Mean(double[] values)
    {
        var mean = values.Average();
        return mean + values.Average(value => value - mean);
    }

    private static void RequireSome(string name, int count)
    {
        if (count == 0) throw new InferenceException($"'{name}' is given no level or value to be held at; give one or more.");
    }

    private static InferenceException UnknownLevel(string name, string level, string[] levels) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{name}' has no level '{level}' in the rows used{NearestNames.SuggestOrList(level, levels)}."));
}
