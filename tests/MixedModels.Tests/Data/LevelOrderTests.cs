using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class LevelOrderTests
{
    [Fact]
    public void OfNames_AllNumbers_IsNumeric() => LevelOrder.OfNames(["10", "9", "1e1", "-3", "2.5", "Inf"]).ShouldBe(["-3", "2.5", "9", "10", "1e1", "Inf"]);

    [Fact]
    public void OfNames_WithAWordOrNaN_IsByCodePoint()
    {
        LevelOrder.OfNames(["10", "9", "a"]).ShouldBe(["10", "9", "a"]);
        LevelOrder.OfNames(["10", "9", "nan"]).ShouldBe(["10", "9", "nan"]);
    }

    [Fact]
    public void CompareCodePoints_OfRandomTexts_AgreesWithUtf8Bytes()
    {
        // UTF-8 keeps the order of code points, so its bytes are the second route.
        var text = Gen.Elements("a", "b", "é", "\uD7FF", "\uE000", "\uFFFD", "😀", "𐀀").ArrayOf().Select(string.Concat);
        Prop.ForAll(text.ToArbitrary(), text.ToArbitrary(), (left, right) =>
            Math.Sign(LevelOrder.CompareCodePoints(left, right))
                .ShouldBe(Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20_260_104UL, 1UL));
    }
}
