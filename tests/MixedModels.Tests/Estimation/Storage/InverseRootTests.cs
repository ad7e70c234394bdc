using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Storage;

/// <summary>The sums over R⁻¹ against their definition; the storages that use them are held to the dense reference elsewhere.</summary>
public sealed class InverseRootTests
{
    /// <summary>Columns of the leading term and of the two border terms.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 2, 3)]
    [InlineData(3, 1, 2)]
    public void SumStrip_AllStripsAdded_AreTheSumsOfTheDefinition(int leading, int first, int second)
    {
        var (plan, coupling, sumStart) = Crossed(leading, first, second);
        var root = new InverseRoot(plan.BorderTerms, plan.BorderOffsets, coupling, sumStart);
        var random = new Random(3);
        var order = plan.BorderOrder;
        var W = new double[order * order];
        for (var j = 0; j < order; j++)
        {
            for (var i = j; i < order; i++) W[i + (j * order)] = RandomProblem.Normal(random);
        }

        double[][] T = [.. plan.BorderTerms.Select(term => Triangle(term.Dimension, random))];
        for (var e = 0; e < coupling.DValues.Length; e++) coupling.DValues[e] = RandomProblem.Normal(random);
        root.Prepare(T);
        var total = new double[sumStart[^1] + (leading * leading)];
        var part = new double[total.Length];
        for (var strip = 0; strip < root.Strips; strip++)
        {
            root.SumStrip(strip, W, part);
            for (var i = 0; i < total.Length; i++) total[i] += part[i];
        }

        var expected = Definition(plan, coupling, sumStart, root.Place, W, T);
        for (var i = 0; i < total.Length; i++) total[i].ShouldBe(expected[i], 1e-12 * expected.Max(Math.Abs), $"sum {i}");
    }

    [Fact]
    public void Place_OfScalarTerms_PutsEffectsThatMeetMostLevelsLastWithinTheirTerm()
    {
        var (plan, coupling, sumStart) = Crossed(1, 1, 1);
        var root = new InverseRoot(plan.BorderTerms, plan.BorderOffsets, coupling, sumStart);
        root.Moves.ShouldBeTrue();
        root.Place.Order().ShouldBe(Enumerable.Range(0, plan.BorderOrder));
        for (var t = 0; t < 2; t++)
        {
            var own = Enumerable.Range(plan.BorderOffsets[t], plan.BorderTerms[t].LevelCount).ToArray();
            own.Select(j => root.Place[j]).Order().ShouldBe(own);
            own.OrderBy(j => root.Place[j]).Select(j => coupling.Pattern.EffectStart[j + 1] - coupling.Pattern.EffectStart[j]).ShouldBeInOrder();
        }
    }

    [Fact]
    public void WhereCheaper_FewRowsForManyEffects_IsNotNull()
    {
        TermShape shape = new(Grouping.Drawn, 300, 0, 1, Slopes.Covariates, false, 1);
        var plan = BlockPlan.For(new RandomProblem(2000, 1, false, [shape, shape with { Levels = 260 }], 3).Data(), BorderStorage.Dense);
        InverseRoot.WhereCheaper(plan.BorderTerms, plan.BorderOffsets, new(plan.Coupling, 1), [0, 1]).ShouldNotBeNull();
    }

    [Fact]
    public void WhereCheaper_CouplingThatIsNearlyFull_IsNull()
    {
        TermShape few = new(Grouping.Drawn, 12, 0, 1, Slopes.Covariates, false, 1);
        var plan = BlockPlan.For(new RandomProblem(900, 1, false, [few with { Levels = 20 }, few], 3).Data(), BorderStorage.Dense);
        plan.Coupling.IsDense.ShouldBeTrue();
        InverseRoot.WhereCheaper(plan.BorderTerms, plan.BorderOffsets, new(plan.Coupling, 1), [0, 1]).ShouldBeNull();
    }

    /// <summary>Effects that vary by the boundary of what R⁻¹ is good for: the sums must pass over it smoothly.</summary>
    [Fact]
    public void Gradient_AcrossTheLeastVariance_IsSmooth()
    {
        TermShape shape = new(Grouping.Drawn, 90, 0, 1, Slopes.Covariates, false, 1);
        var data = new StandardizedData(new RandomProblem(400, 2, false, [shape with { Levels = 260 }, shape with { Levels = 200 }], 5).Data());
        var deviance = new ProfiledDeviance(data, new BorderedSystem(data.Rows, BlockPlan.For(data.Data, BorderStorage.Dense)), reml: true);
        var least = Math.Sqrt(1e-4 * 200 / 400);
        var (below, above) = (Gradient(least * (1 - 1e-9)), Gradient(least * (1 + 1e-9)));
        for (var k = 0; k < 2; k++) above[k].ShouldBe(below[k], 1e-7 * Math.Abs(below[k]));

        double[] Gradient(double theta)
        {
            deviance.Value([0.6, theta]);
            return deviance.Derivatives([0.6, theta]).Gradient();
        }
    }

    private static (BlockPlan Plan, Coupling Coupling, int[] SumStart) Crossed(int leading, int first, int second)
    {
        TermShape shape = new(Grouping.Drawn, 200, 0, leading, Slopes.Covariates, false, 1);
        var data = new RandomProblem(700, 1, false, [shape, shape with { Levels = 45, Columns = first }, shape with { Levels = 31, Columns = second }], 9).Data();
        var plan = BlockPlan.For(data, BorderStorage.Dense);
        plan.LeadingTerm.ShouldBe(0);
        return (plan, new(plan.Coupling, leading), [0, first * first, (first * first) + (second * second)]);
    }

    private static double[] Triangle(int p, Random random)
    {
        var T = new double[p * p];
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++) T[i + (j * p)] = RandomProblem.Normal(random);
        }

        return T;
    }

    /// <summary>W'W by blocks, and K_l = W L_b'A_blD_l' with all matrices written out.</summary>
    private static double[] Definition(BlockPlan plan, Coupling coupling, int[] sumStart, int[] place, double[] W, double[][] T)
    {
        var (order, p, pattern) = (plan.BorderOrder, coupling.p, coupling.Pattern);
        var sums = new double[sumStart[^1] + (p * p)];
        for (var t = 0; t < T.Length; t++)
        {
            var size = plan.BorderTerms[t].Dimension;
            for (var j = plan.BorderOffsets[t]; j < plan.BorderOffsets[t + 1]; j++)
            {
                for (var i = j - ((j - plan.BorderOffsets[t]) % size); i < j - ((j - plan.BorderOffsets[t]) % size) + size; i++)
                {
                    for (var r = 0; r < order; r++) sums[sumStart[t] + ((i - plan.BorderOffsets[t]) % size) + ((j - plan.BorderOffsets[t]) % size * size)] += W[r + (i * order)] * W[r + (j * order)];
                }
            }
        }

        for (var l = 0; l + 1 < pattern.LevelStart.Length; l++)
        {
            var K = new double[order * p];
            for (var e = pattern.LevelStart[l]; e < pattern.LevelStart[l + 1]; e++)
            {
                var t = pattern.Effect[e] < plan.BorderOffsets[1] ? 0 : 1;
                var size = plan.BorderTerms[t].Dimension;
                var b = (pattern.Effect[e] - plan.BorderOffsets[t]) % size;
                for (var i = 0; i <= b; i++)
                {
                    for (var a = 0; a < p; a++)
                    {
                        for (var r = 0; r < order; r++) K[r + (a * order)] += W[r + (place[pattern.Effect[e] - b + i] * order)] * T[t][b + (i * size)] * coupling.DValues[(e * p) + a];
                    }
                }
            }

            for (var i = 0; i < p * p; i++)
            {
                for (var r = 0; r < order; r++) sums[sumStart[^1] + i] += K[r + (i % p * order)] * K[r + (i / p * order)];
            }
        }

        return sums;
    }
}
