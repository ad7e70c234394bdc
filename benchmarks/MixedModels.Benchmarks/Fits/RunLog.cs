namespace MixedModels.Benchmarks.Fits;

/// <summary>What did not run and what is wrong, for the page; told on the console at once, there with the details.</summary>
internal sealed class RunLog
{
    private readonly List<string> omissions = [];
    private readonly List<string> defects = [];

    /// <summary>Cases and peers that did not run, each with the reason.</summary>
    public IReadOnlyList<string> Omissions => omissions;

    /// <summary>Fits that are wrong or did not come to an end.</summary>
    public IReadOnlyList<string> Defects => defects;

    public static void Begin(string what) => Console.Error.WriteLine(what);

    public void Omit(string what)
    {
        omissions.Add(what);
        Console.Error.WriteLine($"  left out: {what}");
    }

    public void Add(string defect)
    {
        defects.Add(defect);
        Console.Error.WriteLine($"  wrong: {defect}");
    }

    /// <summary>Runs something of a peer, whose failure costs its own figures and not ours.</summary>
    public T? OrOmit<T>(string what, Func<T?> run) => Guard(what, run, Omit);

    /// <summary>Runs something of ours, whose failure is a defect.</summary>
    public T? OrDefect<T>(string what, Func<T?> run) => Guard(what, run, Add);

    private static T? Guard<T>(string what, Func<T?> run, Action<string> tell)
    {
        try
        {
            return run();
        }
        catch (ProgramException failure)
        {
            tell($"{what}: {failure.Message}");
            Console.Error.WriteLine(failure.Detail);
            return default;
        }
    }
}
