using System.Text.RegularExpressions;

namespace MixedModels.Cli.Tests;

/// <summary>A fenced block of a page of the documentation.</summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Line">The line of its fence, counted from 1.</param>
/// <param name="Language">What the fence says it is.</param>
/// <param name="Text">What stands in it.</param>
internal sealed partial record DocumentationBlock(string Page, int Line, string Language, string Text)
{
    private static readonly Lazy<IReadOnlyList<DocumentationBlock>> all = new(Read);

    /// <summary>The blocks of README.md and of docs/*.md.</summary>
    public static IReadOnlyList<DocumentationBlock> All => all.Value;

    public string Place => $"{Page}:{Line}";

    public static DocumentationBlock At(string place) => All.Single(block => block.Place == place);

    private static List<DocumentationBlock> Read()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "MixedModels.slnx"))) root = root.Parent!;
        string[] pages = ["README.md", .. Directory.EnumerateFiles(Path.Combine(root.FullName, "docs"), "*.md").Select(file => "docs/" + Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        var blocks = new List<DocumentationBlock>();
        foreach (var page in pages)
        {
            var text = File.ReadAllText(Path.Combine(root.FullName, page)).ReplaceLineEndings("\n");
            foreach (Match match in Fence().Matches(text))
            {
                var line = 1 + text.AsSpan(0, match.Index).Count('\n');
                blocks.Add(new(page, line, match.Groups["language"].Value, match.Groups["text"].Value));
            }
        }

        return blocks;
    }

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Fence();
}
