using System.Runtime;
using System.Runtime.CompilerServices;

namespace MixedModels.Cli;

/// <summary>
/// Lets the runtime remember which methods a run compiles, so that the next one compiles them on a second core while the first works.
/// A small file a verb in the user's cache folder; without one, or without leave to write it, the command only starts as slowly as the first time.
/// </summary>
internal static class StartupProfile
{
    /// <summary>Begins to replay and record the profile of a verb; never fails.</summary>
    /// <param name="args">The command line; its first word chooses the profile.</param>
    public static void Begin(string[] args)
    {
        // The native command has nothing to compile.
        if (!RuntimeFeature.IsDynamicCodeCompiled) return;
        var verb = VerbCatalogue.All.FirstOrDefault(entry => args is [var word, ..] && entry.Name == word)?.Name ?? "help";
        try
        {
            var folder = Path.Combine(CacheFolder(), "mixed", Persistence.LibraryVersion.Text);
            Directory.CreateDirectory(folder);
            ProfileOptimization.SetProfileRoot(folder);
            ProfileOptimization.StartProfile(verb);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // A cache is a convenience: no home folder, a read-only or a full disk change nothing but a tenth of a second.
        }
    }

    /// <summary>The folder of the XDG base directory specification, or Windows' own.</summary>
    private static string CacheFolder()
    {
        if (OperatingSystem.IsWindows()) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache)
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
    }
}
