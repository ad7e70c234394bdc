using MixedModels.Persistence;
using MixedModels.Reporting;

namespace MixedModels.Cli;

/// <summary>The command <c>mixed</c> within a process: arguments and streams in, an exit code out; it never throws.</summary>
internal static class CommandLineApplication
{
    /// <summary>Carries out one command line with the library.</summary>
    /// <param name="args">The arguments, without the command's name.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="showsProgress">Whether standard error is a terminal.</param>
    /// <param name="layout">The page that standard output is; null for the default.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static int Run(
        string[] args, TextWriter output, TextWriter error, Stream input, CancellationToken cancellationToken, bool showsProgress = false, TextLayout? layout = null) =>
        Run(args, new VerbContext(new ModelLibrary(), output, error, input, cancellationToken) { ShowsProgress = showsProgress, Layout = layout ?? new() });

    /// <summary>Carries out one command line.</summary>
    public static int Run(string[] args, VerbContext context)
    {
        try
        {
            var code = Dispatch(args, context);
            context.Output.Flush();
            return code;
        }
#pragma warning disable CA1031 // the outermost handler: whatever happens, a user sees one message and never a stack trace
        catch (Exception failure)
#pragma warning restore CA1031
        {
            var code = ExitCode.Of(failure);
            context.Say(Message(failure, code));
            return code;
        }
    }

    private static int Dispatch(string[] args, VerbContext context)
    {
        switch (args)
        {
            case [] or ["--help" or "-h" or "-?" or "help"]:
                HelpText.WriteRoot(context);
                return ExitCode.Success;
            case ["--version"]:
                context.Output.Write($"mixed {LibraryVersion.Text}\n");
                return ExitCode.Success;
            case ["help", var verb, ..]:
                HelpText.WriteVerb(context, VerbCatalogue.Create(verb));
                return ExitCode.Success;
            default:
                return VerbCatalogue.Create(args[0]).Run(args[1..], context);
        }
    }

    private static string Message(Exception failure, int code) => code switch
    {
        ExitCode.Cancelled => "cancelled.",
        ExitCode.InternalError =>
            $"internal error ({failure.GetType().Name}): {failure.Message}\nThis is a fault of the program, not yours; please report it with the command that led to it.",
        // A plan refuses with figures what it can foresee; this is what it could not.
        _ when failure is OutOfMemoryException => "The memory does not suffice for these data and this model; use fewer rows, columns or groups.",
        _ => failure.Message,
    };
}
