using MixedModels.Covariance.Residual;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// R of a structure in which a row depends on the one before alone. With e_i = f_i c_i, c_i = a_i c_i−1 + a step of variance v_i, row i of W is
/// (… −a_i/(f_i−1 √v_i), 1/(f_i √v_i)). O(n).
/// </summary>
internal sealed class MarkovPrecision : SubjectPrecision
{
    private readonly IMarkovStructure structure;
    private readonly int[] classOf;
    private readonly List<(int From, int To)> steps = [];
    private readonly double[] own;
    private readonly double[] before;
    private (Jet Coefficient, Jet Variance)[] jets = [];

    public MarkovPrecision(BlockPattern pattern, ResidualModel model)
        : base(pattern, model)
    {
        structure = (IMarkovStructure)model.Data.Structure!;
        classOf = new int[n];
        var known = new Dictionary<(double, double), int>();
        for (var i = 0; i < n; i++)
        {
            var (from, to) = (i == 0 ? -1 : model.Data.SiteOfRow[First[i - 1]], model.Data.SiteOfRow[First[i]]);
            if (known.TryAdd(structure.StepClass(from, to), steps.Count)) steps.Add((from, to));
            classOf[i] = known[structure.StepClass(from, to)];
        }

        (own, before) = (new double[n], new double[n]);
    }

    /// <inheritdoc/>
    public override int Reach => 1;

    /// <inheritdoc/>
    public override bool Evaluate()
    {
        var phi = Model.Parameters(Model.Data.GroupOfRow[First[0]]);
        jets = [.. steps.Select(step => structure.Step(phi, step.From, step.To))];
        LogDeterminant = 0;
        var logs = Array.ConvertAll(jets, step => Math.Log(step.Variance.Value));
        for (var i = 0; i < n; i++)
        {
            var (a, v) = jets[classOf[i]];
            var root = 1 / Math.Sqrt(v.Value);
            own[i] = root / Model.Scale.Factor[First[i]];
            before[i] = i == 0 ? 0 : -a.Value * root / Model.Scale.Factor[First[i - 1]];
            LogDeterminant += logs[classOf[i]] + (2 * Model.Scale.Log[First[i]]);
        }

        return double.IsFinite(LogDeterminant);
    }

    /// <inheritdoc/>
    public override double Weight(int i, int j) => i == j ? own[i] : before[i];

    /// <inheritdoc/>
    public override void Whiten(Span<double> block, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            var column = block.Slice(j * n, n);
            for (var i = n - 1; i > 0; i--) column[i] = (own[i] * column[i]) + (before[i] * column[i - 1]);
            column[0] *= own[0];
        }
    }

    /// <inheritdoc/>
    public override void Colour(Span<double> block, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            var column = block.Slice(j * n, n);
            column[0] /= own[0];
            for (var i = 1; i < n; i++) column[i] = (column[i] - (before[i] * column[i - 1])) / own[i];
        }
    }
}
