using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.SmallSample;

/// <summary>
/// <c>containment</c>: a term has the least rank that random effects which contain it (the same covariates, its factors and more)
/// contribute to [X Z]; a term that none contains has n − rank [X Z].
/// </summary>
/// <remarks>
/// Source: SAS PROC MIXED, <c>ddfm=contain</c>. Random effects contribute in the order of their numbers of factors, so that a nested one
/// is credited with what it adds to the one it is nested in. Not the rule of nlme, which looks at values and not at names.
/// </remarks>
internal sealed class ContainmentMethod : TermwiseMethod
{
    /// <summary>Orthogonalising takes 4 n q² operations; so many take a few seconds.</summary>
    private const double MostOperations = 3e10;

    /// <summary>A column of which less than this share (squared) is left depends on those before it.</summary>
    private const double Dependent = 1e-12;

    private readonly List<(IndicatorTerm Effect, int Rank)> contributions;
    private readonly double residual;
    private readonly IReadOnlyList<IndicatorTerm> terms;

    public ContainmentMethod(IFittedEffects fit)
        : base(fit)
    {
        var design = fit.Design;
        var q = design.RandomTerms.Sum(term => (double)term.Levels.Count * term.ColumnNames.Count);
        var operations = 4 * design.Observations * q * q;
        if (operations > MostOperations)
        {
            throw new InferenceException(FormattableString.Invariant(
                $"Containment needs the rank of [X Z], here {design.Observations} rows and {q} columns of Z: {operations:0.0e0} operations, and this version goes to {MostOperations:0.0e0}. ")
                + "Use Satterthwaite's degrees of freedom, or between-within where there is one grouping factor.");
        }

        terms = [.. design.Fixed.Terms.Select(term => new IndicatorTerm(
            term.Variables.Where(variable => variable.Levels is not null).Select(variable => variable.Label).ToHashSet(StringComparer.Ordinal),
            term.Variables.Where(variable => variable.Levels is null).Select(variable => variable.Label).ToHashSet(StringComparer.Ordinal)))];
        contributions = Contributions(design);
        residual = design.Observations - design.Fixed.ColumnNames.Count - contributions.Sum(effect => effect.Rank);
    }

    /// <inheritdoc/>
    protected override double OfTerm(int term)
    {
        var effect = term == 0 ? new(new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal)) : terms[term - 1];
        var containing = contributions.Where(random => effect.IsContainedIn(random.Effect)).ToArray();
        return containing.Length == 0 ? residual : containing.Min(random => random.Rank);
    }

    /// <summary>The pivots that each effect's columns leave when (I − QQ')Z is orthogonalised in order.</summary>
    private static List<(IndicatorTerm Effect, int Rank)> Contributions(ModelDesign design)
    {
        var (n, p) = (design.Observations, design.Fixed.ColumnNames.Count);
        var basis = new List<double[]>();
        var Q = design.Fixed.X.ToArray();
        OrthonormalBasis.Orthonormalize(Q, n, p, new double[p * p], 0);
        for (var j = 0; j < p; j++) basis.Add(Q[(j * n)..((j + 1) * n)]);

        var effects = design.RandomTerms
            .SelectMany(term => term.Effects.Select((effect, column) => (Term: term, Effect: effect, Column: column)))
            .GroupBy(entry => (entry.Term, Key: string.Join('\n', entry.Effect.Factors.Order(StringComparer.Ordinal)) + "\n\n" + string.Join('\n', entry.Effect.Covariates.Order(StringComparer.Ordinal))))
            .OrderBy(group => group.First().Effect.Factors.Count);
        var found = new List<(IndicatorTerm Effect, int Rank)>();
        foreach (var effect in effects)
        {
            var before = basis.Count;
            foreach (var (term, _, column) in effect) AddColumns(term, column, n, basis);
            found.Add((effect.First().Effect, basis.Count - before));
        }

        return found;
    }

    private static void AddColumns(RandomTermDesign term, int column, int n, List<double[]> basis)
    {
        var values = term.Z.Span.Slice(column * n, n);
        var weights = LevelWeights(term, n);
        for (var level = 0; level < term.Levels.Count && basis.Count < n; level++)
        {
            var z = new double[n];
            foreach (var (row, weight) in weights[level]) z[row] = weight * values[row];
            var size = Vectors.SumOfSquares(z);
            for (var pass = 0; pass < 2; pass++)
            {
                foreach (var direction in basis) Vectors.AddScaled(-Vectors.Dot(direction, z), direction, z);
            }

            var left = Vectors.SumOfSquares(z);
            if (left <= Dependent * size) continue;
            Vectors.Scale(1 / Math.Sqrt(left), z);
            basis.Add(z);
        }
    }

    /// <summary>A level: the rows that belong to it, and how much.</summary>
    private static ILookup<int, (int Row, double Weight)> LevelWeights(RandomTermDesign term, int n) => Enumerable.Range(0, n)
        .SelectMany(r => term.Memberships is not { } memberships
            ? [(Level: term.LevelOfRow.Span[r], Row: r, Weight: 1.0)]
            : Enumerable.Range(memberships.RowStart.Span[r], memberships.RowStart.Span[r + 1] - memberships.RowStart.Span[r])
                .Select(e => (Level: memberships.Levels.Span[e], Row: r, Weight: memberships.Weights.Span[e])))
        .ToLookup(entry => entry.Level, entry => (entry.Row, entry.Weight));
}
