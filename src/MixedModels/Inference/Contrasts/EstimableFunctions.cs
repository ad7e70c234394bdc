using MixedModels.Design;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Contrasts;

/// <summary>
/// The functions of the fixed effects that a test of a term is about. They are found in the parameters of the indicator design, so that
/// they do not depend on the coding that was fitted. Immutable.
/// </summary>
/// <remarks>
/// Source: Goodnight 1978, Tests of Hypotheses in Fixed Effects Linear Models, SAS technical report R-101 (types I, II and III); rows are
/// given in treatment coefficients with a 1 at each of the term's own, as in lmerTest (Kuznetsova, Brockhoff and Christensen 2017, section 3).
/// </remarks>
internal sealed class EstimableFunctions
{
    /// <summary>A column that leaves less than this share of its norm adds nothing to those adjusted for, as in the design.</summary>
    private const double Dependent = 1e-7;

    private readonly TreatmentBasis basis;
    private readonly int[] present;

    public EstimableFunctions(ModelDesign design)
    {
        Indicators = design.Indicators();
        basis = new(design.Fixed, Indicators);

        // A term of which no column is left is not in the model, and nothing is adjusted for it.
        present = [.. design.Fixed.Assign.Where(term => term > 0).Distinct()];
    }

    /// <summary>The indicator design.</summary>
    public IndicatorDesign Indicators { get; }

    /// <summary>The functions of a term (counted from 1), row after row of p weights of the fitted coefficients; empty where there is none.</summary>
    public double[] Of(int term, AnovaType type)
    {
        if (!present.Contains(term)) return [];
        double[] rows = type switch
        {
            AnovaType.I => Adjusted(term, other => other < term),
            AnovaType.II => Adjusted(term, other => other != term && !Contains(other, term)),
            _ => TypeThree(term),
        };
        var (p, fitted) = (basis.p, new double[rows.Length]);
        for (var i = 0; i < rows.Length; i += p) basis.ToFitted(rows.AsSpan(i, p)).CopyTo(fitted, i);
        return fitted;
    }

    private bool Contains(int other, int term) =>
        other > 0 && term > 0 && Indicators.Terms[term - 1].IsContainedIn(Indicators.Terms[other - 1]);

    /// <summary>The treatment columns of a term, by their place among all p.</summary>
    private int[] Own(int term) => [.. Enumerable.Range(0, basis.p).Where(i => Indicators.Assign[basis.Columns[i]] == term)];

    /// <summary>
    /// Types I and II: of each own column what is left after those adjusted for and the own ones before it, as a row of products with all
    /// columns over its product with itself.
    /// </summary>
    private double[] Adjusted(int term, Func<int, bool> isAdjustedFor)
    {
        var p = basis.p;
        var adjusted = Enumerable.Range(0, basis.Count)
            .Where(j => Indicators.Assign[j] is var owner && (owner == 0 || (present.Contains(owner) && isAdjustedFor(owner))));
        int[] own = [.. Own(term).Select(i => basis.Columns[i])];
        int[] ordered = [.. adjusted, .. own];
        var Q = new double[p * ordered.Length];
        for (var c = 0; c < ordered.Length; c++) basis.Coordinate(ordered[c]).CopyTo(Q.AsSpan(c * p, p));
        OrthonormalBasis.Orthonormalize(Q, p, ordered.Length, new double[ordered.Length * ordered.Length], Dependent);
        var rows = new List<double>();
        for (var c = ordered.Length - own.Length; c < ordered.Length; c++)
        {
            var remainder = Q.AsSpan(c * p, p);
            var size = Vectors.Dot(remainder, basis.Coordinate(ordered[c]));
            if (size <= 0) continue;
            for (var i = 0; i < p; i++)
            {
                var weight = Vectors.Dot(remainder, basis.Coordinate(basis.Columns[i]));
                rows.Add(Math.Abs(weight) <= Dependent * Vectors.Norm(basis.Coordinate(basis.Columns[i])) ? 0 : weight / size);
            }
        }

        return [.. rows];
    }

    /// <summary>Estimable functions of the term and of those that contain it alone, less their part in those of the latter.</summary>
    private double[] TypeThree(int term)
    {
        var p = basis.p;
        var own = Among(term);
        var d = own.Length / Math.Max(p, 1);
        var containing = present.Where(other => Contains(other, term)).Select(Among).Where(other => other.Length > 0).ToArray();
        var gram = new double[d * d];
        var image = Image(own);
        foreach (var other in containing)
        {
            var otherImage = Image(other);
            var m = other.Length / p;
            var product = new double[m * d];
            Product.Add(1, otherImage, basis.Count, true, image, basis.Count, false, product, m, m, d, basis.Count);
            Product.Add(1, product, m, true, product, m, false, gram, d, d, d, m);
        }

        var weights = NullSpace.OfGram(gram, d);
        var count = d == 0 ? 0 : weights.Length / d;
        var rows = new double[p * count];
        Product.Add(1, own, p, false, weights, d, false, rows, p, p, count, d);
        return Unscaled(rows, NullSpace.Echelon(rows, p, [.. Own(term), .. Enumerable.Range(0, p)]));
    }

    /// <summary>An orthonormal basis of the functions that have no weight on columns of other terms than this and those that contain it.</summary>
    private double[] Among(int term)
    {
        var p = basis.p;
        int[] outside = [.. Enumerable.Range(0, basis.Count)
            .Where(j => Indicators.Assign[j] is var owner && owner != term && !Contains(owner, term) && (owner == 0 || present.Contains(owner)))];
        var columns = new double[p * outside.Length];
        for (var c = 0; c < outside.Length; c++) basis.A.AsSpan(outside[c] * p, p).CopyTo(columns.AsSpan(c * p, p));
        var gram = new double[p * p];
        Product.Add(1, columns, p, false, columns, p, true, gram, p, p, p, outside.Length);
        return NullSpace.OfGram(gram, p);
    }

    /// <summary>The weights of functions on the indicator columns of terms present: A'L, Count×functions.</summary>
    private double[] Image(double[] functions)
    {
        var (p, m) = (basis.p, functions.Length / basis.p);
        var image = new double[basis.Count * m];
        Product.Add(1, basis.A, p, true, functions, p, false, image, basis.Count, basis.Count, m, p);
        for (var j = 0; j < basis.Count; j++)
        {
            if (Indicators.Assign[j] == 0 || present.Contains(Indicators.Assign[j])) continue;
            for (var c = 0; c < m; c++) image[j + (c * basis.Count)] = 0;
        }

        return image;
    }

    /// <summary>From scaled columns back; each row's own pivot keeps its 1.</summary>
    private double[] Unscaled(double[] rows, IReadOnlyList<int> pivots)
    {
        var p = basis.p;
        for (var i = 0; i < pivots.Count; i++)
        {
            for (var j = 0; j < p; j++) rows[(i * p) + j] *= basis.Scales[basis.Columns[j]] / basis.Scales[basis.Columns[pivots[i]]];
        }

        return rows[..(pivots.Count * p)];
    }
}
