using MixedModels.Covariance.Residual;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// R(phi) over sigma², subject by subject, and its derivatives: R_ab = s_a s_b C_ab with C a correlation (or covariance) over sites and s the rows'
/// scales. phi holds C's parameters, a group after the other, then the scales'. A workspace of one thread.
/// </summary>
internal sealed class ResidualModel
{
    private readonly ResidualStructure? structure;
    private readonly bool isShared;
    private Jet[]?[] shared = [];
    private double[][] sharedWeights = [];
    private double[] at = [];
    private bool hasDerivatives;

    public ResidualModel(ResidualData data, int n)
    {
        (Data, structure) = (data, data.Structure);
        OwnCount = structure?.ParameterCount ?? 0;
        Scale = new(data.Scales, n);
        ParameterCount = ScaleStart + Scale.ParameterCount;
        isShared = structure is not null && (structure.Over(structure.Sites) is null || (SharingPays(data, structure.Sites.Count) && HasDistinctSites(data)));
    }

    /// <summary>The data.</summary>
    public ResidualData Data { get; }

    /// <summary>The number of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>The parameters of C in one group.</summary>
    public int OwnCount { get; }

    /// <summary>The first of the scale parameters.</summary>
    public int ScaleStart => Data.GroupCount * OwnCount;

    /// <summary>The rows' scales.</summary>
    public ResidualScale Scale { get; }

    /// <summary>Evaluates what subjects share.</summary>
    /// <param name="phi">The parameters.</param>
    /// <param name="wantsDerivatives">Whether C's derivatives are wanted; without them it is much cheaper.</param>
    public void Evaluate(ReadOnlySpan<double> phi, bool wantsDerivatives)
    {
        (at, hasDerivatives) = (phi.ToArray(), wantsDerivatives);
        Scale.Evaluate(phi[ScaleStart..]);
        if (!isShared) return;
        shared = new Jet[Data.GroupCount][];
        sharedWeights = new double[Data.GroupCount][];
    }

    /// <summary>C over all sites of a group, made when first asked for: where rows are whitened by a recursion it never is.</summary>
    private Jet[] Shared(int group)
    {
        if (shared[group] is { } known) return known;
        var cells = structure!.Evaluate(Parameters(group));
        (shared[group], sharedWeights[group]) = (cells, new double[cells.Length]);
        return cells;
    }

    /// <summary>C between rows of one subject: entry (a, b), a ≥ b, at <see cref="Jet.Pair"/>.</summary>
    public Jet[] Cells(ReadOnlySpan<int> rows)
    {
        if (structure is null) return [1];
        var group = Data.GroupOfRow[rows[0]];
        var sites = new int[rows.Length];
        for (var i = 0; i < sites.Length; i++) sites[i] = Data.SiteOfRow[rows[i]];
        if (!isShared) return structure.Over(structure.Sites.Subset(sites))!.Evaluate(Parameters(group));
        var (cells, all) = (new Jet[rows.Length * (rows.Length + 1) / 2], Shared(group));
        for (var a = 0; a < sites.Length; a++)
        {
            for (var b = 0; b <= a; b++) cells[Jet.Pair(a, b)] = all[Jet.Pair(Math.Max(sites[a], sites[b]), Math.Min(sites[a], sites[b]))];
        }

        return cells;
    }

    /// <summary>s_a s_b times C, or times a derivative of it, into an n×n matrix at the subject's place.</summary>
    /// <param name="rows">The subject's rows.</param>
    /// <param name="cells">Their C.</param>
    /// <param name="part">The number of C, or of a derivative of it.</param>
    /// <param name="V">The matrix, lower and upper triangle.</param>
    /// <param name="n">Its order.</param>
    /// <param name="first">The subject's first row in it.</param>
    public void Add(ReadOnlySpan<int> rows, Jet[] cells, Func<Jet, double> part, Span<double> V, int n, int first)
    {
        for (var a = 0; a < rows.Length; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var value = part(cells[Jet.Pair(a, b)]) * Scale.Factor[rows[a]] * Scale.Factor[rows[b]];
                V[first + a + ((first + b) * n)] += value;
                if (a != b) V[first + b + ((first + a) * n)] += value;
            }
        }
    }

    /// <summary>Adds &lt;d²C, weights&gt; over a group's parameters, now or, where subjects share C, at <see cref="Collect"/>.</summary>
    /// <param name="rows">The subject's rows.</param>
    /// <param name="cells">Their C.</param>
    /// <param name="weights">The weight of each entry, both triangles together, at <see cref="Jet.Pair"/>.</param>
    /// <param name="curvature">k×k over all parameters of R.</param>
    public void AddCurvature(ReadOnlySpan<int> rows, Jet[] cells, double[] weights, double[] curvature)
    {
        if (OwnCount == 0) return;
        var group = Data.GroupOfRow[rows[0]];
        if (!isShared)
        {
            Contract(cells, weights, group, curvature);
            return;
        }

        for (var a = 0; a < rows.Length; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var (i, j) = (Data.SiteOfRow[rows[a]], Data.SiteOfRow[rows[b]]);
                sharedWeights[group][Jet.Pair(Math.Max(i, j), Math.Min(i, j))] += weights[Jet.Pair(a, b)];
            }
        }
    }

    /// <summary>Whether R depends on group and site alone, and C is evaluated over all sites at once.</summary>
    public bool IsOfSites => isShared && Data.Scales.Count == Data.BuiltInScales;

    /// <summary>C over all sites of a group, where it is evaluated so.</summary>
    public Jet[] OverSites(int group) => Shared(group);

    /// <summary>Adds what <see cref="AddCurvature"/> has gathered.</summary>
    public void Collect(double[] curvature)
    {
        for (var g = 0; isShared && OwnCount > 0 && g < shared.Length; g++)
        {
            if (shared[g] is { } cells) Contract(cells, sharedWeights[g], g, curvature);
        }
    }

    /// <summary>log s of a row over sigma plus half the logarithm of its C: the logarithm of its standard deviation, for the report.</summary>
    public double LogDeviation(int row) => Scale.Log[row] + (structure is null || structure.IsCorrelation ? 0 : 0.5 * Math.Log(Variance(row)));

    private double Variance(int row)
    {
        var own = structure!.Over(structure.Sites.Subset([Data.SiteOfRow[row]]));
        return (own?.Evaluate(Parameters(Data.GroupOfRow[row])) ?? Cells([row]))[0].Value;
    }

    /// <summary>Correlations between sites by the method of moments, v×v, NaN where no subject has both; empty where subjects do not share sites.</summary>
    /// <param name="e">n residuals.</param>
    public double[] Moments(ReadOnlySpan<double> e)
    {
        // Structures that can be put over any sites start elsewhere.
        if (!isShared || structure is null || structure.Over(structure.Sites) is not null) return [];
        var v = structure.Sites.Count;
        var (sums, counts) = (new double[v * v], new int[v * v]);
        foreach (var rows in RowsOfSubjects())
        {
            foreach (var a in rows)
            {
                foreach (var b in rows)
                {
                    var place = Data.SiteOfRow[a] + (Data.SiteOfRow[b] * v);
                    sums[place] += e[a] * e[b];
                    counts[place]++;
                }
            }
        }

        for (var i = 0; i < sums.Length; i++) sums[i] = counts[i] > 0 ? sums[i] / counts[i] : double.NaN;
        return sums;
    }

    /// <summary>The rows of each subject by site.</summary>
    public int[][] RowsOfSubjects()
    {
        var lists = new List<int>[Data.SubjectCount];
        for (var s = 0; s < lists.Length; s++) lists[s] = [];
        for (var r = 0; r < Data.SubjectOfRow.Length; r++) lists[Data.SubjectOfRow[r]].Add(r);
        foreach (var list in lists) list.Sort((a, b) => Data.SiteOfRow[a] != Data.SiteOfRow[b] ? Data.SiteOfRow[a].CompareTo(Data.SiteOfRow[b]) : a.CompareTo(b));
        return [.. lists.Select(list => list.ToArray())];
    }

    /// <summary>The parameters of C in one group at the last evaluation.</summary>
    public Jet[] Parameters(int group)
    {
        var own = at.AsSpan(group * OwnCount, OwnCount);
        return hasDerivatives ? Jet.Variables(own) : Array.ConvertAll(own.ToArray(), Jet.Constant);
    }

    /// <summary>Whether the pairs of sites that occur are fewer than the pairs of rows within subjects.</summary>
    private static bool SharingPays(ResidualData data, int sites)
    {
        var sizes = new double[data.SubjectCount];
        foreach (var subject in data.SubjectOfRow) sizes[subject]++;
        return (double)sites * sites <= sizes.Sum(size => size * size);
    }

    /// <summary>Whether no subject has two rows at one site; beside a nugget it may, and these are not correlated like one row with itself.</summary>
    private static bool HasDistinctSites(ResidualData data)
    {
        var seen = new HashSet<(int, int)>();
        for (var r = 0; r < data.SubjectOfRow.Length; r++)
        {
            if (!seen.Add((data.SubjectOfRow[r], data.SiteOfRow[r]))) return false;
        }

        return true;
    }

    private void Contract(Jet[] cells, double[] weights, int group, double[] curvature)
    {
        var sums = new double[OwnCount * (OwnCount + 1) / 2];
        for (var c = 0; c < cells.Length; c++)
        {
            if (cells[c].Second.Length > 0 && weights[c] != 0) Vectors.AddScaled(weights[c], cells[c].Second, sums);
        }

        var first = group * OwnCount;
        for (var i = 0; i < OwnCount; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                curvature[first + i + ((first + j) * ParameterCount)] += sums[Jet.Pair(i, j)];
                if (i != j) curvature[first + j + ((first + i) * ParameterCount)] += sums[Jet.Pair(i, j)];
            }
        }
    }
}
