namespace MixedModels.Benchmarks.Fits;

/// <summary>The repository this program was built in.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder that holds MixedModels.slnx.</summary>
    /// <exception cref="InvalidOperationException">The program was moved out of the repository.</exception>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MixedModels.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("No folder above the benchmarks holds MixedModels.slnx; run them from where they were built.");
    }
}
