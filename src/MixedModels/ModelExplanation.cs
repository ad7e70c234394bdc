namespace MixedModels;

/// <summary>A block of a model's storage.</summary>
/// <param name="Name">What it holds.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Storage">How it is stored.</param>
/// <param name="Bytes">Bytes, workspaces included.</param>
/// <param name="Operations">Floating-point operations that an evaluation of the deviance with derivatives spends on it, about.</param>
public sealed record ModelBlock(string Name, long Rows, long Columns, string Storage, long Bytes, double Operations);

/// <summary>What was fitted, said in algebra, in blocks of storage and in three languages.</summary>
/// <param name="Algebra">The model, one equation a line.</param>
/// <param name="Blocks">The blocks in the order in which they are eliminated; empty without random terms.</param>
/// <param name="CSharp">The fit in C#.</param>
/// <param name="R">The same model for lme4 in R.</param>
/// <param name="Julia">The same model for MixedModels.jl in Julia.</param>
public sealed record ModelExplanation(IReadOnlyList<string> Algebra, IReadOnlyList<ModelBlock> Blocks, string CSharp, string R, string Julia)
{
    /// <summary>Bytes of all blocks.</summary>
    public long Bytes => Blocks.Sum(block => block.Bytes);

    /// <summary>Operations of one evaluation, about.</summary>
    public double Operations => Blocks.Sum(block => block.Operations);
}
