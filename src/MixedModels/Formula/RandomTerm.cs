namespace MixedModels.Formula;

/// <summary>A random term of a formula, <c>(effects | group)</c>, nested groups already written out. Immutable.</summary>
public sealed class RandomTerm
{
    internal RandomTerm(
        string text,
        string structure,
        TermList effects,
        IReadOnlyList<FormulaVariable> groupFactors,
        CallExpression? groupCall,
        IReadOnlyList<Argument> arguments,
        int position)
    {
        Text = text;
        Structure = structure;
        Effects = effects;
        GroupFactors = groupFactors;
        GroupCall = groupCall;
        Arguments = arguments;
        Position = position;
        Group = groupCall is null ? string.Join(':', groupFactors.Select(factor => factor.Label)) : Deparser.Print(groupCall);
    }

    /// <summary>The grouping factor's name, <c>a:b</c> for an interaction.</summary>
    public string Group { get; }

    /// <summary>
    /// The covariance structure of the effects: <c>us</c> (every variance and covariance), <c>diag</c> (variances alone, <c>||</c>),
    /// or the name of another structure of the formula language.
    /// </summary>
    public string Structure { get; }

    /// <summary>The term in canonical form, such as <c>(Days | Subject)</c>.</summary>
    public string Text { get; }

    /// <summary>Zero-based position in the formula.</summary>
    public int Position { get; }

    /// <summary>The left side of the bar as terms.</summary>
    internal TermList Effects { get; }

    /// <summary>The factors whose interaction is the group; empty where <see cref="GroupCall"/> is set.</summary>
    internal IReadOnlyList<FormulaVariable> GroupFactors { get; }

    /// <summary>A call of <c>mm</c> or <c>gr</c> in the group's place, otherwise null.</summary>
    internal CallExpression? GroupCall { get; }

    /// <summary>The structure's own arguments, such as <c>d = 2</c>.</summary>
    internal IReadOnlyList<Argument> Arguments { get; }

    /// <summary>The canonical form.</summary>
    public override string ToString() => Text;
}
