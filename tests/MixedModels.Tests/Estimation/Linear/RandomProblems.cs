using FsCheck;
using FsCheck.Fluent;

namespace MixedModels.Tests.Estimation.Linear;

/// <summary>
/// The problems the engine is held to: FsCheck draws them from a fixed seed, so that every run sees the same ones, and shrinks one that
/// fails. The message of a failure holds the C# that makes the problem again.
/// </summary>
internal static class RandomProblems
{
    /// <summary>The number of problems of a full run.</summary>
    public const int Count = 320;

    private const int Seed = 20260301;

    /// <summary>FsCheck's second seed; it must be odd.</summary>
    private const int Gamma = 17;

    /// <summary>More effects than an exact Hessian is formed for; beyond, the engine uses the average information.</summary>
    private const int ManyLevels = 2_050;

    private static readonly Gen<RandomProblem> free =
        from rows in Gen.Choose(12, 60)
        from count in Gen.Frequency((1, Gen.Constant(0)), (5, Gen.Constant(1)), (6, Gen.Constant(2)), (5, Gen.Constant(3)))
        from terms in Gen.ListOf(Term(rows), count)
        from problem in Around(rows, terms)
        select problem;

    /// <summary>Pupils in classes in schools, crossed with items and raters.</summary>
    private static readonly Gen<RandomProblem> nestedAndCrossed =
        from rows in Gen.Choose(60, 80)
        from pupil in Factor(Grouping.Balanced, 24)
        from schoolClass in Factor(Grouping.HoldsThePrevious, 7)
        from school in Factor(Grouping.HoldsThePrevious, 3)
        from item in Factor(Grouping.Drawn, 7)
        from rater in Factor(Grouping.Drawn, 5)
        from problem in Around(rows, [pupil, schoolClass, school, item, rater])
        select problem;

    private static readonly Gen<RandomProblem> twelveColumns =
        from rows in Gen.Choose(50, 70)
        from wide in Wide
        from other in Factor(Grouping.Drawn, 9)
        from first in Gen.Elements(true, false)
        from problem in Around(rows, first ? [wide, other] : [other, wide])
        select problem;

    private static readonly Gen<RandomProblem> manyEffects =
        from rows in Gen.Choose(30, 50)
        from terms in Gen.ListOf(Factor(Grouping.Drawn, 6), 2)
        from problem in Around(rows, [terms[0] with { Empty = ManyLevels }, terms[1]])
        select problem;

    /// <summary>Any problem: nine of ten free, the others of the kinds that chance does not make.</summary>
    public static Gen<RandomProblem> Any { get; } = Gen.Frequency((36, free), (2, nestedAndCrossed), (1, twelveColumns), (1, manyEffects));

    /// <summary>Free problems with so many covariance parameters, to be optimised.</summary>
    public static Gen<RandomProblem> WithParameters(int least, int most) =>
        free.Where(problem => problem.Parameters >= least && problem.Parameters <= most);

    /// <summary>Problems with at least one term of another structure than us and diag, crossed, nested, of one factor or of another.</summary>
    public static Gen<RandomProblem> Structured { get; } =
        from rows in Gen.Choose(20, 50)
        from count in Gen.Choose(1, 3)
        from terms in Gen.ListOf(StructuredTerm(rows), count)
        from problem in Around(rows, terms)
        select problem;

    private static Gen<TermShape> StructuredTerm(int rows) =>
        from term in Term(rows)
        from name in Gen.Elements("homdiag", "cs", "homcs", "ar1", "hetar1", "toep", "homtoep", "ou", "exp", "gau", "mat", "rr")
        from columns in Gen.Choose(2, 4)
        select term with { Structure = name, Columns = columns, Slopes = term.Slopes == Slopes.LastZero ? Slopes.Indicators : term.Slopes };

    private static Gen<TermShape> Wide =>
        from levels in Gen.Choose(4, 8)
        from slopes in Gen.Elements(Slopes.Covariates, Slopes.Collinear, Slopes.Indicators)
        from isDiagonal in Gen.Elements(true, false)
        select new TermShape(Grouping.Drawn, levels, 0, 12, slopes, isDiagonal, 1);

    /// <summary>Checks a property of every problem of a run.</summary>
    /// <param name="property">Throws where it does not hold.</param>
    /// <param name="count">How many problems.</param>
    /// <param name="problems">The problems; null for any.</param>
    public static void Check(Action<RandomProblem> property, int count = Count, Gen<RandomProblem>? problems = null)
    {
        var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(count).WithReplay(Seed, Gamma);
        Prop.ForAll(Arb.From(problems ?? Any, problem => problem.Smaller()), property).Check(config);
    }

    /// <summary>Pupils in schools, crossed with items; schools and items have slopes.</summary>
    public static RandomProblem Nested(int seed)
    {
        TermShape pupil = new(Grouping.Balanced, 24, 0, 1, Slopes.Covariates, IsDiagonal: false, 2);
        var school = pupil with { Grouping = Grouping.HoldsThePrevious, Levels = 6, Columns = 2 };
        var item = pupil with { Grouping = Grouping.Drawn, Levels = 7, Columns = 2 };
        return new(72, 2, IsWeighted: false, [pupil, school, item], seed);
    }

    /// <summary>A term of twelve columns beside one of two.</summary>
    public static RandomProblem WideTerm(int seed)
    {
        TermShape item = new(Grouping.Drawn, 7, 0, 2, Slopes.Covariates, IsDiagonal: false, 2);
        return new(70, 2, IsWeighted: false, [item with { Columns = 12 }, item], seed);
    }

    /// <summary>A problem without anything odd, for what holds only where all can be told apart: one to four fixed effects, up to three drawn factors.</summary>
    public static RandomProblem Ordinary(int seed)
    {
        var random = new Random(seed);
        var rows = random.Next(12, 70);
        var terms = new TermShape[random.Next(0, 4)];
        for (var t = 0; t < terms.Length; t++)
        {
            var columns = random.Next(5) == 0 ? random.Next(3, 5) : random.Next(1, 3);
            terms[t] = new(Grouping.Drawn, random.Next(2, Math.Max(3, rows / 2)), 0, columns, Slopes.Covariates, random.Next(3) == 0, random.Next(3) == 0 ? 0 : 2);
        }

        return new(rows, random.Next(1, 5), random.Next(3) == 0, terms, seed);
    }

    private static Gen<RandomProblem> Around(int rows, IReadOnlyList<TermShape> terms) =>
        from fixedColumns in Gen.Choose(0, 4)
        from isWeighted in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        from seed in Gen.Choose(0, int.MaxValue / 2)
        select new RandomProblem(rows, fixedColumns, isWeighted, [.. terms], seed);

    private static Gen<TermShape> Term(int rows) =>
        from grouping in Gen.Frequency(
            (5, Gen.Constant(Grouping.Drawn)),
            (2, Gen.Constant(Grouping.Balanced)),
            (1, Gen.Constant(Grouping.Skewed)),
            (1, Gen.Constant(Grouping.RowByRow)),
            (2, Gen.Constant(Grouping.HoldsThePrevious)),
            (1, Gen.Constant(Grouping.AsThePrevious)))
        from levels in Gen.Choose(2, Math.Max(2, rows / 2))
        from term in Factor(grouping, levels)
        select term;

    private static Gen<TermShape> Factor(Grouping grouping, int levels) =>
        from columns in Gen.Frequency((4, Gen.Constant(1)), (4, Gen.Constant(2)), (2, Gen.Choose(3, 4)))
        from slopes in Gen.Frequency(
            (5, Gen.Constant(Slopes.Covariates)),
            (1, Gen.Constant(Slopes.WithoutIntercept)),
            (1, Gen.Constant(Slopes.Collinear)),
            (1, Gen.Constant(Slopes.Indicators)),
            (1, Gen.Constant(Slopes.LastZero)))
        from isDiagonal in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        from empty in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 3)))
        from size in Gen.Elements(0, 2, 4)
        select new TermShape(grouping, levels, empty, columns, slopes, isDiagonal, size);
}
