using System.Diagnostics;
using MixedModels.Data;

namespace MixedModels.Benchmarks.Fits;

/// <summary>Times one case in this process, which has fitted nothing before.</summary>
internal static class CaseMeasurement
{
    /// <summary>Reads the data once and fits: the first time cold, then warm.</summary>
    /// <param name="entry">The case.</param>
    /// <param name="path">Its file; null for an embedded data set.</param>
    /// <param name="repetitions">The least number of warm fits.</param>
    public static MeasuredFit Run(FitCase entry, string? path, int repetitions)
    {
        var watch = Stopwatch.StartNew();
        var table = entry.Read(path);
        var read = watch.Elapsed.TotalSeconds;

        var model = new CaseModel(entry);
        var (cold, fit) = Time(model, table);
        var peak = PeakBytes();
        var warm = Repetition.Samples(repetitions, cold.Both, () => Time(model, table).Times);
        var report = fit.Convergence;
        return new(
            fit.Observations,
            fit.Deviance,
            report.Verdict,
            report.Evaluations,
            report.Iterations,
            report.GradientNorm,
            read,
            cold.Design,
            cold.Fit,
            Repetition.Median(warm.Select(times => times.Design)),
            Repetition.Median(warm.Select(times => times.Fit)),
            Repetition.Median(warm.Select(times => times.Both)),
            warm.Count,
            peak,
            [.. entry.FollowUps.Select(followUp => Time(followUp, model.Fitted(table, fit), repetitions))]);
    }

    private static (DesignAndFit Times, IMixedModelFit Fit) Time(CaseModel model, DataTable table)
    {
        var start = Stopwatch.GetTimestamp();
        var design = model.Prepare(table);
        var designed = Stopwatch.GetTimestamp();
        var fit = model.Fit(design);
        var end = Stopwatch.GetTimestamp();
        return (new(Stopwatch.GetElapsedTime(start, designed).TotalSeconds, Stopwatch.GetElapsedTime(designed, end).TotalSeconds), fit);
    }

    private static MeasuredFollowUp Time(FollowUp followUp, FittedCase fitted, int repetitions)
    {
        var action = followUp.Prepare(fitted);
        var samples = Repetition.Samples(repetitions, Seconds(), Seconds);
        return new(Repetition.Median(samples), samples.Count);

        double Seconds()
        {
            var once = followUp.IsKeptByTheFit ? followUp.Prepare(Again(fitted)) : action;
            var start = Stopwatch.GetTimestamp();
            once();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static FittedCase Again(FittedCase fitted) => fitted with { Fit = fitted.Model.Fit(fitted.Fit.Design, fitted.Fit) };

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private sealed record DesignAndFit(double Design, double Fit)
    {
        public double Both => Design + Fit;
    }
}
