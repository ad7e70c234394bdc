using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting.Pages;

/// <summary>A part of a report page, independent of the format it is written in. Immutable.</summary>
internal abstract record PageBlock;

/// <summary>Sentences.</summary>
/// <param name="Text">The sentences, plain text.</param>
internal sealed record ParagraphBlock(string Text) : PageBlock;

/// <summary>Points, one a line.</summary>
/// <param name="Items">Each point, plain text.</param>
internal sealed record ListBlock(IReadOnlyList<string> Items) : PageBlock;

/// <summary>A table with what stands above it.</summary>
/// <param name="Caption">What it holds.</param>
/// <param name="Table">The table.</param>
internal sealed record TableBlock(string Caption, ResultTable Table) : PageBlock;

/// <summary>A figure.</summary>
/// <param name="Figure">The figure.</param>
internal sealed record FigureBlock(Figure Figure) : PageBlock;

/// <summary>Program text.</summary>
/// <param name="Language">What it is written in, as in a Markdown fence.</param>
/// <param name="Text">The lines.</param>
internal sealed record CodeBlock(string Language, string Text) : PageBlock;

/// <summary>Findings, worst first.</summary>
/// <param name="Findings">The findings; may be empty.</param>
internal sealed record FindingsBlock(IReadOnlyList<Finding> Findings) : PageBlock;

/// <summary>A section of a page.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Blocks">What it holds.</param>
internal sealed record PageSection(string Title, IReadOnlyList<PageBlock> Blocks);

/// <summary>A whole page.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Lead">The answer first: a few sentences.</param>
/// <param name="Sections">The sections.</param>
internal sealed record Page(string Title, IReadOnlyList<string> Lead, IReadOnlyList<PageSection> Sections);
