using System.Globalization;
using System.Text.RegularExpressions;

namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>lme4's <c>lmer</c> by way of peer.R, and by short programs of our own for what follows a fit.</summary>
internal sealed partial class LmerPeer : IDisposable
{
    private readonly PeerFolder folder;

    /// <summary>Makes the peer ready.</summary>
    /// <exception cref="ProgramException">R has no lme4, or its folder cannot be made.</exception>
    public LmerPeer(FitsOptions options)
    {
        Versions = ReadVersions();
        folder = new(options);
    }

    /// <summary>R, lme4 and the BLAS below them.</summary>
    public string Versions { get; }

    /// <summary>Why the peer cannot run; null if it can.</summary>
    public static string? Missing(FitsOptions options)
    {
        if (!RProgram.Exists) return "Rscript is not installed";
        return File.Exists(Path.Combine(options.Shared, "peers", "peer.R")) ? null : "peers/peer.R is not in the shared folder (--shared)";
    }

    /// <summary>Times lmer on a case of peer.R.</summary>
    /// <exception cref="ProgramException">R failed or printed something else.</exception>
    public PeerFit Fit(FitCase entry, int repetitions)
    {
        var run = RProgram.Run(folder.Path, ["peer.R", entry.Name, Text(repetitions), "lmer"]);
        var found = Line().Match(run.Output);
        if (!found.Success) throw new ProgramException("peer.R printed no elapsed=…, logLik=… and evaluations=…", run.Output);
        var evaluations = int.TryParse(found.Groups["evaluations"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : (int?)null;
        return new(Number(found, "elapsed"), Number(found, "logLik"), evaluations, repetitions, run.PeakBytes);
    }

    /// <summary>Times a call of nlme, which comes with R, on a case's data.</summary>
    /// <exception cref="ProgramException">R failed or printed something else.</exception>
    public PeerFit FitByNlme(FitCase entry, string call, int repetitions) => FitBy(entry, "nlme", call, repetitions);

    /// <summary>Times a function that takes lme4's formula, data and a family.</summary>
    /// <exception cref="ProgramException">R failed or printed something else.</exception>
    public PeerFit FitByCall(FitCase entry, string package, string function, int repetitions) =>
        FitBy(entry, package, $"{function}({entry.Formula}, d, family = {entry.Family}())", repetitions);

    private PeerFit FitBy(FitCase entry, string package, string call, int repetitions)
    {
        var file = Path.Combine(folder.Path, "call.R");
        File.WriteAllText(file, CallProgram(entry, package, call, repetitions));
        var run = RProgram.Run(folder.Path, [file]);
        var found = Line().Match(run.Output);
        return found.Success
            ? new(Number(found, "elapsed"), Number(found, "logLik"), null, repetitions, run.PeakBytes)
            : throw new ProgramException($"{package}'s program printed no elapsed=… and logLik=…", run.Output);
    }

    /// <summary>The median seconds of a follow-up.</summary>
    /// <param name="entry">The case it follows.</param>
    /// <param name="program">Statements that define <c>one()</c>.</param>
    /// <param name="repetitions">How often it is run.</param>
    /// <exception cref="ProgramException">R failed or printed something else.</exception>
    public double FollowUp(FitCase entry, string program, int repetitions)
    {
        var file = Path.Combine(folder.Path, "followup.R");
        File.WriteAllText(file, FollowUpProgram(entry, program, repetitions));
        var run = RProgram.Run(folder.Path, [file]);
        var found = Elapsed().Match(run.Output);
        return found.Success ? Number(found, "elapsed") : throw new ProgramException("the follow-up printed no elapsed=…", run.Output);
    }

    public void Dispose() => folder.Dispose();

    private static string FollowUpProgram(FitCase entry, string program, int repetitions) => $$"""
        suppressMessages(library(lme4))
        d <- read.csv("{{FileOf(entry.Data)}}")
        for (v in c({{string.Join(", ", entry.FactorColumns.Select(name => $"\"{name}\""))}})) d[[v]] <- factor(d[[v]])
        m <- lmer({{entry.Formula}}, d)
        {{program}}
        t <- sapply(seq_len({{repetitions}}), function(i) { gc(); system.time(suppressWarnings(suppressMessages(one())))[["elapsed"]] })
        cat(sprintf("elapsed=%.4f\n", median(t)))
        """;

    private static string CallProgram(FitCase entry, string package, string call, int repetitions) => $$"""
        suppressMessages(library({{package}}))
        d <- read.csv("{{FileOf(entry.Data)}}")
        for (v in c({{string.Join(", ", entry.FactorColumns.Select(name => $"\"{name}\""))}})) d[[v]] <- factor(d[[v]])
        one <- function() suppressWarnings(suppressMessages({{call}}))
        t <- sapply(seq_len({{repetitions}}), function(i) { gc(); system.time(m <<- one())[["elapsed"]] })
        cat(sprintf("elapsed=%.4f,logLik=%.8f,evaluations=NA\n", median(t), as.numeric(logLik(m))))
        """;

    // As peer.R names them, seen from its folder.
    private static string FileOf(CaseData data) => data switch
    {
        CaseData.Example example => $"../data/{example.Name}.csv",
        CaseData.Shared shared => $"../data/{shared.File}",
        CaseData.Generated generated => $"big/{generated.File}",
        CaseData.Simulated simulated => $"big/{simulated.File}",
        _ => throw new NotSupportedException($"{data.GetType().Name} is no place for data."),
    };

    private static string ReadVersions()
    {
        // Of the libraries only the names of the files: where they stand is nobody's business.
        const string Program = """
            cat(sprintf("R %s, lme4 %s, BLAS %s, LAPACK %s", getRversion(), packageVersion("lme4"), basename(extSoftVersion()[["BLAS"]]), basename(La_library())))
            """;
        return RProgram.Run(folder: null, ["-e", Program]).Output.Trim();
    }

    private static double Number(Match found, string name) => double.Parse(found.Groups[name].Value, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("elapsed=(?<elapsed>[0-9.]+),.*logLik=(?<logLik>-?[0-9.]+),evaluations=(?<evaluations>NA|[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();

    [GeneratedRegex("elapsed=(?<elapsed>[0-9.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Elapsed();
}
