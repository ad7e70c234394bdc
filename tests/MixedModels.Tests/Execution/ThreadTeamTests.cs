using MixedModels.Execution;

namespace MixedModels.Tests.Execution;

public class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Run_ManyRounds_RunsEveryPartOnce(int threads)
    {
        using var team = new ThreadTeam(threads);
        for (var round = 0; round < 2000; round++)
        {
            var counts = new int[round % 9];

            team.Run(counts.Length, part => Interlocked.Increment(ref counts[part]));

            counts.ShouldAllBe(count => count == 1);
        }
    }

    [Fact]
    public void Run_AfterAPause_WakesTheWorkers()
    {
        using var team = new ThreadTeam(3);
        for (var round = 0; round < 5; round++)
        {
            Thread.Sleep(5);
            var sum = 0;

            team.Run(100, part => Interlocked.Add(ref sum, part));

            sum.ShouldBe(4950);
        }
    }

    [Fact]
    public void Run_PartsThatWaitForEachOther_RunOnDifferentThreads()
    {
        using var team = new ThreadTeam(2);
        using var barrier = new Barrier(2);
        var met = new bool[2];

        team.Run(2, part => met[part] = barrier.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        met.ShouldBe([true, true]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_PartThrows_ThrowsHereAndStaysUsable(int threads)
    {
        using var team = new ThreadTeam(threads);

        var thrown = Should.Throw<InvalidOperationException>(() => team.Run(20, part =>
        {
            if (part == 7)
                throw new InvalidOperationException("part seven");
        }));
        var ran = 0;
        team.Run(20, _ => Interlocked.Increment(ref ran));

        thrown.Message.ShouldBe("part seven");
        ran.ShouldBe(20);
    }

    [Fact]
    public void Run_FromInsideAPart_RunsOnTheCallingThread()
    {
        using var team = new ThreadTeam(2);
        var sum = 0;

        team.Run(4, _ => team.Run(10, inner => Interlocked.Add(ref sum, inner)));

        sum.ShouldBe(180);
    }

    [Fact]
    public void Run_FromSeveralThreads_RunsEveryPart()
    {
        using var team = new ThreadTeam(2);
        var sum = 0;
        var callers = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            for (var round = 0; round < 300; round++)
                team.Run(5, part => Interlocked.Add(ref sum, part));
        })).ToArray();

        foreach (var caller in callers)
            caller.Start();
        foreach (var caller in callers)
            caller.Join();

        sum.ShouldBe(9000);
    }

    [Fact]
    public void Workers_IdleForAMoment_Park()
    {
        using var team = new ThreadTeam(3);
        team.Run(3, _ => { });

        SpinWait.SpinUntil(() => team.ParkedWorkers == 2, TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    [Fact]
    public void Run_AfterDispose_RunsOnTheCallingThread()
    {
        var team = new ThreadTeam(2);
        team.Dispose();
        team.Dispose();

        var threads = new int[8];
        team.Run(threads.Length, part => threads[part] = Environment.CurrentManagedThreadId);
        threads.ShouldAllBe(thread => thread == Environment.CurrentManagedThreadId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Constructor_FewerThanOneThread_IsRefused(int threads) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ThreadTeam(threads));

    [Fact]
    public void Constructor_Default_TakesOneThreadAProcessor()
    {
        using var team = new ThreadTeam();

        team.Threads.ShouldBe(Environment.ProcessorCount);
    }
}
