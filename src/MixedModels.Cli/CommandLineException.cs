namespace MixedModels.Cli;

/// <summary>A command line that cannot be carried out; the message is complete, and the process ends with <see cref="ExitCode.WrongUsage"/>.</summary>
internal sealed class CommandLineException : Exception
{
    /// <summary>Creates the exception with its complete message.</summary>
    public CommandLineException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its complete message and the failure below it.</summary>
    public CommandLineException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
