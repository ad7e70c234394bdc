using System.Globalization;
using System.Text.RegularExpressions;

namespace MixedModels.Cli.Tests;

/// <summary>The images that pages of the documentation show: figures that the page's own commands draw.</summary>
internal static partial class DocumentationImages
{
    /// <summary>Hundredths of a pixel are rounded from numbers that differ by 1e-12 from one instruction set to the next.</summary>
    private const double Tolerance = 0.02;

    /// <summary>The names of the images of a page.</summary>
    public static IEnumerable<string> Of(string page) => Image().Matches(File.ReadAllText(Path.Combine(Root(), page))).Select(match => match.Groups["name"].Value);

    /// <summary>The pages with images.</summary>
    public static IReadOnlyList<string> Pages() => [.. Directory.EnumerateFiles(Path.Combine(Root(), "docs"), "*.md").Select(file => "docs/" + Path.GetFileName(file)).Where(page => Of(page).Any())];

    /// <summary>Holds the images of a page to the figures that a folder has of them.</summary>
    public static void ShouldBeAsDrawn(string page, TemporaryFolder folder)
    {
        foreach (var name in Of(page).Where(name => File.Exists(folder.File(name))))
        {
            var (drawn, shown) = (File.ReadAllText(folder.File(name)), File.ReadAllText(Path.Combine(Root(), "docs", "images", name)));
            Number().Replace(drawn, "#").ShouldBe(Number().Replace(shown, "#"), $"{name} is drawn otherwise now; copy it to docs/images");
            foreach (var (own, other) in Number().Matches(drawn).Zip(Number().Matches(shown)))
                Value(own).ShouldBe(Value(other), Tolerance, name);
        }
    }

    private static double Value(Match match) => double.Parse(match.Value, CultureInfo.InvariantCulture);

    private static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "MixedModels.slnx"))) root = root.Parent!;
        return root.FullName;
    }

    [GeneratedRegex(@"\]\(images/(?<name>[a-z-]+\.svg)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Image();

    [GeneratedRegex(@"-?\d+(\.\d+)?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Number();
}
