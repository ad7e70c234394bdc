namespace MixedModels;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know; nothing needs doing.</summary>
    Note,

    /// <summary>Something to look at before the result is used.</summary>
    Warning,

    /// <summary>The result should not be used as it is.</summary>
    Problem,
}

/// <summary>Something a fit found out about itself, said so that a non-statistician can act on it.</summary>
/// <param name="Rule">A stable identifier, such as <c>singular</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="What">What was found, with names and numbers.</param>
/// <param name="Why">Why it matters.</param>
/// <param name="Try">What to try; empty where nothing needs doing.</param>
public sealed record Finding(string Rule, FindingSeverity Severity, string What, string Why, string Try);
