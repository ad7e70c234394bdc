using MixedModels.Data;
using MixedModels.Execution;
using MixedModels.Families;

namespace MixedModels.Tests.Diagnostics;

/// <summary>
/// Data with one thing wrong, or nothing: <c>y ~ x + z + arm + (1 | g)</c>, x the time within a group. The benchmark of detection compiles this file too.
/// </summary>
/// <param name="Kind"><c>normal</c>; <c>counts</c> (Poisson), <c>shares</c> (binomial of ten trials) or <c>answers</c> (of one).</param>
/// <param name="Name">What is wrong; <c>none</c> for nothing.</param>
/// <param name="Words">The same for people.</param>
/// <param name="Rules">The rules that shall speak; empty for none.</param>
internal sealed record PlantedTrouble(string Kind, string Name, string Words, params string[] Rules)
{
    /// <summary>A linear model's trouble.</summary>
    private static readonly PlantedTrouble[] linear =
    [
        new("normal", "none", "nothing"),
        new("normal", "shifted-group", "one group shifted by 12 SD", "random-effects-not-normal", "influential-group"),
        new("normal", "skewed-effects", "exponential random effects", "random-effects-not-normal"),
        new("normal", "autocorrelation", "residuals AR(1) with 0.5", "autocorrelation"),
        new("normal", "heavy-tails", "Student's t residuals, 3 df", "residuals-not-normal", "outliers"),
        new("normal", "fan", "SD grows with the mean, e^(mean/2)", "variance-not-constant"),
        new("normal", "unequal-arms", "one arm with twice the SD", "variance-not-constant"),
        new("normal", "collinear", "covariates correlated 0.994", "collinear"),
        new("normal", "outlier", "one response 9 SD off", "outliers"),
    ];

    private static readonly PlantedTrouble[] generalized =
    [
        new("counts", "none", "nothing"),
        new("counts", "overdispersion", "rows vary by a factor e^(0.6 normal)", "overdispersed"),
        new("counts", "underdispersion", "variance 0.4 times the mean", "underdispersed"),
        new("counts", "zero-inflation", "a quarter of the rows can only be zero", "zero-inflated"),
        new("counts", "autocorrelation", "predictor AR(1) with 0.8, SD 0.6", "autocorrelation"),
        new("counts", "skewed-effects", "exponential random effects", "random-effects-not-normal"),
        new("counts", "shifted-group", "one group shifted by 6 SD", "random-effects-not-normal"),
        new("counts", "outlier", "one count 40 too large", "outliers"),
        new("shares", "none", "nothing"),
        new("shares", "overdispersion", "rows vary by a normal of SD 0.8", "overdispersed"),
        new("shares", "autocorrelation", "predictor AR(1) with 0.8, SD 0.8", "autocorrelation"),
        new("shares", "skewed-effects", "exponential random effects", "random-effects-not-normal"),
        new("answers", "none", "nothing"),
        new("answers", "separation", "an arm without successes", "separated"),
        new("answers", "collinear", "covariates correlated 0.994", "collinear"),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlantedTrouble> All { get; } = [.. linear, .. generalized];

    /// <summary>One by its name.</summary>
    public static PlantedTrouble Of(string kind, string name) => All.Single(trouble => trouble.Kind == kind && trouble.Name == name);

    /// <summary>A data set, fitted.</summary>
    /// <param name="seed">Which data set.</param>
    /// <param name="groups">How many groups.</param>
    /// <param name="size">Rows of each.</param>
    public IMixedModelFit Fit(int seed, int groups = 40, int size = 10)
    {
        const string formula = "y ~ x + z + arm + (1 | g)";
        var table = Table(seed, groups, size);
        return Kind switch
        {
            "normal" => new LinearMixedModel(formula).Fit(table),
            "counts" => new GeneralizedMixedModel(formula, Family.Poisson()).Fit(table),
            _ => new GeneralizedMixedModel(formula, Family.Binomial(), new() { Trials = "trials" }).Fit(table),
        };
    }

    private DataTable Table(int seed, int groups, int size)
    {
        var stream = new RandomStream(2024, (ulong)seed);
        var n = groups * size;
        var (y, x, z) = (new double[n], new double[n], new double[n]);
        var (g, arm) = (new int[n], new int[n]);
        for (var l = 0; l < groups; l++)
        {
            var b = Name == "skewed-effects" ? -Math.Log(1 - stream.NextUniform()) - 1 : stream.NextNormal();
            if (Name == "shifted-group" && l == 0) b += Kind == "normal" ? 12 : 6;
            var previous = stream.NextNormal();
            for (var k = 0; k < size; k++)
            {
                var r = (l * size) + k;
                (g[r], arm[r], x[r], z[r]) = (l, l % 2, k, stream.NextNormal());
                var e = stream.NextNormal();
                if (Name == "collinear") z[r] = x[r] + (0.3 * z[r]);
                if (Name == "autocorrelation") e = previous = (Persistence * previous) + (Math.Sqrt(1 - (Persistence * Persistence)) * e);
                y[r] = Kind == "normal" ? Normal(stream, x[r], z[r], arm[r], b, e) : Draw(stream, x[r], z[r], arm[r], b, e);
            }
        }

        if (Name == "outlier") y[n / 2] += Kind == "normal" ? 9 : 40;
        return new DataTable(
        [
            new NumericColumn("y", y), new NumericColumn("x", x), new NumericColumn("z", z), new NumericColumn("trials", [.. y.Select(_ => Trials)]),
            new FactorColumn("arm", ["a", "b"], arm), new FactorColumn("g", [.. Enumerable.Range(0, groups).Select(l => $"g{l}")], g),
        ]);
    }

    private double Persistence => Kind == "normal" ? 0.5 : 0.8;

    private double Trials => Kind == "shares" ? 10 : 1;

    private double Normal(RandomStream stream, double x, double z, int arm, double b, double e)
    {
        if (Name == "heavy-tails") e *= 1 / Math.Sqrt(Gamma(stream) / 1.5);
        var mean = 1 + (0.3 * x) + (0.5 * (Name == "collinear" ? 0 : z));
        if (Name == "fan") e *= Math.Exp(0.5 * (mean + b - 2.5));
        if (Name == "unequal-arms" && arm == 1) e *= 2;
        return mean + b + e;
    }

    private double Draw(RandomStream stream, double x, double z, int arm, double b, double e)
    {
        // Counts of mean about 3; shares and answers about one half.
        var eta = (Kind == "counts" ? 0.8 : -0.5) + (0.1 * (x - 4.5)) + (0.3 * (Name == "collinear" ? 0 : z)) + ((Kind == "counts" ? 0.7 : 1) * b);
        eta += Name switch
        {
            "overdispersion" or "autocorrelation" => (Kind == "counts" ? 0.6 : 0.8) * e,
            "separation" when arm == 1 => -100,
            _ => 0,
        };
        if (Kind != "counts") return Family.Binomial().Draw(stream, Trials, 1, 1 / (1 + Math.Exp(-eta)), []);
        if (Name == "zero-inflation" && stream.NextUniform() < 0.25) return 0;
        var mu = Math.Exp(eta);
        if (Name != "underdispersion") return Family.Poisson().Draw(stream, 1, 1, mu, []);

        // A binomial number of mean mu and success probability 0.6, the trials rounded at random.
        var trials = Math.Floor((mu / 0.6) + stream.NextUniform());
        return trials == 0 ? 0 : Family.Binomial().Draw(stream, trials, 1, 0.6, []);
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
