using System.Globalization;
using MixedModels.Numerics;

namespace MixedModels.Diagnostics.Rules;

/// <summary>Rows too far from their fitted value for the normal distribution, all rows taken together.</summary>
internal sealed class OutlierRule : DiagnosticRule
{
    /// <inheritdoc/>
    public override string Name => "outliers";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        var residuals = evidence.Studentized;
        var limit = -NormalDistribution.Quantile(0.5 * ErrorRate / residuals.Length);
        int[] far = [.. Enumerable.Range(0, residuals.Length).Where(r => Math.Abs(residuals[r]) > limit).OrderByDescending(r => Math.Abs(residuals[r]))];
        if (far.Length == 0) yield break;
        var rows = evidence.Fit.Design.Rows;
        var named = string.Join(", ", far.Take(5).Select(r => $"{(rows.Span[r] + 1).ToString(CultureInfo.InvariantCulture)} ({residuals[r].ToString("0.0", CultureInfo.InvariantCulture)} SD)"));
        yield return Warning(
            $"{far.Length} of {residuals.Length} rows lie further from their fitted value than chance allows: row {named}{(far.Length > 5 ? ", …" : "")}; the limit is {limit:0.0} SD.",
            evidence.Fit.Linear is null
                ? "Outliers can pull estimates; they are also where data are wrong or the world is interesting. Distances are normal scores of each response's probability under the model given the random effects."
                : "Outliers inflate the residual variance and can pull estimates; they are also where data are wrong or the world is interesting.",
            evidence.Fit.Linear is null
                ? "Check these rows. If they are right, see whether conclusions change without them, or whether a family with more dispersion has none."
                : "Check these rows. If they are right, see whether conclusions change without them, or whether a transformed response has none.");
    }
}
