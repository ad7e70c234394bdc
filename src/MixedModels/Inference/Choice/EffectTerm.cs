namespace MixedModels.Inference.Choice;

/// <summary>A term left of a bar: a variable or an interaction.</summary>
/// <param name="Label">Its canonical text, such as <c>dose:time</c>.</param>
/// <param name="Variables">The labels of its variables.</param>
internal sealed record EffectTerm(string Label, IReadOnlyList<string> Variables)
{
    /// <summary>Whether another term contains this one, as <c>a:b</c> contains <c>a</c>.</summary>
    public bool IsPartOf(EffectTerm other) => Variables.Count < other.Variables.Count && Variables.All(variable => other.Variables.Contains(variable, StringComparer.Ordinal));

    /// <summary>Whether both are made of the same variables, in whatever order these are named.</summary>
    public bool IsSameAs(EffectTerm other) => Variables.Count == other.Variables.Count && Variables.All(variable => other.Variables.Contains(variable, StringComparer.Ordinal));
}
