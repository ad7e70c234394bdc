using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// Rows multiplied by R⁻½, subject by subject: at given phi what is left is a mixed model with independent residuals. Where the rows of a subject
/// are of several levels of a random term, whitened rows belong to several levels. A workspace of one thread; safe for concurrent reading once evaluated.
/// </summary>
internal sealed class RowWhitening
{
    private readonly StandardizedData data;
    private readonly List<SubjectPrecision> subjects;
    private readonly Lazy<(WhiteningRows W, WhitenedTerm[] Terms)> levels;

    /// <summary>Finds the patterns of subjects; nothing is whitened before <see cref="Evaluate"/>.</summary>
    public RowWhitening(StandardizedData data, ResidualModel model)
    {
        (this.data, Model) = (data, model);
        var patterns = BlockPattern.Find(data, model, withRandomTerms: false);
        subjects = [.. patterns.Select(pattern => data.Data.Terms.Count > 0 ? BandedPrecision.ForRows(pattern, model) : SubjectPrecision.For(pattern, model))];
        levels = Levels();
    }

    private RowWhitening(StandardizedData data, ResidualModel model, List<SubjectPrecision> subjects) =>
        (this.data, Model, this.subjects, levels) = (data, model, subjects, Levels());

    /// <summary>Long subjects, each whitened by a recursion.</summary>
    public static RowWhitening OfSeries(StandardizedData data, ResidualModel model) =>
        new(data, model, [.. BlockPattern.Find(data, model, withRandomTerms: false).Select(pattern => SubjectPrecision.ForSeries(pattern, model)!)]);

    /// <summary>R⁻½ at phi.</summary>
    public RowWhitening(StandardizedData data, ResidualData residual, ReadOnlySpan<double> phi)
        : this(data, new ResidualModel(residual, data.Data.n)) => Evaluate(phi, wantsDerivatives: false);

    /// <summary>R.</summary>
    public ResidualModel Model { get; }

    /// <summary>The patterns of subjects.</summary>
    public IReadOnlyList<SubjectPrecision> Subjects => subjects;

    /// <summary>The patterns of subjects where W stands row by row, as beside random terms it always does.</summary>
    public IReadOnlyList<BandedPrecision> Banded => [.. subjects.Cast<BandedPrecision>()];

    /// <summary>log|R|.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>Whether R is positive definite in double precision.</summary>
    public bool IsDefinite { get; private set; }

    /// <summary>W row by row.</summary>
    public WhiteningRows W => levels.Value.W;

    /// <summary>The random terms of whitened rows, which do not depend on phi; without Z where rows have several levels.</summary>
    public IReadOnlyList<RandomTermData> Terms => [.. levels.Value.Terms.Select(term => term.Data)];

    /// <summary>Takes other parameters; false where R is not positive definite.</summary>
    public bool Evaluate(ReadOnlySpan<double> phi, bool wantsDerivatives)
    {
        Model.Evaluate(phi, wantsDerivatives);
        (LogDeterminant, IsDefinite) = (0, true);
        foreach (var own in subjects)
        {
            IsDefinite &= own.Evaluate();
            LogDeterminant += own.Pattern.Blocks.Count * own.LogDeterminant;
        }

        return IsDefinite;
    }

    /// <summary>R⁻½ times the columns of an n×columns matrix.</summary>
    public double[] Apply(ReadOnlySpan<double> matrix, int rows) => Each(matrix, rows, (own, block, columns) => own.Whiten(block, columns));

    /// <summary>R½ times the columns of an n×columns matrix: what a draw of residuals is made by.</summary>
    public double[] Colour(ReadOnlySpan<double> matrix, int rows) => Each(matrix, rows, (own, block, columns) => own.Colour(block, columns));

    /// <summary>The same data with whitened rows.</summary>
    public StandardizedData Whiten()
    {
        var terms = levels.Value.Terms;
        if (terms.Length > 0) W.Fill();
        var Z = new double[terms.Length][];
        for (var t = 0; t < Z.Length; t++)
        {
            Z[t] = new double[terms[t].Data.LevelOfRow.Length * terms[t].Data.Dimension];
            terms[t].Whiten(data.Z[t], W, Z[t]);
        }

        var n = data.Data.n;
        return data.Whitened(Apply(data.Q, n), Apply(data.y, n), Z, Terms, LogDeterminant);
    }

    private Lazy<(WhiteningRows W, WhitenedTerm[] Terms)> Levels() => new(() =>
    {
        if (data.Data.Terms.Count == 0) return (new([], 0), []);
        var rows = new WhiteningRows(Banded, data.Data.n);
        return (rows, [.. data.Data.Terms.Select(term => new WhitenedTerm(term, rows))]);
    });

    private double[] Each(ReadOnlySpan<double> matrix, int rows, Action<SubjectPrecision, double[], int> change)
    {
        var result = matrix.ToArray();
        var columns = result.Length / Math.Max(1, rows);
        foreach (var own in subjects)
        {
            var n = own.Pattern.Order;
            var block = new double[n * columns];
            foreach (var subject in own.Pattern.Blocks)
            {
                for (var j = 0; j < columns; j++)
                {
                    for (var i = 0; i < n; i++) block[i + (j * n)] = result[subject[i] + (j * rows)];
                }

                change(own, block, columns);
                for (var j = 0; j < columns; j++)
                {
                    for (var i = 0; i < n; i++) result[subject[i] + (j * rows)] = block[i + (j * n)];
                }
            }
        }

        return result;
    }
}
