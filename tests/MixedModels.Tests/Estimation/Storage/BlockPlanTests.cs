using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Storage;

public sealed class BlockPlanTests
{
    [Fact]
    public void For_CrossedTerms_LetsTheTermWithMostEffectsLead()
    {
        var plan = BlockPlan.For(Crossed(rows: 400, first: 30, second: 50));
        plan.LeadingTerm.ShouldBe(1);
        plan.BorderOrder.ShouldBe(30);
        plan.Symbolic.ShouldBeNull();
    }

    [Fact]
    public void For_ClassesWithinSchools_KeepsTheBorderSparse()
    {
        // Pupils meet one class each and a class one school: the border's factor has no fill.
        var plan = BlockPlan.For(Nested(pupils: 1200, classes: 300, schools: 30));
        plan.BorderOrder.ShouldBe(330);
        plan.Symbolic.ShouldNotBeNull();
        plan.Symbolic.Fill.ShouldBe(0);
        plan.NeedsThreads.ShouldBeFalse();
    }

    /// <summary>Many pupils a class meet few pairs of effects many times: few enough for the pattern to be looked at, and it is sparse.</summary>
    [Fact]
    public void For_ManyPupilsInFewClasses_KeepsTheBorderSparse()
    {
        var plan = BlockPlan.For(Nested(pupils: 3000, classes: 80, schools: 40));
        plan.Coupling.Pairs().ShouldBe(3 * 3000);
        plan.Symbolic.ShouldNotBeNull();
        plan.Symbolic.Nonzeros.ShouldBe((2 * 80) + 40);
    }

    [Fact]
    public void Blocks_OfADenseBorder_CountItsBytesAndOperations()
    {
        var block = BlockPlan.For(Crossed(rows: 400, first: 30, second: 50)).Blocks.Single(b => b.Name.StartsWith("border", StringComparison.Ordinal));
        block.Rows.ShouldBe(30);
        block.LargestArray.ShouldBe(30 * 30);
        block.Bytes.ShouldBe(2 * 8 * 30 * 30);
        block.Operations.ShouldBe(27_000);
    }

    /// <summary>Where nearly every pair of levels meets, the roots W_lA_lb stand as a full matrix beside S0 and S.</summary>
    [Fact]
    public void Border_OfDenseCoupling_CountsTheRootsToo()
    {
        var plan = BlockPlan.For(Crossed(rows: 6000, first: 30, second: 50));
        plan.Coupling.IsDense.ShouldBeTrue();
        var block = plan.Blocks.Single(b => b.Name == PlannedBlocks.BorderName);
        block.Bytes.ShouldBe(8 * ((2 * 30 * 30) + (30 * 50)));
        block.LargestArray.ShouldBe(30 * 50);
    }

    /// <summary>S0, S and their inverse are computed in pieces that one or two threads share; no bit may depend on which.</summary>
    [Fact]
    public void Evaluate_OnOneAndTwoThreads_GivesTheSameBits()
    {
        var data = new StandardizedData(Crossed(rows: 6000, first: 260, second: 400));
        var plan = BlockPlan.For(data.Data);
        plan.NeedsThreads.ShouldBeTrue();
        using var team = new ThreadTeam(2);
        var alone = new ProfiledDeviance(data, new BorderedSystem(data.Rows, plan), reml: true).Evaluate([0.7, 1.3]);
        var shared = new ProfiledDeviance(data, new BorderedSystem(data.Rows, plan, team), reml: true).Evaluate([0.7, 1.3]);
        shared.Value.ShouldBe(alone.Value);
        shared.Gradient.ShouldBe(alone.Gradient);
        shared.Hessian.ShouldBe(alone.Hessian);
    }

    /// <summary>Vector-valued and several border terms, and the exact Hessian, share their work in other pieces.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Evaluate_OfHardShapes_GivesTheSameBitsOnTwoThreads(bool isWide)
    {
        var problem = isWide ? RandomProblems.WideTerm(124) : RandomProblems.Nested(120);
        var data = new StandardizedData(problem.Data());
        var plan = BlockPlan.For(data.Data, BorderStorage.Dense);
        using var team = new ThreadTeam(2);
        var alone = new ProfiledDeviance(data, new BorderedSystem(data.Rows, plan), reml: true);
        var shared = new ProfiledDeviance(data, new BorderedSystem(data.Rows, plan, team), reml: true);
        var theta = problem.Theta(alone.Dimension);
        shared.Evaluate(theta).Hessian.ShouldBe(alone.Evaluate(theta).Hessian);
        shared.Derivatives(theta).Gradient().ShouldBe(alone.Derivatives(theta).Gradient());
    }

    [Fact]
    public void Evaluate_DenseAndSparseBorder_Agree()
    {
        var data = new StandardizedData(Nested(pupils: 1200, classes: 300, schools: 30));
        var dense = new ProfiledDeviance(data, new BorderedSystem(data.Rows, BlockPlan.For(data.Data, BorderStorage.Dense)), reml: true).Evaluate([0.5, 0.8, 0.3]);
        var sparse = new ProfiledDeviance(data, new BorderedSystem(data.Rows, BlockPlan.For(data.Data)), reml: true).Evaluate([0.5, 0.8, 0.3]);
        sparse.Value.ShouldBe(dense.Value, 1e-9 * Math.Abs(dense.Value));
        for (var k = 0; k < 3; k++) sparse.Gradient[k].ShouldBe(dense.Gradient[k], 1e-8 * (1 + Math.Abs(dense.Gradient[k])));
        for (var k = 0; k < 9; k++) sparse.Hessian[k].ShouldBe(dense.Hessian[k], 1e-8 * (1 + Math.Abs(dense.Hessian[k])));
    }

    private static LinearData Crossed(int rows, int first, int second)
    {
        var random = new Random(11);
        return Create(rows, [.. new[] { first, second }.Select(levels => Draw(random, rows, levels))], [first, second]);
    }

    /// <summary>Two rows a pupil; pupils in order of class, classes in order of school.</summary>
    private static LinearData Nested(int pupils, int classes, int schools)
    {
        var rows = 2 * pupils;
        var pupil = Enumerable.Range(0, rows).Select(r => r / 2).ToArray();
        var schoolClass = pupil.Select(p => p * classes / pupils).ToArray();
        var school = schoolClass.Select(c => c * schools / classes).ToArray();
        return Create(rows, [pupil, schoolClass, school], [pupils, classes, schools]);
    }

    private static int[] Draw(Random random, int rows, int levels) => [.. Enumerable.Range(0, rows).Select(_ => random.Next(levels))];

    private static LinearData Create(int rows, int[][] levelOfRow, int[] levels)
    {
        var random = new Random(5);
        var ones = Enumerable.Repeat(1.0, rows).ToArray();
        double[] y = [.. Enumerable.Range(0, rows).Select(_ => RandomProblem.Normal(random))];
        return new(rows, 1, y, ones, ReadOnlyMemory<double>.Empty, [.. levelOfRow.Select((level, t) => new RandomTermData(new Unstructured(1), levels[t], level, ones))]);
    }
}
