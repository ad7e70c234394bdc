using MixedModels.Execution;
using MixedModels.Families;

namespace MixedModels.Estimation.Generalized;

/// <summary>The log-densities of all rows and their derivatives at the last linear predictors. A work space of one thread.</summary>
internal sealed class RowDensities
{
    /// <summary>Rows a part: sums are added part by part, so that they do not depend on the number of threads.</summary>
    private const int RowsOfPart = 2048;

    private readonly GeneralizedData data;
    private readonly double[] partSums;
    private readonly double[] psi;
    private readonly ThreadTeam? team;

    // Responses, trials and multipliers as columns, for a family that takes several rows at a time; else empty.
    private readonly double[][] columns;

    /// <summary>The rows of some data.</summary>
    public RowDensities(GeneralizedData data, ThreadTeam? team)
    {
        (this.data, this.team) = (data, team);
        var n = data.n;
        (First, Weights, Third) = (new double[n], new double[n], new double[n]);
        var parameters = data.Family.ParameterNames.Count;
        (Cross, CrossWeights, psi) = (new double[parameters][], new double[parameters][], new double[parameters]);
        for (var k = 0; k < parameters; k++) (Cross[k], CrossWeights[k]) = (new double[n], new double[n]);
        partSums = new double[Math.Max(1, (n + RowsOfPart - 1) / RowsOfPart)];
        Constant = data.Constant();
        columns = !data.Family.TakesRows
            ? []
            : [[.. data.Rows.Select(row => row.Response)], [.. data.Rows.Select(row => row.Trials)], [.. data.Rows.Select((row, i) => row.Weight * data.Frequency(i))]];
    }

    /// <summary>The part of the log-density that nothing changes.</summary>
    public double Constant { get; }

    /// <summary>n first derivatives l' in eta.</summary>
    public double[] First { get; }

    /// <summary>n observed weights W = −l''; some may be negative.</summary>
    public double[] Weights { get; }

    /// <summary>n third derivatives l'''.</summary>
    public double[] Third { get; }

    /// <summary>A family parameter: n derivatives of l' in it.</summary>
    public double[][] Cross { get; }

    /// <summary>A family parameter: n derivatives of l'' in it.</summary>
    public double[][] CrossWeights { get; }

    /// <summary>Fills <see cref="First"/>, <see cref="Weights"/> and <see cref="Third"/>; the log-density of all rows, not finite where there is none.</summary>
    public double Evaluate(double[] eta, ReadOnlySpan<double> parameters)
    {
        if (columns.Length > 0) return Constant + Sum((from, to) => SeveralAtATime(eta, from, to));
        parameters.CopyTo(psi);
        return Constant + Sum((from, to) =>
        {
            var (family, rows, frequencies, sum) = (data.Family, data.Rows, data.Frequencies, 0.0);
            for (var i = from; i < to; i++)
            {
                var l = family.Kernel(rows[i], eta[i], psi);
                if (frequencies.Length > 0) l = frequencies[i] * l;
                sum += l.Value;
                (First[i], Weights[i], Third[i]) = (l.First, -l.Second, l.Third);
            }

            return sum;
        });
    }

    /// <summary>Fills <see cref="Cross"/> and <see cref="CrossWeights"/> of a parameter; the derivative of the log-density of all rows in it.</summary>
    public double EvaluateParameter(int parameter, double[] eta, ReadOnlySpan<double> parameters)
    {
        parameters.CopyTo(psi);
        return Sum((from, to) =>
        {
            var (family, rows, frequencies, sum) = (data.Family, data.Rows, data.Frequencies, 0.0);
            var (cross, crossWeights) = (Cross[parameter], CrossWeights[parameter]);
            for (var i = from; i < to; i++)
            {
                var l = family.ParameterDerivative(parameter, rows[i], eta[i], psi);
                if (frequencies.Length > 0) l = frequencies[i] * l;
                sum += l.Value;
                (cross[i], crossWeights[i]) = (l.First, l.Second);
            }

            return sum;
        });
    }

    /// <summary>Writes the expected weights, which are never negative.</summary>
    public void ExpectedWeights(double[] eta, ReadOnlySpan<double> parameters, double[] weights)
    {
        parameters.CopyTo(psi);
        for (var i = 0; i < weights.Length; i++) weights[i] = data.Frequency(i) * Math.Max(0, data.Family.ExpectedWeight(data.Rows[i], eta[i], psi));
    }

    private double SeveralAtATime(double[] eta, int from, int to)
    {
        var range = from..to;
        return data.Family.KernelOfRows(
            new(columns[0].AsSpan(range), columns[1].AsSpan(range), columns[2].AsSpan(range)), eta.AsSpan(range), First.AsSpan(range), Weights.AsSpan(range), Third.AsSpan(range));
    }

    private double Sum(Func<int, int, double> part)
    {
        var n = data.n;
        void Run(int k) => partSums[k] = part(k * RowsOfPart, Math.Min(n, (k + 1) * RowsOfPart));
        if (team is null || partSums.Length == 1)
        {
            for (var k = 0; k < partSums.Length; k++) Run(k);
        }
        else
        {
            team.Run(partSums.Length, Run);
        }

        var sum = 0.0;
        foreach (var own in partSums) sum += own;
        return sum;
    }
}
