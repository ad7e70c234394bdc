using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class NearestNamesTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("Days", "days", 0)]
    [InlineData("Dasy", "Days", 1)]
    [InlineData("day", "Days", 1)]
    [InlineData("ca", "abc", 3)]
    public void Distance_OfPairs_CountsEdits(string left, string right, int expected)
    {
        NearestNames.Distance(left, right).ShouldBe(expected);
        NearestNames.Distance(right, left).ShouldBe(expected);
    }

    [Fact]
    public void Suggest_WithNearNames_ListsNearestFirst() =>
        NearestNames.Suggest("Day", ["Reaction", "Days", "day", "Delay"]).ShouldBe("; nearest: 'day', 'Days'");

    [Fact]
    public void Suggest_WithoutNearNames_IsEmpty() => NearestNames.Suggest("zebra", ["Reaction", "Days"]).ShouldBe("");

    [Fact]
    public void Suggest_ForOneLetter_DoesNotOfferEveryOther() => NearestNames.Suggest("z", ["x", "y", "Z"]).ShouldBe("; nearest: 'Z'");

    [Fact]
    public void Find_OfAnAbbreviation_IsWhatItAbbreviatesAfterWhatIsNearer()
    {
        NearestNames.Find("temp", ["temperature", "Tempo", "time"]).ShouldBe(["Tempo", "time", "temperature"]);
        NearestNames.Find("t", ["temperature"]).ShouldBeEmpty();
        NearestNames.Find("--l", ["--levels"]).ShouldBeEmpty();
        NearestNames.Find("--lev", ["--levels"]).ShouldBe(["--levels"]);
    }

    [Fact]
    public void SuggestOrList_WithoutNearNames_ListsWhatThereIs()
    {
        NearestNames.SuggestOrList("zebra", ["y", "x"]).ShouldBe("; there are 'y', 'x'");
        NearestNames.SuggestOrList("zebra", ["y"]).ShouldBe("; there is only 'y'");
        NearestNames.SuggestOrList("zebra", [.. Enumerable.Range(1, 10).Select(i => $"v{i}")]).ShouldEndWith("'v8' and 2 more");
        NearestNames.SuggestOrList("zebra", []).ShouldBe("");
    }
}
