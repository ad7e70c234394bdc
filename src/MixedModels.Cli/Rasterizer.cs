using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using MixedModels.Reporting.Figures;

namespace MixedModels.Cli;

/// <summary>Makes a PNG of a figure with a program of the machine: rsvg-convert, or a Chromium.</summary>
internal static class Rasterizer
{
    // Twice the pixels of the screen: sharp in a document.
    private const int Zoom = 2;

    private static readonly string[] browsers = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    /// <summary>Whether a program that can is on the PATH.</summary>
    public static bool IsAvailable => browsers.Prepend("rsvg-convert").Any(program => Find(program) is not null);

    /// <summary>Writes the PNG.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="theme">Its colours; <see cref="FigureTheme.Auto"/> is light here.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the program.</param>
    /// <exception cref="CommandLineException">There is no such program, or it fails.</exception>
    public static void Write(Figure figure, FigureTheme theme, string path, CancellationToken cancellationToken)
    {
        var converter = Find("rsvg-convert");
        var browser = converter is null ? browsers.Select(Find).FirstOrDefault(found => found is not null) : null;
        if (converter is null && browser is null)
        {
            throw new CommandLineException(
                "A .png needs 'rsvg-convert' (Debian: librsvg2-bin) or a Chromium on the PATH, and neither is there. Install one, or write an .svg, which every browser and word processor shows.");
        }

        var svg = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".svg");
        try
        {
            File.WriteAllText(svg, figure.ToSvg(theme == FigureTheme.Auto ? FigureTheme.Light : theme), new UTF8Encoding(false));
            if (converter is not null) Run(converter, ["--zoom", "2", "--output", path, svg], path, cancellationToken);
            else Run(browser!, BrowserArguments(figure, svg, path), path, cancellationToken);
        }
        finally
        {
            File.Delete(svg);
        }
    }

    private static string[] BrowserArguments(Figure figure, string svg, string path)
    {
        var profile = Path.Combine(Path.GetTempPath(), "mixed-browser-" + Path.GetFileNameWithoutExtension(svg));
        string[] arguments =
        [
            "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", $"--user-data-dir={profile}",
            FormattableString.Invariant($"--force-device-scale-factor={Zoom}"),
            FormattableString.Invariant($"--window-size={(int)Math.Ceiling(figure.Width)},{(int)Math.Ceiling(figure.Height)}"),
            $"--screenshot={path}", new Uri(svg).AbsoluteUri,
        ];

        // A Chromium of the superuser runs without its sandbox or not at all.
        return Environment.IsPrivilegedProcess ? ["--no-sandbox", .. arguments] : arguments;
    }

    private static string? Find(string program)
    {
        var names = OperatingSystem.IsWindows() ? new[] { program + ".exe" } : [program];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    private static void Run(string program, string[] arguments, string path, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            using var stop = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = process.StandardError.ReadToEnd();
            output.GetAwaiter().GetResult();
            process.WaitForExit();
            cancellationToken.ThrowIfCancellationRequested();
            if (process.ExitCode != 0 || !File.Exists(path))
                throw new CommandLineException($"'{Path.GetFileName(program)}' could not make the .png ({error.Trim().Split('\n')[^1]}). Write an .svg instead.");
        }
        catch (Win32Exception failure)
        {
            throw new CommandLineException($"'{program}' cannot be started ({failure.Message}). Write an .svg instead.", failure);
        }
    }
}
