using MixedModels.LinearAlgebra;

namespace MixedModels.Diagnostics.Rules;

/// <summary>Covariates that say nearly the same.</summary>
/// <remarks>
/// The generalised variance inflation of a term, det(R₁)det(R₂)/det(R), R the correlation of the estimates less the intercept, to the power
/// 1/(2 df): how much wider its intervals are than they would be without the others. Source: Fox and Monette 1992, JASA 87, 178–183. Terms that
/// contain or are contained in an interaction are left out: their inflation is about where zero is.
/// </remarks>
internal sealed class CollinearityRule : DiagnosticRule
{
    /// <summary>Intervals more than √10 times as wide: the customary variance inflation of 10.</summary>
    private static readonly double large = Math.Sqrt(10);

    private const string SeparatedRule = "separated";

    /// <inheritdoc/>
    public override string Name => "collinear";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        // A coefficient that runs to infinity has a variance that says nothing of its neighbours.
        var fit = evidence.Fit.Fit;
        if (fit.Findings.Any(finding => finding.Rule == SeparatedRule)) yield break;
        var design = fit.Design.Fixed;
        var variables = design.Terms.Select(term => term.Variables.Select(variable => variable.Label).ToHashSet(StringComparer.Ordinal)).ToArray();
        int[] columns = [.. Enumerable.Range(0, design.ColumnNames.Count).Where(column => design.Assign[column] > 0)];
        if (design.Terms.Count < 2) yield break;
        var inflated = new List<(string Name, double Factor)>();
        for (var t = 0; t < design.Terms.Count; t++)
        {
            var isAlone = !variables.Where((_, other) => other != t).Any(other => other.Overlaps(variables[t]));
            if (!isAlone || design.Terms[t].Columns.Count == 0) continue;
            var factor = Inflation(fit.CoefficientCovariance, columns, [.. design.Terms[t].Columns]);
            if (factor > large) inflated.Add((design.Terms[t].Name, factor));
        }

        if (inflated.Count == 0) yield break;
        var worst = inflated.MaxBy(term => term.Factor);
        yield return Warning(
            $"The effects of {string.Join(", ", inflated.Select(term => term.Name))} can hardly be told apart: the interval of {worst.Name} is {worst.Factor:0.#} times as wide as without the others.",
            "Terms that say nearly the same share their effect arbitrarily; each looks unimportant while together they matter.",
            "Test them together (mixed test with several hypotheses), keep the one you mean, or combine them.");
    }

    /// <summary>The generalised variance inflation of a set of columns, to the power 1/(2 df).</summary>
    internal static double Inflation(Matrix covariance, int[] all, int[] own)
    {
        int[] others = [.. all.Except(own)];
        if (others.Length == 0) return 1;
        var log = LogDeterminant(covariance, own) + LogDeterminant(covariance, others) - LogDeterminant(covariance, [.. own, .. others]);
        return Math.Exp(log / (2 * own.Length));
    }

    /// <summary>log det of the correlation matrix of some columns; −∞ where it is singular.</summary>
    private static double LogDeterminant(Matrix covariance, int[] columns)
    {
        var m = columns.Length;
        var R = new double[m * m];
        for (var j = 0; j < m; j++)
        {
            for (var i = 0; i < m; i++)
                R[i + (j * m)] = covariance[columns[i], columns[j]] / Math.Sqrt(covariance[columns[i], columns[i]] * covariance[columns[j], columns[j]]);
        }

        if (Cholesky.Factor(R, m, m) >= 0) return double.NegativeInfinity;
        var log = 0.0;
        for (var i = 0; i < m; i++) log += 2 * Math.Log(R[i * (m + 1)]);
        return log;
    }
}
