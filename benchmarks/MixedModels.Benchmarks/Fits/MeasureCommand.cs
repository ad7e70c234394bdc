using System.Globalization;
using System.Text.Json;

namespace MixedModels.Benchmarks.Fits;

/// <summary><c>measure-fit CASE REPETITIONS [FILE]</c>: one case in a process of its own, its figures as JSON on standard output. <c>fits</c> calls it.</summary>
internal static class MeasureCommand
{
    public const string Name = "measure-fit";

    /// <summary>Starts a process for a case and waits for its figures.</summary>
    /// <exception cref="ProgramException">The process failed.</exception>
    public static MeasuredFit Call(FitCase entry, string? path, int repetitions)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not tell which program this is.");
        List<string> words = [Name, entry.Name, repetitions.ToString(CultureInfo.InvariantCulture)];
        if (path is not null) words.Add(path);

        // Started as `dotnet MixedModels.Benchmarks.dll`, the program is dotnet and wants the assembly first.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") words.Insert(0, typeof(MeasureCommand).Assembly.Location);
        var run = ProcessRun.Of(new(program, words)).OrThrow("the fit");
        return JsonSerializer.Deserialize(run.Output, MeasuredFitJson.Default.MeasuredFit)!;
    }

    public static int Run(ReadOnlySpan<string> words)
    {
        try
        {
            if (words.Length is not (2 or 3)) throw new UsageException($"{Name} takes a case, a number of repetitions and, unless the data are embedded, a file.");
            var path = words.Length == 3 ? words[2] : null;
            var measured = CaseMeasurement.Run(FitCatalogue.Find(words[0]), path, int.Parse(words[1], CultureInfo.InvariantCulture));
            Console.Out.WriteLine(JsonSerializer.Serialize(measured, MeasuredFitJson.Default.MeasuredFit));
            return 0;
        }
        catch (Exception failure) when (failure is UsageException or MixedModelsException or InvalidOperationException or FormatException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }
}
