using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace MixedModels.Execution;

/// <summary>
/// A few persistent threads that share the numbered parts of one piece of work. Between pieces the workers spin for a
/// moment, so that the next kernel finds them awake, and then park until they are called.
/// </summary>
/// <remarks>
/// Which thread takes which part is left to chance; what a part computes is fixed by its number. Work whose parts write
/// disjoint results therefore gives the same bits on any number of threads.
/// A call from inside a part, or from a second thread while the team is at work, runs on the calling thread alone.
/// </remarks>
internal sealed unsafe class ThreadTeam : IDisposable
{
    /// <summary>How long an idle worker spins: longer than the serial stretch between two kernels, too short to be noticed as load.</summary>
    private static readonly long SpinTicks = Stopwatch.Frequency / 10_000;

    private readonly Worker[] workers;

    // The work at hand; written before the ticket is published, read only by a thread that has claimed a part of it.
    private Action<int>? action;
    private delegate*<void*, int, void> body;
    private void* state;
    private int parts;

    private Counters counters;
    private ExceptionDispatchInfo? failure;
    private int occupied;
    private volatile bool stopping;

    /// <summary>Starts a team; the calling thread is its first member, so one thread means no workers.</summary>
    /// <param name="threads">Members, at least 1; <see langword="null"/> for one a processor.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public ThreadTeam(int? threads = null)
    {
        Threads = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1, nameof(threads));
        workers = new Worker[Threads - 1];
        for (var w = 0; w < workers.Length; w++)
        {
            var worker = new Worker();
            workers[w] = worker;
            worker.Thread = new Thread(() => Serve(worker)) { IsBackground = true, Name = "MixedModels worker" };
            worker.Thread.Start();
        }
    }

    /// <summary>Members of the team, the caller included.</summary>
    public int Threads { get; }

    /// <summary>Workers asleep at this moment.</summary>
    public int ParkedWorkers => workers.Count(worker => worker.IsParked);

    /// <summary>Runs <paramref name="body"/> once for each part 0 … <paramref name="parts"/> − 1 and returns when all are done.</summary>
    /// <remarks>The first exception of a part is thrown here, and parts not yet begun are left out.</remarks>
    public void Run(int parts, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Run(parts, body, null, null);
    }

    /// <summary>The same without a delegate: <paramref name="body"/> receives <paramref name="state"/> and the part, and nothing is allocated.</summary>
    public void Run(int parts, delegate*<void*, int, void> body, void* state) => Run(parts, null, body, state);

    /// <summary>Runs the parts on <paramref name="team"/>, or in order on the calling thread where there is none.</summary>
    public static void Run(ThreadTeam? team, int parts, delegate*<void*, int, void> body, void* state)
    {
        if (team is not null)
        {
            team.Run(parts, body, state);
            return;
        }

        for (var part = 0; part < parts; part++)
            body(state, part);
    }

    /// <summary>Runs the parts on <paramref name="team"/>, or in order on the calling thread where there is none.</summary>
    public static void Run(ThreadTeam? team, int parts, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (team is not null)
        {
            team.Run(parts, body);
            return;
        }

        for (var part = 0; part < parts; part++)
            body(part);
    }

    /// <summary>Ends the workers and waits for them; what is run later runs on the calling thread, with the same bits.</summary>
    public void Dispose()
    {
        if (stopping)
            return;
        stopping = true;
        foreach (var worker in workers)
            worker.Wake();
        foreach (var worker in workers)
        {
            worker.Thread!.Join();
            worker.Gate.Dispose();
        }
    }

    private void Run(int count, Action<int>? managed, delegate*<void*, int, void> native, void* nativeState)
    {
        if (stopping || workers.Length == 0 || count <= 1 || Interlocked.CompareExchange(ref occupied, 1, 0) != 0)
        {
            for (var part = 0; part < count; part++)
                Call(managed, native, nativeState, part);
            return;
        }

        ExceptionDispatchInfo? thrown;
        try
        {
            action = managed;
            body = native;
            state = nativeState;
            parts = count;
            Volatile.Write(ref counters.Unfinished, count);
            Interlocked.Exchange(ref counters.Ticket, NextTicket(counters.Ticket, count));
            for (var w = 0; w < workers.Length && w < count - 1; w++)
                workers[w].Wake();
            TakeParts();
            var wait = default(SpinWait);
            while (Volatile.Read(ref counters.Unfinished) != 0)
                wait.SpinOnce(sleep1Threshold: -1);
            thrown = failure;
        }
        finally
        {
            (action, failure) = (null, null);
            Volatile.Write(ref occupied, 0);
        }

        thrown?.Throw();
    }

    private static void Call(Action<int>? managed, delegate*<void*, int, void> native, void* nativeState, int part)
    {
        if (managed is not null)
            managed(part);
        else
            native(nativeState, part);
    }

    // A ticket is (generation, parts not yet claimed). The generation keeps a thread that was interrupted between reading
    // and claiming from claiming a part of a later piece of work under the old number.
    private static long NextTicket(long ticket, int count) => (((ticket >> 32) + 1) << 32) | (uint)count;

    private static int Unclaimed(long ticket) => (int)(ticket & 0xFFFF_FFFF);

    private void TakeParts()
    {
        while (true)
        {
            var ticket = Volatile.Read(ref counters.Ticket);
            var unclaimed = Unclaimed(ticket);
            if (unclaimed == 0)
                return;
            if (Interlocked.CompareExchange(ref counters.Ticket, ticket - 1, ticket) == ticket)
                RunPart(parts - unclaimed);
        }
    }

    private void RunPart(int part)
    {
        try
        {
            if (Volatile.Read(ref failure) is null)
                Call(action, body, state, part);
        }
#pragma warning disable CA1031 // whatever a part throws belongs to the thread that called Run
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
        }
        finally
        {
            Interlocked.Decrement(ref counters.Unfinished);
        }
    }

    private void Serve(Worker worker)
    {
        Func<bool> needed = () => stopping || HasWork;
        while (!stopping)
        {
            if (SpinForWork())
                TakeParts();
            else
                worker.Park(needed);
        }
    }

    private bool HasWork => Unclaimed(Volatile.Read(ref counters.Ticket)) != 0;

    private bool SpinForWork()
    {
        var deadline = Stopwatch.GetTimestamp() + SpinTicks;
        do
        {
            for (var turn = 0; turn < 16; turn++)
            {
                if (HasWork)
                    return true;
                Thread.SpinWait(8);
            }
        }
        while (!stopping && Stopwatch.GetTimestamp() < deadline);
        return false;
    }

    private sealed class Worker
    {
        private int parked;

        public Thread? Thread { get; set; }

        public SemaphoreSlim Gate { get; } = new(0);

        public bool IsParked => Volatile.Read(ref parked) == 1;

        public void Wake()
        {
            if (Interlocked.Exchange(ref parked, 0) == 1)
                Gate.Release();
        }

        /// <summary>Sleeps until woken, unless <paramref name="needed"/> turns true after the intention to sleep was announced.</summary>
        public void Park(Func<bool> needed)
        {
            Interlocked.Exchange(ref parked, 1);
            // Work published before the announcement is seen here; work published after it finds the worker marked as parked.
            if (needed() && Interlocked.Exchange(ref parked, 0) == 1)
                return;
            Gate.Wait();
        }
    }

    // Each on its own pair of cache lines: the ticket is hammered by claims, the other by finished parts.
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Counters
    {
        [FieldOffset(128)]
        public long Ticket;

        [FieldOffset(256)]
        public int Unfinished;
    }
}
