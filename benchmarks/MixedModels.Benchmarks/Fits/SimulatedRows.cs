using MixedModels.Execution;
using MixedModels.Families;
using static System.FormattableString;

namespace MixedModels.Benchmarks.Fits;

/// <summary>The seeded generators of large data for generalized models and residual structures: the same file on every machine.</summary>
internal static class SimulatedRows
{
    /// <summary>100,000 yes/no answers of 1,000 users to 1,700 items, some of each far more often than others.</summary>
    public static void CrossedBernoulli(TextWriter writer)
    {
        const int Rows = 100_000;
        var random = new RandomStream(1, 0);
        var (users, items) = (Normals(random, 1000, 1), Normals(random, 1700, 0.7));
        writer.Write("y,x,user,item\n");
        for (var row = 0; row < Rows; row++)
        {
            var (user, item, x) = (Skewed(random, users.Length), Skewed(random, items.Length), random.NextNormal());
            var mu = Link.Logit.Mean(-0.3 + (0.5 * x) + users[user] + items[item]).Value;
            writer.Write(Invariant($"{(random.NextUniform() < mu ? 1 : 0)},{x:R},u{user},i{item}\n"));
        }
    }

    /// <summary>10 counts of each of 20,000 groups, whose levels and trends differ.</summary>
    public static void PoissonSlopes(TextWriter writer)
    {
        const int Groups = 20_000;
        const int Times = 10;
        var random = new RandomStream(2, 0);
        var family = Family.Poisson();
        writer.Write("y,t,id\n");
        for (var group = 0; group < Groups; group++)
        {
            var level = 0.6 * random.NextNormal();
            var trend = (0.25 * random.NextNormal()) + (0.1 * level);
            for (var time = 0; time < Times; time++)
            {
                var t = (time / 4.5) - 1;
                var y = family.Draw(random, 1, 1, Math.Exp(0.5 + level + ((0.3 + trend) * t)), []);
                writer.Write(Invariant($"{y},{t:R},g{group}\n"));
            }
        }
    }

    /// <summary>50 answers of each of 2,000 subjects, one after the other, to 500 items drawn at random; what is left is autocorrelated within subjects.</summary>
    public static void CrossedAutoregressive(TextWriter writer)
    {
        const double Rho = 0.6;
        var random = new RandomStream(3, 0);
        var items = Normals(random, 500, 0.7);
        writer.Write("y,x,t,subject,item\n");
        for (var subject = 0; subject < 2000; subject++)
        {
            var (level, e) = (random.NextNormal(), random.NextNormal());
            for (var t = 0; t < 50; t++)
            {
                if (t > 0) e = (Rho * e) + (Math.Sqrt(1 - (Rho * Rho)) * random.NextNormal());
                var (item, x) = ((int)(items.Length * random.NextUniform()), random.NextNormal());
                writer.Write(Invariant($"{1 + (0.5 * x) + level + items[item] + e:R},{x:R},{t},s{subject},i{item}\n"));
            }
        }
    }

    /// <summary>One series of 100,000 rows whose errors are an autoregressive moving average.</summary>
    public static void Series(TextWriter writer)
    {
        var random = new RandomStream(4, 0);
        var (e, before) = (random.NextNormal(), 0.0);
        writer.Write("y,x,t\n");
        for (var t = 0; t < 100_000; t++)
        {
            var (step, x) = (random.NextNormal(), random.NextNormal());
            (e, before) = ((0.8 * e) + step + (0.3 * before), step);
            writer.Write(Invariant($"{1 + (0.5 * x) + e:R},{x:R},{t}\n"));
        }
    }

    private static double[] Normals(RandomStream random, int count, double sd)
    {
        var values = new double[count];
        for (var k = 0; k < count; k++) values[k] = sd * random.NextNormal();
        return values;
    }

    private static int Skewed(RandomStream random, int count) => (int)(count * Math.Pow(random.NextUniform(), 1.5));
}
