namespace MixedModels.Persistence;

/// <summary>The library's version as it stands in results and saved models.</summary>
public static class LibraryVersion
{
    /// <summary>Major, minor and patch.</summary>
    public static string Text { get; } = typeof(LibraryVersion).Assembly.GetName().Version is { } version
        ? FormattableString.Invariant($"{version.Major}.{version.Minor}.{version.Build}")
        : "0.0.0";
}
