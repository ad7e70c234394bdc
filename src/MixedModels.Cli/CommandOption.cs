using System.CommandLine;

namespace MixedModels.Cli;

/// <summary>The three kinds of option. Values stay text here: whoever owns an option reads it and words its refusals.</summary>
internal static class CommandOption
{
    /// <summary>An option that is there or not.</summary>
    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>An option with one value, given at most once.</summary>
    /// <param name="name">The option, such as <c>--out</c>.</param>
    /// <param name="value">What stands for the value in the help, such as <c>FILE</c>.</param>
    /// <param name="description">What it does.</param>
    public static Option<string> Value(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, Arity = ArgumentArity.ExactlyOne };

    /// <summary>An option with one value that may be given several times.</summary>
    /// <param name="name">The option, such as <c>--levels</c>.</param>
    /// <param name="value">What stands for the value in the help.</param>
    /// <param name="description">What it does.</param>
    public static Option<string[]> Repeatable(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
}
