using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// The logarithms of the rows' standard deviations over sigma, and their derivatives in the scale parameters: a sum of variance functions, less its
/// value at a typical row, so that sigma inside is a typical standard deviation. A workspace of one thread.
/// </summary>
internal sealed class ResidualScale
{
    private readonly IReadOnlyList<ScaleTerm> terms;
    private readonly int n;
    private readonly int[][][] places;
    private readonly (int Stratum, double Value)[][] classes;
    private readonly int[][] classOfRow;
    private readonly double[] references;

    public ResidualScale(IReadOnlyList<ScaleTerm> terms, int n)
    {
        (this.terms, this.n) = (terms, n);
        places = [.. terms.Select(Places)];
        classOfRow = new int[terms.Count][];
        classes = new (int, double)[terms.Count][];
        for (var t = 0; t < terms.Count; t++) (classes[t], classOfRow[t]) = Classes(terms[t], n);
        references = [.. terms.Select(term => term.Covariate.IsEmpty ? 0 : term.Function.Reference(term.Covariate.Span))];
        (Log, Factor) = (new double[n], new double[n]);
        First = new double[n * ParameterCount];
    }

    /// <summary>The number of scale parameters.</summary>
    public int ParameterCount { get; private set; }

    /// <summary>n logarithms.</summary>
    public double[] Log { get; }

    /// <summary>n factors, the exponentials of <see cref="Log"/>.</summary>
    public double[] Factor { get; }

    /// <summary>n×k first derivatives.</summary>
    public double[] First { get; }

    /// <summary>Pairs of parameters with second derivatives that are not zero: n of them each.</summary>
    public List<(int K, int L, double[] Values)> Second { get; } = [];

    /// <summary>The sum at the typical row, which the logarithms leave out.</summary>
    public double AtReference { get; private set; }

    /// <summary>What tells rows apart: rows of one class have the same scale for all parameters.</summary>
    public void AddClasses(int row, List<double> key)
    {
        for (var t = 0; t < terms.Count; t++) key.Add(classOfRow[t][row]);
    }

    /// <summary>Where a search starts.</summary>
    public void Start(Span<double> phi)
    {
        for (var t = 0; t < terms.Count; t++)
        {
            foreach (var own in places[t])
            {
                for (var k = 0; k < own.Length; k++)
                {
                    if (own[k] >= 0) phi[own[k]] = terms[t].Function.Start[k];
                }
            }
        }
    }

    /// <summary>Evaluates at the scale parameters.</summary>
    public void Evaluate(ReadOnlySpan<double> phi)
    {
        Array.Clear(Log);
        Array.Clear(First);
        Second.Clear();
        AtReference = 0;
        for (var t = 0; t < terms.Count; t++) AddTerm(t, phi);
        for (var r = 0; r < n; r++) Factor[r] = Math.Exp(Log[r]);
    }

    /// <summary>The parameters on their natural scale: term, stratum, parameter of the function.</summary>
    public IEnumerable<(int Term, int Stratum, int Parameter, bool IsHeld, Jet Value)> Natural(Jet[] phi)
    {
        for (var t = 0; t < terms.Count; t++)
        {
            for (var s = 0; s < places[t].Length; s++)
            {
                for (var k = 0; k < places[t][s].Length; k++)
                    yield return (t, s, k, places[t][s][k] < 0, terms[t].Function.Natural(k, places[t][s][k] < 0 ? terms[t].Held[s][k] : phi[places[t][s][k]]));
            }
        }
    }

    /// <summary>log s of one function at any value, its reference not subtracted.</summary>
    public double LogAt(int term, int stratum, double value, ReadOnlySpan<double> phi) => LogScale(term, stratum, value, phi.ToArray()).Value;

    /// <summary><see cref="AtReference"/> as a function of the parameters.</summary>
    public Jet Reference(Jet[] phi)
    {
        Jet sum = 0;
        for (var t = 0; t < terms.Count; t++)
        {
            if (terms[t].Covariate.IsEmpty) continue;
            var own = places[t][0];
            Jet[] free = [.. own.Select((place, k) => place < 0 ? terms[t].Held[0][k] : phi[place])];
            sum += terms[t].Function.LogScale(free, references[t]);
        }

        return sum;
    }

    private int[][] Places(ScaleTerm term)
    {
        var own = new int[term.StratumCount][];
        for (var s = 0; s < own.Length; s++) own[s] = Array.ConvertAll(term.Held[s], held => double.IsNaN(held) ? ParameterCount++ : -1);
        return own;
    }

    private static ((int Stratum, double Value)[] Classes, int[] OfRow) Classes(ScaleTerm term, int n)
    {
        var found = new Dictionary<(int, double), int>();
        var ofRow = new int[n];
        for (var r = 0; r < n; r++)
        {
            var key = (term.StratumOfRow[r], term.Covariate.IsEmpty ? 0 : term.Covariate.Span[r]);
            if (!found.TryGetValue(key, out ofRow[r])) found.Add(key, ofRow[r] = found.Count);
        }

        return ([.. found.Keys], ofRow);
    }

    private void AddTerm(int t, ReadOnlySpan<double> phi)
    {
        var all = phi.ToArray();
        var reference = terms[t].Covariate.IsEmpty ? 0 : LogScale(t, 0, references[t], all);
        var images = Array.ConvertAll(classes[t], entry => LogScale(t, entry.Stratum, entry.Value, all));
        AtReference += reference.Value;
        for (var r = 0; r < n; r++) Log[r] += images[classOfRow[t][r]].Value - reference.Value;
        for (var s = 0; s < places[t].Length; s++)
        {
            AddDerivatives(t, s, images, row => terms[t].StratumOfRow[row] == s, 1);
            if (s == 0 && !terms[t].Covariate.IsEmpty) AddDerivatives(t, 0, [reference], _ => true, -1);
        }
    }

    private void AddDerivatives(int t, int stratum, Jet[] images, Func<int, bool> isTouched, double sign)
    {
        var own = places[t][stratum];
        for (var k = 0; k < own.Length; k++)
        {
            if (own[k] < 0) continue;
            for (var r = 0; r < n; r++)
            {
                if (isTouched(r) && ImageOf(t, images, r) is { First.Length: > 0 } image) First[r + (n * own[k])] += sign * image.First[k];
            }

            for (var l = 0; l <= k; l++)
            {
                if (own[l] >= 0 && Array.Exists(images, image => image.Second.Length > 0)) AddSecond(t, (k, l), (own[k], own[l]), images, isTouched, sign);
            }
        }
    }

    private void AddSecond(int t, (int K, int L) pair, (int K, int L) place, Jet[] images, Func<int, bool> isTouched, double sign)
    {
        var values = new double[n];
        for (var r = 0; r < n; r++)
        {
            if (isTouched(r) && ImageOf(t, images, r) is { Second.Length: > 0 } image) values[r] = sign * image.Second[Jet.Pair(pair.K, pair.L)];
        }

        Second.Add((place.K, place.L, values));
    }

    private Jet ImageOf(int t, Jet[] images, int row) => images.Length == 1 ? images[0] : images[classOfRow[t][row]];

    /// <summary>log s of a class, a function of the stratum's own parameters, those held being constants.</summary>
    private Jet LogScale(int t, int stratum, double value, double[] phi)
    {
        var own = places[t][stratum];
        var free = Jet.Variables(Array.ConvertAll(own, place => place < 0 ? 0 : phi[place]));
        for (var k = 0; k < own.Length; k++)
        {
            if (own[k] < 0) free[k] = terms[t].Held[stratum][k];
        }

        return terms[t].Function.LogScale(free, value);
    }
}
