using System.Globalization;
using System.Text;
using MixedModels.Design;
using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Inference.Contrasts;

/// <summary>Tests of linear hypotheses, each and together.</summary>
internal static class HypothesisTests
{
    /// <summary>Rows or values that differ by less than this share agree: hypotheses are typed with a few digits.</summary>
    private const double Agreement = 1e-6;

    /// <summary>A row of which less than this share is left follows from those before it.</summary>
    private const double Dependent = 1e-8;

    /// <summary>Reads hypotheses and tests them.</summary>
    public static HypothesisTestTable Table(SmallSampleMethod method, DegreesOfFreedom name, IReadOnlyList<string> hypotheses)
    {
        if (hypotheses.Count == 0) throw new InferenceException("No hypothesis is given; wanted one or more, such as \"A - B = 0\".");
        var design = method.Fit.Design;
        var estimability = new Estimability(design);
        LinearHypothesis[] read = [.. hypotheses.Select(text => HypothesisParser.Parse(text, estimability.Names))];
        foreach (var hypothesis in read)
        {
            if (estimability.Obstacle(hypothesis.Weights) is not { } column) continue;
            throw new InferenceException(
                $"\"{hypothesis.Text}\" cannot be estimated: '{column}' was left out of the fit because earlier columns span it, and the data say nothing on this combination. "
                + "Name coefficients that the fit has, or a combination that does not depend on which of the columns is left out.");
        }

        return Table(method, name, [.. read.Select(hypothesis => hypothesis with { Weights = estimability.Kept(hypothesis.Weights) })]);
    }

    /// <summary>Tests the rows of a matrix.</summary>
    public static HypothesisTestTable Table(SmallSampleMethod method, DegreesOfFreedom name, Matrix contrasts, IReadOnlyList<double> values)
    {
        var names = method.Fit.Design.Fixed.ColumnNames;
        if (contrasts.Columns != names.Count || contrasts.Rows == 0)
            throw new ArgumentException($"The matrix is {contrasts.Rows}×{contrasts.Columns}; wanted a row a hypothesis and {names.Count} columns: {HypothesisParser.Known(names)}.", nameof(contrasts));
        if (values.Count != contrasts.Rows)
            throw new ArgumentException($"{values.Count} values are given for {contrasts.Rows} hypotheses.", nameof(values));
        var read = new LinearHypothesis[contrasts.Rows];
        for (var i = 0; i < read.Length; i++)
        {
            double[] weights = [.. Enumerable.Range(0, names.Count).Select(j => contrasts[i, j])];
            if (!Array.TrueForAll(weights, double.IsFinite) || Array.TrueForAll(weights, weight => weight == 0))
                throw new ArgumentException($"Row {i} of the matrix is zero or not finite.", nameof(contrasts));
            read[i] = new(Word(weights, values[i], names), weights, values[i]);
        }

        return Table(method, name, read);
    }

    private static HypothesisTestTable Table(SmallSampleMethod method, DegreesOfFreedom name, LinearHypothesis[] hypotheses)
    {
        var rows = new ContrastRows(method.Fit, [.. hypotheses.SelectMany(hypothesis => hypothesis.Weights)]);
        var tests = new HypothesisTest[hypotheses.Length];
        for (var i = 0; i < tests.Length; i++)
        {
            var c = rows.Row(i);
            var (estimate, error, df) = (Vectors.Dot(c.Delta(0), method.Fit.Coordinates), Math.Sqrt(method.Variance(c)), method.Df(c));
            var t = (estimate - hypotheses[i].Value) / error;
            tests[i] = new(hypotheses[i].Text, estimate, error, double.IsPositiveInfinity(df) ? null : df, t, TailProbability.StudentTwoSided(t, df));
        }

        return new(tests, Joint(method, rows, hypotheses), name, method.Findings) { Robust = method.Robust };
    }

    private static JointTest Joint(SmallSampleMethod method, ContrastRows rows, LinearHypothesis[] hypotheses)
    {
        var kept = Independent(rows, hypotheses);
        var weights = new double[kept.Count * rows.Count];
        for (var i = 0; i < kept.Count; i++) weights[(i * rows.Count) + kept[i]] = 1;
        var test = method.Joint(rows.Combine(weights, kept.Count), [.. kept.Select(i => hypotheses[i].Value)]);
        double? df = double.IsPositiveInfinity(test.DenominatorDf) ? null : test.DenominatorDf;
        return new(test.Statistic, test.NumeratorDf, df, TailProbability.F(test.Statistic, test.NumeratorDf, test.DenominatorDf));
    }

    /// <summary>The rows that do not follow from those before them; one that does must follow with its value.</summary>
    private static List<int> Independent(ContrastRows rows, LinearHypothesis[] hypotheses)
    {
        var (p, m) = (rows.p, rows.Count);
        var Q = new double[p * m];
        for (var i = 0; i < m; i++) rows.Delta(i).CopyTo(Q.AsSpan(i * p, p));
        var R = new double[m * m];
        OrthonormalBasis.Orthonormalize(Q, p, m, R, Dependent);
        var kept = new List<int>();
        for (var i = 0; i < m; i++)
        {
            if (R[i * (m + 1)] != 0)
            {
                kept.Add(i);
                continue;
            }

            // row_i = Σ b_k row_k, b by back substitution in the triangle of the kept rows.
            var b = kept.Select(k => R[k + (i * m)]).ToArray();
            for (var a = b.Length - 1; a >= 0; a--)
            {
                b[a] /= R[kept[a] * (m + 1)];
                for (var c = 0; c < a; c++) b[c] -= R[kept[c] + (kept[a] * m)] * b[a];
            }

            var implied = kept.Select((k, a) => b[a] * hypotheses[k].Value).Sum();
            var size = kept.Select((k, a) => Math.Abs(b[a] * hypotheses[k].Value)).Sum() + Math.Abs(hypotheses[i].Value);
            if (Math.Abs(implied - hypotheses[i].Value) > Agreement * size)
                throw new InferenceException($"The hypotheses contradict each other: \"{hypotheses[i].Text}\" cannot hold when those before it do. Test them one at a time.");
        }

        return kept;
    }

    private static string Word(double[] weights, double value, IReadOnlyList<string> names)
    {
        var text = new StringBuilder();
        for (var j = 0; j < weights.Length; j++)
        {
            if (weights[j] == 0) continue;
            text.Append(text.Length == 0 ? (weights[j] < 0 ? "-" : "") : weights[j] < 0 ? " - " : " + ");
            if (Math.Abs(weights[j]) != 1) text.Append(CultureInfo.InvariantCulture, $"{Math.Abs(weights[j]):R} * ");
            text.Append(names[j]);
        }

        return text.Append(CultureInfo.InvariantCulture, $" = {value:R}").ToString();
    }
}
