using MixedModels.Execution;
using MixedModels.Families;

namespace MixedModels.Tests.Families;

public class FamilyTests
{
    /// <summary>Five-point differences of this step are good to about 1e-10 of the function's size.</summary>
    private const double Step = 1e-4;

    public static TheoryData<string, string> All => FamilyCases.All();

    [Theory]
    [MemberData(nameof(All))]
    public void LogDensity_Derivatives_EqualDifferences(string name, string link)
    {
        var family = FamilyCases.Create(name, link);
        var psi = FamilyCases.Psi(family);
        foreach (var (row, eta) in Points(family))
        {
            var at = family.LogDensity(row, eta, psi);
            Near(at.First, Difference(x => family.LogDensity(row, x, psi).Value, eta), at, row, eta);
            Near(at.Second, Difference(x => family.LogDensity(row, x, psi).First, eta), at, row, eta);
            Near(at.Third, Difference(x => family.LogDensity(row, x, psi).Second, eta), at, row, eta);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ParameterDerivative_AllOrders_EqualDifferences(string name, string link)
    {
        var family = FamilyCases.Create(name, link);
        var psi = FamilyCases.Psi(family);
        if (psi.Length == 0)
        {
            Should.Throw<NotSupportedException>(() => family.ParameterDerivative(0, FamilyCases.Rows(family)[0], 0.1, psi));
            return;
        }

        foreach (var (row, eta) in Points(family))
        {
            var at = family.ParameterDerivative(0, row, eta, psi);
            Near(at.Value, Difference(x => family.LogDensity(row, eta, [x]).Value, psi[0]), at, row, eta);
            Near(at.First, Difference(x => family.LogDensity(row, eta, [x]).First, psi[0]), at, row, eta);
            Near(at.Second, Difference(x => family.LogDensity(row, eta, [x]).Second, psi[0]), at, row, eta);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void LogDensity_OverItsSupport_HasMassOneAndTheRightMoments(string name, string link)
    {
        var family = FamilyCases.Create(name, link);
        var psi = FamilyCases.Psi(family);
        foreach (var mu in FamilyCases.Means(family))
        {
            var eta = family.Link.Predictor(mu);
            var trials = family.HasTrials ? 6 : 1;
            var (mass, mean, square) = Moments(family, y => Math.Exp(family.LogDensity(new(y, trials, 1), eta, psi).Value));
            mass.ShouldBe(1, 1e-7, $"{family} at {mu}");
            mean.ShouldBe(trials * mu, 1e-6 * (1 + mu), $"{family} at {mu}");
            (square - (mean * mean)).ShouldBe(trials * family.Variance(mu, 1, psi), 1e-5 * (1 + square), $"{family} at {mu}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ExpectedWeight_IsTheMeanOfTheObservedOne(string name, string link)
    {
        var family = FamilyCases.Create(name, link);

        // With nbinom1 the size moves with the mean; its expected weight by quasi-likelihood is a working weight only.
        if (string.Equals(name, "nbinom1", StringComparison.Ordinal)) return;
        var psi = FamilyCases.Psi(family);
        foreach (var mu in FamilyCases.Means(family))
        {
            var eta = family.Link.Predictor(mu);
            var trials = family.HasTrials ? 6 : 1;
            var (weight, _, _) = Moments(family, y =>
            {
                var l = family.LogDensity(new(y, trials, 1), eta, psi);
                return Math.Exp(l.Value) == 0 ? 0 : -l.Second * Math.Exp(l.Value);
            });
            weight.ShouldBe(family.ExpectedWeight(new(1, trials, 1), eta, psi), 1e-5 * (1 + Math.Abs(weight)), $"{family} at {mu}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Cumulative_Steps_AreTheDensity(string name, string link)
    {
        var family = FamilyCases.Create(name, link);
        var psi = FamilyCases.Psi(family);
        foreach (var row in FamilyCases.Rows(family).Where(row => row.Weight == 1 || family.WeightsDivideDispersion))
        {
            foreach (var mu in FamilyCases.Means(family))
            {
                var eta = family.Link.Predictor(mu);
                var (below, upTo) = family.Cumulative(row, mu, psi);
                if (family.IsDiscrete)
                {
                    (upTo - below).ShouldBe(Math.Exp(family.LogDensity(row, eta, psi).Value), 1e-10, $"{family} {row} at {mu}");
                    continue;
                }

                below.ShouldBe(upTo);
                var after = family.Cumulative(row with { Response = row.Response + Step }, mu, psi).UpTo;
                var before = family.Cumulative(row with { Response = row.Response - Step }, mu, psi).UpTo;
                ((after - before) / (2 * Step)).ShouldBe(Math.Exp(family.LogDensity(row, eta, psi).Value), 1e-6, $"{family} {row} at {mu}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Draw_ManyTimes_HasTheMomentsOfTheFamily(string name, string link)
    {
        const int draws = 20_000;
        var family = FamilyCases.Create(name, link);
        var psi = FamilyCases.Psi(family);
        var random = new RandomStream(20_240, 1);
        foreach (var mu in FamilyCases.Means(family))
        {
            var trials = family.HasTrials ? 6 : 1;
            var (sum, squares) = (0.0, 0.0);
            for (var k = 0; k < draws; k++)
            {
                var y = family.Draw(random, trials, 1, mu, psi);
                family.Objection(new(y, trials, 1)).ShouldBeNull();
                sum += y;
                squares += (y - (trials * mu)) * (y - (trials * mu));
            }

            var variance = trials * family.Variance(mu, 1, psi);

            // Five standard errors of the mean; the variance's own standard error depends on the fourth moment, a sixth is wide.
            (sum / draws).ShouldBe(trials * mu, 5 * Math.Sqrt(variance / draws), $"{family} at {mu}");
            (squares / draws).ShouldBe(variance, variance / 6, $"{family} at {mu}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void UnitDeviance_AtTheResponseAndBeside_IsZeroAndPositive(string name, string link)
    {
        var family = FamilyCases.Create(name, link);
        var psi = FamilyCases.Psi(family);
        foreach (var row in FamilyCases.Rows(family))
        {
            foreach (var mu in FamilyCases.Means(family)) family.UnitDeviance(row, mu, psi).ShouldBeGreaterThan(0);
            if (row.Response > 0 && row.Response < row.Trials + (family.HasTrials ? 0 : double.PositiveInfinity))
                family.UnitDeviance(row, row.Response / (family.HasTrials ? row.Trials : 1), psi).ShouldBe(0, 1e-12);
        }
    }

    [Fact]
    public void LogDensity_KnownValues_AreThoseOfR()
    {
        // R 4.2: dbinom(3, 7, 0.3, log = TRUE), dpois(4, 2.5, log = TRUE), dgamma(1.7, shape = 2, rate = 2/1.3, log = TRUE),
        // dnbinom(4, size = 1.5, mu = 2.5, log = TRUE), dnorm(0.7, 0.2, 1.3, log = TRUE).
        Value(Family.Binomial(), new(3, 7, 1), 0.3, []).ShouldBe(-1.4832701272433, 1e-12);
        Value(Family.Poisson(), new(4, 1, 1), 2.5, []).ShouldBe(-2.0128909028513, 1e-12);
        Value(Family.Gamma(), new(1.7, 1, 1), 1.3, [Math.Log(2)]).ShouldBe(-1.2231905321375, 1e-12);
        Value(Family.NegativeBinomial2(), new(4, 1, 1), 2.5, [Math.Log(1.5)]).ShouldBe(-2.4507160215945, 1e-12);
        Value(Family.Gaussian(), new(0.7, 1, 1), 0.2, [Math.Log(1.3)]).ShouldBe(-1.2552672947136, 1e-12);
    }

    [Fact]
    public void LogDensity_FarOut_StaysFinite()
    {
        foreach (var link in Family.Binomial().Links.Where(link => link is { Name: not ("log" or "identity") }))
        {
            foreach (var eta in new[] { -35.0, -12, 12, 35 })
            {
                foreach (var y in new[] { 0.0, 1 })
                {
                    var l = Family.Binomial(link).LogDensity(new(y, 1, 1), eta, []);
                    double.IsNaN(l.Value + l.First + l.Second + l.Third).ShouldBeFalse($"{link} at {eta}");
                }
            }
        }
    }

    private static double Value(Family family, Observation row, double mu, double[] psi) => family.LogDensity(row, family.Link.Predictor(mu), psi).Value;

    private static IEnumerable<(Observation Row, double Eta)> Points(Family family) =>
        FamilyCases.Rows(family).SelectMany(row => FamilyCases.Means(family).Select(mu => (row, family.Link.Predictor(mu))));

    private static double Difference(Func<double, double> f, double x) =>
        ((8 * (f(x + Step) - f(x - Step))) - (f(x + (2 * Step)) - f(x - (2 * Step)))) / (12 * Step);

    private static void Near(double derivative, double difference, Taylor at, Observation row, double eta)
    {
        var size = 1 + Math.Abs(at.Value) + Math.Abs(at.First) + Math.Abs(at.Second) + Math.Abs(at.Third);
        derivative.ShouldBe(difference, 1e-8 * size, $"{row} at {eta}");
    }

    /// <summary>Sum or Simpson integral over the support of f, y·f and y²·f.</summary>
    private static (double Mass, double Mean, double Square) Moments(Family family, Func<double, double> f)
    {
        var (mass, mean, square) = (0.0, 0.0, 0.0);
        void Add(double y, double weight)
        {
            var value = weight * f(y);
            (mass, mean, square) = (mass + value, mean + (y * value), square + (y * y * value));
        }

        if (family.HasTrials)
        {
            for (var y = 0; y <= 6; y++) Add(y, 1);
        }
        else if (family.IsDiscrete)
        {
            for (var y = 0; y <= 400; y++) Add(y, 1);
        }
        else
        {
            // y = exp(t) for positive responses, y = t for Gaussian ones; Simpson's rule on a fine grid.
            const int intervals = 8000;
            var isGaussian = family.Objection(new(-1, 1, 1)) is null;
            var (low, high) = isGaussian ? (-25.0, 30.0) : (-16.0, 9.0);
            var h = (high - low) / intervals;
            for (var k = 0; k <= intervals; k++)
            {
                var t = low + (k * h);
                var y = isGaussian ? t : Math.Exp(t);
                Add(y, h / 3 * (k == 0 || k == intervals ? 1 : k % 2 == 1 ? 4 : 2) * (isGaussian ? 1 : y));
            }
        }

        return (mass, mean, square);
    }

    [Theory]
    [InlineData("identity", 1.01, 1)]
    [InlineData("identity", -0.01, 0)]
    [InlineData("log", 0.01, 1)]
    public void LogDensity_OfAProbabilityOutsideItsRange_IsNoNumber(string link, double eta, double successes)
    {
        // A row whose trials all agree meets the logarithm of one probability only, which is a number there.
        var family = FamilyCases.Create("binomial", link);
        double.IsNaN(family.LogDensity(new(successes, 1, 1), eta, []).Value).ShouldBeTrue();
        double.IsFinite(family.LogDensity(new(successes, 1, 1), link == "log" ? -0.01 : 0.5, []).Value).ShouldBeTrue();
    }
}
