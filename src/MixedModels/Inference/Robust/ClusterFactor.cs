using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Inference.Robust;

/// <summary>The clusters of a robust covariance: a factor in whose levels every random effect's rows lie.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ClusterOfRow">n zero-based clusters.</param>
/// <param name="Count">m, the number of clusters.</param>
internal sealed record ClusterFactor(string Name, int[] ClusterOfRow, int Count)
{
    /// <summary>The clusters of a name, or by default the grouping factor that holds all others, or the subjects of a residual structure without one.</summary>
    /// <exception cref="InferenceException">There is no such factor, it does not hold every grouping factor, or it has one level.</exception>
    public static ClusterFactor Find(ModelDesign design, string? name)
    {
        if (design.RandomTerms.FirstOrDefault(term => term.Memberships is not null) is { } several)
        {
            throw new InferenceException(
                $"Clusters must be independent of each other, and rows belong to several levels of '{several.Group}', which ties clusters together. "
                + "Keep the model's covariance (--vcov model).");
        }

        var found = name is null ? Coarsest(design) : Named(design, name);
        if (design.RandomTerms.FirstOrDefault(term => !IsNested(term.LevelOfRow.Span, term.Levels.Count, found.ClusterOfRow)) is { } crossed)
        {
            throw new InferenceException(
                $"Clusters must be independent of each other, and levels of the group '{crossed.Group}' lie in several clusters of '{found.Name}'. "
                + "Choose a column that holds every grouping factor, or keep the model's covariance (--vcov model).");
        }

        if (design.Residual is { } residual && !IsNested(residual.SubjectOfRow, residual.SubjectNames.Count, found.ClusterOfRow))
        {
            throw new InferenceException(
                $"Clusters must be independent of each other, and the residuals of one subject of {residual.Clause.Text} lie in several clusters of '{found.Name}'. "
                + "Choose a column that holds every subject, or keep the model's covariance (--vcov model).");
        }

        return found.Count > 1
            ? found
            : throw new InferenceException($"A cluster-robust covariance compares clusters, and '{found.Name}' has only one level in the rows used.");
    }

    /// <summary>The rows of each cluster, in their order.</summary>
    public int[][] Rows()
    {
        var rows = new int[Count][];
        var size = new int[Count];
        foreach (var cluster in ClusterOfRow) size[cluster]++;
        for (var j = 0; j < Count; j++) rows[j] = new int[size[j]];
        Array.Clear(size);
        for (var i = 0; i < ClusterOfRow.Length; i++) rows[ClusterOfRow[i]][size[ClusterOfRow[i]]++] = i;
        return rows;
    }

    private static ClusterFactor Coarsest(ModelDesign design)
    {
        if (design.RandomTerms.Count == 0)
        {
            return design.Residual is { } residual
                ? Subjects(residual)
                : throw new InferenceException("The model has no random term to take clusters from; name a column (--cluster COL).");
        }

        var terms = design.RandomTerms;
        foreach (var term in terms.OrderBy(term => term.Levels.Count))
        {
            var levels = term.LevelOfRow.ToArray();
            if (terms.All(other => IsNested(other.LevelOfRow.Span, other.Levels.Count, levels))) return new(term.Group, levels, term.Levels.Count);
        }

        throw new InferenceException(
            $"Clusters must be independent of each other, and the grouping factors {string.Join(", ", terms.Select(term => $"'{term.Group}'").Distinct(StringComparer.Ordinal))} are crossed: none of them holds all others. "
            + "Name a column that does (--cluster COL), or keep the model's covariance (--vcov model).");
    }

    private static ClusterFactor Named(ModelDesign design, string name)
    {
        if (design.RandomTerms.FirstOrDefault(term => string.Equals(term.Group, name, StringComparison.Ordinal)) is { } own)
            return new(name, own.LevelOfRow.ToArray(), own.Levels.Count);
        if (design.Residual is { } residual && string.Equals(residual.SubjectLabel, name, StringComparison.Ordinal)) return Subjects(residual);
        if (design.Data.Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.Ordinal)) is { } column) return OfColumn(design, column);
        string[] known = [.. design.RandomTerms.Select(term => term.Group).Concat(design.Data.Columns.Select(own => own.Name)).Distinct(StringComparer.Ordinal)];
        throw new InferenceException(
            $"The fit has no column '{name}'{NearestNames.SuggestOrList(name, known)}. A fit keeps the columns its formula uses; fit again and keep '{name}' too (--keep {name}).");
    }

    private static ClusterFactor Subjects(ResidualDesign residual) => new(residual.SubjectLabel, residual.SubjectOfRow, residual.SubjectNames.Count);

    private static ClusterFactor OfColumn(ModelDesign design, Column column)
    {
        // Levels that no used row has are no clusters; equal numbers are one.
        var index = new Dictionary<double, int>();
        var clusters = new int[design.Observations];
        for (var r = 0; r < clusters.Length; r++)
        {
            var row = design.Rows.Span[r];
            if (column.IsMissing(row))
                throw new InferenceException($"'{column.Name}' has no value in row {row + 1}, which the fit uses; every row belongs to a cluster. Give it one, or leave the row out of the fit.");
            var value = column is FactorColumn factor ? factor.Codes.Span[row] : ((NumericColumn)column).Values.Span[row];
            if (!index.TryGetValue(value, out clusters[r])) index[value] = clusters[r] = index.Count;
        }

        return new(column.Name, clusters, index.Count);
    }

    /// <summary>Whether every level lies within one cluster.</summary>
    private static bool IsNested(ReadOnlySpan<int> levelOfRow, int levels, int[] clusterOfRow)
    {
        var clusterOfLevel = new int[levels];
        Array.Fill(clusterOfLevel, -1);
        for (var r = 0; r < levelOfRow.Length; r++)
        {
            ref var cluster = ref clusterOfLevel[levelOfRow[r]];
            if (cluster < 0) cluster = clusterOfRow[r];
            else if (cluster != clusterOfRow[r]) return false;
        }

        return true;
    }
}
