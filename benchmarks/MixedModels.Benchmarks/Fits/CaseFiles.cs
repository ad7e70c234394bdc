namespace MixedModels.Benchmarks.Fits;

/// <summary>Finds the file of a case, or makes it.</summary>
internal sealed class CaseFiles(FitsOptions options)
{
    /// <summary>The file of a case.</summary>
    /// <exception cref="ProgramException">The generator failed, or its folder cannot be written.</exception>
    public CaseFile Find(FitCase entry) => entry.Data switch
    {
        CaseData.Example => new(null),
        CaseData.Shared shared => Find(shared),
        CaseData.Generated generated => Find(generated),
        CaseData.Simulated simulated => Find(simulated),
        _ => throw new NotSupportedException($"{entry.Data.GetType().Name} is no place for data."),
    };

    private CaseFile Find(CaseData.Shared shared)
    {
        var path = Path.GetFullPath(Path.Combine(options.Shared, "data", shared.File));
        return File.Exists(path) ? new(path) : CaseFile.Without($"data/{shared.File} is not in the shared folder (--shared)");
    }

    private CaseFile Find(CaseData.Generated generated)
    {
        if (options.Big is not { } folder)
            return CaseFile.Without($"{generated.File} is a big file; --big names the folder where it stands or is to be made");
        var path = Path.GetFullPath(Path.Combine(folder, generated.File));
        if (File.Exists(path)) return new(path);
        var generator = Path.GetFullPath(Path.Combine(options.Shared, "peers", generated.Generator));
        if (!File.Exists(generator))
            return CaseFile.Without($"{generated.File} is not there, and neither is peers/{generated.Generator} in the shared folder, which makes it");
        if (Python() is not { } python) return CaseFile.Without($"{generated.File} is not there, and no python3 with numpy, which makes it");
        Generate(python, generator, generated, path);
        return new(path);
    }

    private CaseFile Find(CaseData.Simulated simulated)
    {
        if (options.Big is not { } folder)
            return CaseFile.Without($"{simulated.File} is a big file; --big names the folder where it stands or is to be made");
        var path = Path.GetFullPath(Path.Combine(folder, simulated.File));
        if (File.Exists(path)) return new(path);
        Make(simulated.File, path, unfinished =>
        {
            using var writer = new StreamWriter(unfinished);
            simulated.Write(writer);
        });
        return new(path);
    }

    private static void Generate(string python, string generator, CaseData.Generated generated, string path) =>
        Make(generated.File, path, unfinished => ProcessRun.Of(new(python, [generator, .. generated.Arguments, unfinished])).OrThrow(generated.Generator));

    private static void Make(string file, string path, Action<string> write)
    {
        Console.Error.WriteLine($"  making {file}");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);

            // Written beside and moved, so that a generator that was stopped leaves no file that looks whole.
            var unfinished = path + ".unfinished";
            write(unfinished);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProgramException($"{file} cannot be made in the folder of --big", failure.Message);
        }
    }

    // A system's own Python has numpy from its packages where another one, first on the path, may not.
    private static string? Python() =>
        new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(name => InstalledProgram.Exists(name) && ProcessRun.Of(new(name, ["-c", "import numpy"])).ExitCode == 0);
}

/// <summary>The file of a case: its path, null for embedded data, or why there is none.</summary>
internal sealed record CaseFile(string? Path)
{
    public string? Missing { get; private init; }

    public static CaseFile Without(string reason) => new(Path: null) { Missing = reason };
}
