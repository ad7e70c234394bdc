using MixedModels.Execution;

namespace MixedModels.Tests.Execution;

public sealed class RandomStreamTests
{
    // Outputs of the authors' C code (prng.di.unimi.it) for this start, recomputed in exact integer arithmetic.
    [Fact]
    public void SplitMix_FromAKnownState_GivesThePublishedNumbers()
    {
        var state = 1234567UL;
        ulong[] outputs = [.. Enumerable.Range(0, 5).Select(_ => RandomStream.SplitMix(ref state))];
        outputs.ShouldBe([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]);
    }

    [Fact]
    public void NextBits_FromAKnownState_GivesThePublishedNumbers()
    {
        var stream = new RandomStream(1, 2, 3, 4);
        ulong[] outputs = [.. Enumerable.Range(0, 10).Select(_ => stream.NextBits())];
        outputs.ShouldBe(
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360,
            607988272756665600, 16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576,
        ]);
    }

    [Fact]
    public void Stream_OfOneSeedAndNumber_RepeatsItself()
    {
        var (first, second) = (new RandomStream(7, 3), new RandomStream(7, 3));
        for (var i = 0; i < 100; i++) first.NextNormal().ShouldBe(second.NextNormal());
    }

    [Fact]
    public void Streams_OfNeighbouringSeedsAndNumbers_ShareNoNumber()
    {
        var seen = new HashSet<ulong>();
        for (ulong seed = 0; seed < 30; seed++)
        {
            for (ulong number = 0; number < 30; number++)
            {
                var stream = new RandomStream(seed, number);
                for (var i = 0; i < 5; i++) seen.Add(stream.NextBits()).ShouldBeTrue();
            }
        }
    }

    // Bounds are 5 standard errors of a mean over independent draws: sqrt(moment variance / draws).
    [Fact]
    public void NextUniform_ManyDraws_HasTheMomentsOfTheUnitInterval()
    {
        const int draws = 100_000;
        var stream = new RandomStream(11, 0);
        double[] values = [.. Enumerable.Range(0, draws).Select(_ => stream.NextUniform())];
        values.ShouldAllBe(value => value >= 0 && value < 1);
        values.Average().ShouldBe(0.5, 5 * Math.Sqrt(1.0 / 12 / draws));
        values.Average(value => value * value).ShouldBe(1.0 / 3, 5 * Math.Sqrt(4.0 / 45 / draws));
    }

    [Fact]
    public void NextNormal_FirstNumbersOfManyStreams_AreIndependentStandardNormal()
    {
        const int draws = 100_000;
        var pairs = Enumerable.Range(0, draws).Select(k => new RandomStream(5, (ulong)k)).Select(stream => (First: stream.NextNormal(), Second: stream.NextNormal())).ToArray();
        var within = pairs.Count(pair => Math.Abs(pair.First) < 1) / (double)draws;
        pairs.Average(pair => pair.First).ShouldBe(0, 5 * Math.Sqrt(1.0 / draws));
        pairs.Average(pair => pair.First * pair.First).ShouldBe(1, 5 * Math.Sqrt(2.0 / draws));
        pairs.Average(pair => Math.Pow(pair.First, 3)).ShouldBe(0, 5 * Math.Sqrt(15.0 / draws));
        pairs.Average(pair => Math.Pow(pair.First, 4)).ShouldBe(3, 5 * Math.Sqrt(96.0 / draws));
        pairs.Average(pair => pair.First * pair.Second).ShouldBe(0, 5 * Math.Sqrt(1.0 / draws));
        pairs.Zip(pairs.Skip(1)).Average(both => both.First.First * both.Second.First).ShouldBe(0, 5 * Math.Sqrt(1.0 / draws));
        within.ShouldBe(0.682689492137086, 5 * Math.Sqrt(0.6827 * 0.3173 / draws));
    }
}
