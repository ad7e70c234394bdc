namespace MixedModels.Cli;

/// <summary>Files that are there whole or not at all: written beside their place, then moved into it.</summary>
internal static class ResultFile
{
    /// <summary>Checks before the work that a file can be written where an option says.</summary>
    /// <exception cref="CommandLineException">The folder is missing or the name is one of a folder.</exception>
    public static void ThrowIfNowhere(string option, string path)
    {
        if (Directory.Exists(path))
            throw new CommandLineException($"{option} {path}: that is a folder; name a file.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
            throw new CommandLineException($"{option} {path}: there is no folder '{folder}'; create it or name another file.");
    }

    /// <summary>Writes a file by way of a temporary one beside it.</summary>
    /// <param name="option">The option that named the file, for messages.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="write">Writes the file whose name it is given; the ending of the name is kept.</param>
    /// <exception cref="CommandLineException">The file cannot be written.</exception>
    public static void Write(string option, string path, Action<string> write)
    {
        var place = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(place)!, $".{Path.GetRandomFileName()}-{Path.GetFileName(place)}");
        try
        {
            write(temporary);
            File.Move(temporary, place, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandLineException($"{option} {path}: the file cannot be written ({failure.Message})", failure);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
