namespace MixedModels.Tests;

/// <summary>The repository these tests were built in, for tests of its sources.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder that holds MixedModels.slnx.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MixedModels.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("No folder above the tests holds MixedModels.slnx.");
    }
}
