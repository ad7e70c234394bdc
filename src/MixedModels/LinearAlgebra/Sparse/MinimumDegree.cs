using System.Diagnostics;

namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>
/// Approximate minimum degree ordering on a quotient graph, with aggressive absorption, mass elimination and indistinguishable nodes.
/// Source: Amestoy, Davis and Duff (1996), An approximate minimum degree ordering algorithm, SIAM J. Matrix Anal. Appl. 17, 886–905.
/// </summary>
/// <remarks>
/// Eliminating a variable makes a clique of its neighbours. The graph stores that clique as one element, a list of variables, so that the
/// storage never grows. A variable i holds its elements E(i), then those variables A(i) that share no element with it. A weight is the number of
/// original indices that a supervariable stands for: zero once it is merged or eliminated, negative while it is on the pivot's boundary.
/// </remarks>
internal sealed class MinimumDegree
{
    // Rows with more neighbours than this multiple of √n go last: each pivot beside them would walk their list. Amestoy et al. (2004), AMD, sec. 3.
    private const double DenseFactor = 10;
    private const int DenseFloor = 16;

    private readonly int n;
    private readonly int[] start;
    private readonly int[] length;
    private readonly int[] elements;
    private readonly int[] neighbours;
    private readonly int[] weight;
    private readonly int[] degree;
    private readonly long[] stamp;
    private readonly DegreeLists byDegree;
    private readonly ElementStore boundaries;
    private readonly IndexChains members;
    private readonly int[] hashHead;
    private readonly int[] hashNext;
    private readonly int[] hash;
    private readonly int[] pivots;
    private int pivotCount;
    private int eliminated;
    private int largestBoundary;
    private long tag = 2;

    private MinimumDegree(SparseSymmetric pattern)
    {
        n = pattern.Order;
        (start, neighbours) = pattern.NeighbourLists();
        length = new int[n];
        elements = new int[n];
        weight = new int[n];
        degree = new int[n];
        stamp = new long[n];
        byDegree = new DegreeLists(n);
        boundaries = new ElementStore(n, neighbours.Length);
        members = new IndexChains(n);
        hashHead = new int[n];
        hashNext = new int[n];
        hash = new int[n];
        pivots = new int[n];
        Array.Fill(weight, 1);
        Array.Fill(hashHead, -1);
    }

    /// <summary>An order of elimination that keeps the fill of the Cholesky factor low. Roughly O(nonzeros of the factor) or less.</summary>
    public static Permutation Order(SparseSymmetric pattern)
    {
        var graph = new MinimumDegree(pattern);
        var dense = graph.SetAsideDenseRows();
        graph.ListByDegree();
        while (graph.eliminated < graph.n - dense.Count)
            graph.EliminateNext();
        return graph.Sequence(dense);
    }

    private List<int> SetAsideDenseRows()
    {
        var limit = Math.Max(DenseFloor, DenseFactor * Math.Sqrt(n));
        var dense = new List<int>();
        for (var i = 0; i < n; i++)
        {
            length[i] = start[i + 1] - start[i];
            if (length[i] <= limit)
                continue;
            weight[i] = 0;
            dense.Add(i);
        }

        return dense;
    }

    private void ListByDegree()
    {
        for (var i = 0; i < n; i++)
        {
            if (weight[i] == 0)
                continue;
            foreach (var j in neighbours.AsSpan(start[i], length[i]))
                degree[i] += weight[j];
            byDegree.Insert(i, degree[i]);
        }
    }

    private void EliminateNext()
    {
        var pivot = byDegree.RemoveMinimum();
        eliminated += weight[pivot];
        FormElement(pivot);
        largestBoundary = Math.Max(largestBoundary, degree[pivot]);
        MeasureOverlaps(pivot);
        UpdateBoundary(pivot);
        tag += largestBoundary + 1;
        MergeIndistinguishable(pivot);
        FinishBoundary(pivot);
        pivots[pivotCount++] = pivot;
    }

    /// <summary>The pivot's boundary: A(pivot) and the boundaries of its elements, which it absorbs.</summary>
    private void FormElement(int pivot)
    {
        weight[pivot] = -weight[pivot];
        boundaries.Open(pivot, degree[pivot], pivots.AsSpan(0, pivotCount));
        degree[pivot] = 0;
        var list = neighbours.AsSpan(start[pivot], length[pivot]);
        foreach (var e in list[..elements[pivot]])
        {
            if (stamp[e] == 0)
                continue;
            foreach (var i in boundaries.Members(e))
                MoveToBoundary(i, pivot);
            stamp[e] = 0;
            boundaries.Drop(e);
        }

        foreach (var i in list[elements[pivot]..])
            MoveToBoundary(i, pivot);
        stamp[pivot] = 1;
        weight[pivot] = 0;
    }

    private void MoveToBoundary(int i, int pivot)
    {
        if (weight[i] <= 0)
            return;
        degree[pivot] += weight[i];
        weight[i] = -weight[i];
        byDegree.Remove(i);
        boundaries.Append(i);
    }

    /// <summary>For each element e that meets the boundary: stamp[e] − tag = |L(e) \ L(pivot)|. Amestoy et al. 1996, algorithm 2.</summary>
    private void MeasureOverlaps(int pivot)
    {
        foreach (var i in boundaries.Members(pivot))
        {
            foreach (var e in neighbours.AsSpan(start[i], elements[i]))
            {
                if (stamp[e] >= tag)
                    stamp[e] += weight[i];
                else if (stamp[e] != 0)
                    stamp[e] = degree[e] + tag + weight[i];
            }
        }
    }

    private void UpdateBoundary(int pivot)
    {
        foreach (var i in boundaries.Members(pivot))
        {
            var outside = PruneLists(i, pivot);
            if (outside == 0)
            {
                // Mass elimination: nothing lies outside the pivot's clique, so i can follow the pivot without further fill.
                degree[pivot] += weight[i];
                eliminated -= weight[i];
                weight[i] = 0;
                members.Join(pivot, i);
                continue;
            }

            degree[i] = Math.Min(degree[i], outside);
            hashNext[i] = hashHead[hash[i]];
            hashHead[hash[i]] = i;
        }
    }

    /// <summary>
    /// Drops what is dead or inside the pivot's clique from the lists of i, puts the pivot first among its elements, and returns the bound
    /// Σ |L(e) \ L(pivot)| + |A(i) \ L(pivot)| on its degree outside the clique.
    /// </summary>
    private int PruneLists(int i, int pivot)
    {
        var list = neighbours.AsSpan(start[i], length[i]);
        var outside = 0;
        var sum = (uint)pivot;
        var kept = 0;
        foreach (var e in list[..elements[i]])
        {
            if (stamp[e] == 0)
                continue;
            if (stamp[e] == tag)
            {
                // Aggressive absorption: L(e) lies within L(pivot), whether or not the pivot was in it.
                stamp[e] = 0;
                boundaries.Drop(e);
                continue;
            }

            outside += (int)(stamp[e] - tag);
            sum += (uint)e;
            list[kept++] = e;
        }

        var elementEnd = kept;
        foreach (var j in list[elements[i]..])
        {
            if (weight[j] <= 0)
                continue;
            outside += weight[j];
            sum += (uint)j;
            list[kept++] = j;
        }

        // A slot is free: i was a neighbour of the pivot, or of an element that the pivot absorbed.
        Debug.Assert(kept < list.Length);
        list[kept] = list[elementEnd];
        list[elementEnd] = list[0];
        list[0] = pivot;
        elements[i] = elementEnd + 1;
        length[i] = kept + 1;
        hash[i] = (int)(sum % (uint)n);
        return outside;
    }

    /// <summary>Merges the variables of the boundary that have equal lists: they stay indistinguishable until they are eliminated.</summary>
    private void MergeIndistinguishable(int pivot)
    {
        foreach (var candidate in boundaries.Members(pivot))
        {
            if (weight[candidate] == 0)
                continue;
            var i = hashHead[hash[candidate]];
            hashHead[hash[candidate]] = -1;
            for (; i != -1 && hashNext[i] != -1; i = hashNext[i])
                MergeEqualsOf(i);
        }
    }

    private void MergeEqualsOf(int i)
    {
        tag++;
        foreach (var entry in neighbours.AsSpan(start[i], length[i]))
            stamp[entry] = tag;
        var before = i;
        for (var j = hashNext[i]; j != -1; j = hashNext[j])
        {
            if (!HasStampedLists(j, i))
            {
                before = j;
                continue;
            }

            weight[i] += weight[j];
            weight[j] = 0;
            members.Join(i, j);
            hashNext[before] = hashNext[j];
        }
    }

    private bool HasStampedLists(int j, int i)
    {
        if (length[j] != length[i] || elements[j] != elements[i])
            return false;
        foreach (var entry in neighbours.AsSpan(start[j], length[j]))
        {
            if (stamp[entry] != tag)
                return false;
        }

        return true;
    }

    private void FinishBoundary(int pivot)
    {
        var boundary = boundaries.Members(pivot);
        var kept = 0;
        foreach (var i in boundary)
        {
            if (weight[i] == 0)
                continue;
            weight[i] = -weight[i];
            degree[i] = Math.Min(degree[i] + degree[pivot] - weight[i], n - eliminated - weight[i]);
            byDegree.Insert(i, degree[i]);
            boundary[kept++] = i;
        }

        boundaries.Close(kept);
        tag++;
    }

    private Permutation Sequence(List<int> dense)
    {
        var order = new int[n];
        var k = 0;
        foreach (var pivot in pivots.AsSpan(0, pivotCount))
        {
            for (var i = pivot; i != -1; i = members.After(i))
                order[k++] = i;
        }

        foreach (var i in dense)
            order[k++] = i;
        return new Permutation(order);
    }
}
