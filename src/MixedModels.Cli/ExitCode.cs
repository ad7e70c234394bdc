using MixedModels.Data;
using MixedModels.Formula;
using MixedModels.Reporting.Plots;

namespace MixedModels.Cli;

/// <summary>What the process returns; scripts depend on these numbers.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Fitted, results written, but no optimum was proved or it is not the only one.</summary>
    public const int NotConverged = 1;

    /// <summary>A wrong command line, an output that cannot be written, a wrong formula, or a question the fit cannot answer.</summary>
    public const int WrongUsage = 2;

    /// <summary>Data or a model file that cannot be used, or a model that does not fit the memory.</summary>
    public const int UnusableData = 3;

    /// <summary>A failure that is not the user's; the number is EX_SOFTWARE of sysexits.h.</summary>
    public const int InternalError = 70;

    /// <summary>Cancelled; what a shell reports for a process ended by Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>The exit code of a failure, the one place where exceptions become numbers.</summary>
    public static int Of(Exception failure) => failure switch
    {
        CommandLineException or FormulaException or InferenceException or PlotException => WrongUsage,
        DataException or IOException or UnauthorizedAccessException or OutOfMemoryException => UnusableData,
        OperationCanceledException => Cancelled,
        _ => InternalError,
    };
}
