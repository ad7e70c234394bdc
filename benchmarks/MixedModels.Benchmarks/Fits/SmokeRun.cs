namespace MixedModels.Benchmarks.Fits;

/// <summary>The cases of embedded data once each, held to their references: whether the benchmark works, in seconds. Nothing depends on a time.</summary>
internal static class SmokeRun
{
    public static int Run()
    {
        var defects = 0;
        foreach (var entry in FitCatalogue.All.Where(entry => entry is { Data: CaseData.Example, Reference: not null }))
        {
            foreach (var defect in Defects(entry))
            {
                Console.Error.WriteLine($"wrong: {defect}");
                defects++;
            }
        }

        return defects == 0 ? 0 : 1;
    }

    private static string[] Defects(FitCase entry)
    {
        try
        {
            var ours = MeasureCommand.Call(entry, path: null, repetitions: 1);
            string[] defects = [.. new CaseResult(entry, ours).Defects()];
            if (defects.Length == 0) Console.Out.WriteLine(FormattableString.Invariant($"{entry.Name}: {ours.Verdict}, criterion {ours.Deviance:F6} as the reference's, {ours.Evaluations} evaluations"));
            return defects;
        }
        catch (ProgramException failure)
        {
            return [$"{entry.Name}: {failure.Message}: {failure.Detail}"];
        }
    }
}
