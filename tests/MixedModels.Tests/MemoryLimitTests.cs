using MixedModels.Covariance;
using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;

namespace MixedModels.Tests;

/// <summary>Plans of sizes that no test could allocate: the numbers are there, the columns are not.</summary>
public sealed class MemoryLimitTests
{
    private const long Plenty = long.MaxValue;

    [Fact]
    public void ThrowIfExceeded_RightHandSidesBeyondOneArray_NamesTheFigure()
    {
        // 2.5 million effects by 999 fixed effects and the response.
        Refusal(Sized(rows: 2_100_000, columns: 999, (1, 2_500_000)), Plenty).ShouldBe(
            "The model needs 133.8 GB of memory, and of its block Z'[X y] (2,500,000 × 1,000) an array of 2,500,000,000 numbers; "
            + "one array holds 2,147,483,591. Use fewer fixed effects or fewer slopes in the random terms, or fit on a subset of the levels.");
    }

    [Fact]
    public void ThrowIfExceeded_DerivativesBeyondOneArray_NamesTheFigure()
    {
        // 40 correlated effects a level have 820 covariance parameters.
        Refusal(Sized(rows: 5_000_000, columns: 2, (40, 70_000)), Plenty).ShouldContain("Z'[X y] (2,800,000 × 3) an array of 2,296,000,000 numbers");
    }

    [Fact]
    public void ThrowIfExceeded_FixedEffectsBeyondOneArray_NamesTheFigure()
    {
        var message = Refusal(Sized(rows: 50_000_000, columns: 60), Plenty);
        message.ShouldContain("X, y, Z (50,000,000 × 61) an array of 3,000,000,000 numbers");
        message.ShouldContain("Use fewer columns");
    }

    [Fact]
    public void ThrowIfExceeded_BorderBeyondOneArray_NamesTheFigure() =>
        Refusal(Sized(rows: 0, columns: 1, (1, 60_000), (1, 50_000)), Plenty, BorderStorage.Dense).ShouldContain(
            "border Z_b'Z_b (50,000 × 50,000) an array of 2,500,000,000 numbers; one array holds 2,147,483,591. Leave out the smaller of the crossed random terms");

    [Fact]
    public void ThrowIfExceeded_MoreBytesThanThereAre_NamesTheBlockThatTakesMost()
    {
        var data = Sized(rows: 0, columns: 1, (1, 12_000), (1, 10_000));
        var border = PlannedBlocks.Of(data, BlockPlan.For(data, BorderStorage.Dense)).Single(block => block.Name == PlannedBlocks.BorderName);
        var message = Refusal(data, 1_000_000_000, BorderStorage.Dense);
        message.ShouldStartWith("The model needs ");
        message.ShouldContain(FormattableString.Invariant($"this machine offers 1.0 GB to a fit. Most of it, {border.Bytes / 1e9:0.0} GB, is the block border Z_b'Z_b (10,000 × 10,000). "));
        message.ShouldEndWith("Leave out the smaller of the crossed random terms or its slopes, or fit on a subset of its levels.");
    }

    [Fact]
    public void ThrowIfExceeded_EverythingFits_SaysNothing()
    {
        var data = Sized(rows: 1000, columns: 3, (2, 100), (1, 30));
        MemoryLimit.ThrowIfTooManyEffects(data);
        MemoryLimit.ThrowIfExceeded(PlannedBlocks.Of(data, BlockPlan.For(data)), 1_000_000);
    }

    [Fact]
    public void ThrowIfTooManyEffects_BeyondTheirNumbering_NamesTheFigure()
    {
        var data = Sized(rows: 2_000_000_000, columns: 1, (1, 1_500_000_000), (1, 1_400_000_000));
        Should.Throw<DataException>(() => MemoryLimit.ThrowIfTooManyEffects(data)).Message.ShouldStartWith("The random terms have 2,900,000,000 effects together; a model holds 2,147,483,647.");
    }

    private static string Refusal(LinearData data, long available, BorderStorage storage = BorderStorage.Cheapest)
    {
        var plan = data.Terms.Count == 0 ? null : BlockPlan.For(data, storage);
        return Should.Throw<DataException>(() => MemoryLimit.ThrowIfExceeded(PlannedBlocks.Of(data, plan), available)).Message;
    }

    private static LinearData Sized(int rows, int columns, params (int Columns, int Levels)[] terms) =>
        new(rows, columns, default, default, default, [.. terms.Select(term => new RandomTermData(new Unstructured(term.Columns), term.Levels, default, default))]);
}
