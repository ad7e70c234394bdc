using MixedModels.Data;
using MixedModels.Execution;

namespace MixedModels.Tests.Diagnostics;

/// <summary>Data of a random-intercept model with one thing wrong, or nothing.</summary>
internal static class PlantedTrouble
{
    /// <summary>A table with columns y, x (time within the group), z, arm and g, and its fit.</summary>
    /// <param name="trouble">What is wrong; <c>none</c> for nothing.</param>
    /// <param name="seed">Which data set.</param>
    /// <param name="groups">How many groups.</param>
    /// <param name="size">Rows of each.</param>
    public static LinearMixedModelFit Fit(string trouble, int seed, int groups = 40, int size = 10)
    {
        var stream = new RandomStream(2024, (ulong)seed);
        var n = groups * size;
        var (y, x, z) = (new double[n], new double[n], new double[n]);
        var (g, arm) = (new int[n], new int[n]);
        for (var l = 0; l < groups; l++)
        {
            var b = trouble == "skewed-effects" ? -Math.Log(1 - stream.NextUniform()) - 1 : stream.NextNormal();
            if (trouble == "shifted-group" && l == 0) b += 12;
            var previous = stream.NextNormal();
            for (var k = 0; k < size; k++)
            {
                var r = (l * size) + k;
                (g[r], arm[r], x[r], z[r]) = (l, l % 2, k, stream.NextNormal());
                var e = stream.NextNormal();
                if (trouble == "collinear") z[r] = x[r] + (0.3 * z[r]);
                if (trouble == "autocorrelation") e = previous = (0.5 * previous) + (Math.Sqrt(0.75) * e);
                if (trouble == "heavy-tails") e *= 1 / Math.Sqrt(Gamma(stream) / 1.5);
                var mean = 1 + (0.3 * x[r]) + (0.5 * (trouble == "collinear" ? 0 : z[r]));
                if (trouble == "fan") e *= Math.Exp(0.5 * (mean + b - 2.5));
                if (trouble == "unequal-arms" && arm[r] == 1) e *= 2;
                y[r] = mean + b + e;
            }
        }

        if (trouble == "outlier") y[n / 2] += 9;
        var table = new DataTable(
        [
            new NumericColumn("y", y), new NumericColumn("x", x), new NumericColumn("z", z),
            new FactorColumn("arm", ["a", "b"], arm), new FactorColumn("g", [.. Enumerable.Range(0, groups).Select(l => $"g{l}")], g),
        ]);
        return new LinearMixedModel("y ~ x + z + arm + (1 | g)").FitTo(table);
    }

    /// <summary>A gamma number of shape 3/2: half a chi-square of 3 degrees of freedom, so that the residual is Student's t of 3.</summary>
    private static double Gamma(RandomStream stream)
    {
        var sum = 0.0;
        for (var k = 0; k < 3; k++)
        {
            var normal = stream.NextNormal();
            sum += normal * normal;
        }

        return sum / 2;
    }
}
