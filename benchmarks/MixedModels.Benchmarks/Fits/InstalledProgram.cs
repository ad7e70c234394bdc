namespace MixedModels.Benchmarks.Fits;

/// <summary>Whether a program can be called by its name.</summary>
internal static class InstalledProgram
{
    public static bool Exists(string name)
    {
        if (Path.IsPathRooted(name)) return File.Exists(name);
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, file)));
    }
}
