using MixedModels.Estimation.Linear;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>What a fit with dependent or unequal residuals knows of them, at its optimum. Safe for concurrent reading.</summary>
internal sealed class MarginalEstimate
{
    private readonly Lock gate = new();
    private readonly MarginalDeviance deviance;
    private readonly double[] psi;
    private readonly Lazy<RowWhitening> whitening;

    public MarginalEstimate(StandardizedData data, ResidualData residual, MarginalDeviance deviance, LinearOptimum optimum)
    {
        (Data, Residual, this.deviance) = (data, residual, deviance);
        psi = [.. optimum.Theta, .. optimum.Phi];
        deviance.Value(psi);
        var model = deviance.Residual;
        SigmaFactor = Math.Exp(-model.Scale.AtReference);
        Deviations = [.. Enumerable.Range(0, data.Data.n).Select(row => Math.Exp(model.LogDeviation(row)))];
        whitening = new(() => new RowWhitening(data, residual, optimum.Phi));
    }

    /// <summary>The rows, not whitened.</summary>
    public StandardizedData Data { get; }

    /// <summary>The residuals' structure over the rows.</summary>
    public ResidualData Residual { get; }

    /// <summary>The reported sigma, of the reference row, over the engine's, of a typical one.</summary>
    public double SigmaFactor { get; }

    /// <summary>n standard deviations of the residuals over the engine's sigma, precision weights apart.</summary>
    public double[] Deviations { get; }

    /// <summary>R at the optimum.</summary>
    public RowWhitening Whitening => whitening.Value;

    /// <summary>Reads something off the deviance at the optimum, one reader at a time.</summary>
    public TResult AtOptimum<TResult>(Func<MarginalDeviance, double[], TResult> read)
    {
        lock (gate)
        {
            deviance.Value(psi);
            return read(deviance, psi);
        }
    }

    /// <summary>The structure's matrix over sites in one group, v×v, times the squared scales of its sites: relative to the group's first site.</summary>
    /// <param name="group">The group.</param>
    public double[] SiteCovariance(int group) => AtOptimum((at, own) =>
    {
        var structure = Residual.Structure!;
        var (v, k) = (structure.Sites.Count, at.Residual.OwnCount);
        var phi = own.AsSpan(at.Layout.Count);
        var cells = structure.Evaluate(Jet.Variables(phi.Slice(group * k, k)));
        var logs = SiteLogs(at.Residual, phi, group, v);
        var R = new double[v * v];
        for (var a = 0; a < v; a++)
        {
            for (var b = 0; b <= a; b++) R[a + (b * v)] = R[b + (a * v)] = cells[Jet.Pair(a, b)].Value * Math.Exp(logs[a] + logs[b]);
        }

        return R;
    });

    /// <summary>The free parameters of C in one group as jets, and the scales' natural values.</summary>
    public IReadOnlyList<(string Name, double Value)> StructureParameters(int group) => AtOptimum((at, own) =>
    {
        var k = at.Residual.OwnCount;
        var phi = Jet.Variables(own.AsSpan(at.Layout.Count + (group * k), k));
        return (IReadOnlyList<(string, double)>)[.. Residual.Structure!.Natural(phi).Select(entry => (entry.Name, entry.Value.Value))];
    });

    /// <summary>The scales' parameters on their natural scale: term, stratum, parameter.</summary>
    public IReadOnlyList<(int Term, int Stratum, int Parameter, bool IsHeld, double Value)> ScaleParameters() => AtOptimum((at, own) =>
    {
        var phi = Jet.Variables(own.AsSpan(at.Layout.Count + at.Residual.ScaleStart));
        return (IReadOnlyList<(int, int, int, bool, double)>)[.. at.Residual.Scale.Natural(phi).Select(entry => (entry.Term, entry.Stratum, entry.Parameter, entry.IsHeld, entry.Value.Value))];
    });

    /// <summary>The covariance of some rows' residuals, m×m, over the engine's sigma², precision weights apart.</summary>
    public double[] Covariance(int[] rows) => WithCovariances(covariance => covariance(rows));

    /// <summary>Reads something off such covariances of many sets of rows.</summary>
    public TResult WithCovariances<TResult>(Func<Func<int[], double[]>, TResult> read) => AtOptimum((at, _) => read(rows => CovarianceOf(at.Residual, rows)));

    private double[] CovarianceOf(ResidualModel residual, int[] rows)
    {
        var R = new double[rows.Length * rows.Length];
        foreach (var subject in Enumerable.Range(0, rows.Length).GroupBy(i => Residual.SubjectOfRow[rows[i]]))
        {
            int[] places = [.. subject];
            int[] own = [.. places.Select(i => rows[i])];
            var block = new double[own.Length * own.Length];
            residual.Add(own, residual.Cells(own), jet => jet.Value, block, own.Length, 0);
            for (var b = 0; b < own.Length; b++)
            {
                for (var a = 0; a < own.Length; a++) R[places[a] + (places[b] * rows.Length)] = block[a + (b * own.Length)];
            }
        }

        return R;
    }

    /// <summary>The built-in scales of a group's sites: the group's own, and the sites' where the structure is heterogeneous.</summary>
    private double[] SiteLogs(ResidualModel model, ReadOnlySpan<double> phi, int group, int sites)
    {
        var logs = new double[sites];
        var scales = model.Scale.Natural(Jet.Variables(phi[model.ScaleStart..])).ToArray();
        var isHeterogeneous = Residual.BuiltInScales > 0 && Residual.Scales[Residual.BuiltInScales - 1].StratumCount > Residual.GroupCount;
        foreach (var (term, stratum, _, _, value) in scales)
        {
            if (term >= Residual.BuiltInScales) continue;
            var isOfGroups = term == 0 && Residual.GroupCount > 1;
            if (isOfGroups && stratum == group)
            {
                for (var s = 0; s < sites; s++) logs[s] += Math.Log(value.Value);
            }
            else if (!isOfGroups && isHeterogeneous && stratum / sites == group)
            {
                logs[stratum % sites] += Math.Log(value.Value);
            }
        }

        return logs;
    }
}
