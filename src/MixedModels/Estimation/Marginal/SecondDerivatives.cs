using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>Sums of second derivatives of one pattern's V, weighted parameter by parameter, between its rows of X. One use an instance.</summary>
internal sealed class SecondDerivatives(BlockWorkspace block, ResidualModel residual, ThetaLayout layout, double[] psi)
{
    private readonly int n = block.Pattern.Order;
    private readonly int count = layout.Count + residual.ParameterCount;
    private double[] W = [];

    /// <summary>Adds U'L⁻¹ [Σ weights_kl d²V_kl] L⁻ᵀU.</summary>
    /// <param name="weights">K×K, symmetric.</param>
    /// <param name="RX">p×p factor of X'V⁻¹X.</param>
    /// <param name="beta">p standardised fixed effects.</param>
    /// <param name="sum">p×p.</param>
    public void AddSandwich(double[] weights, double[] RX, double[] beta, double[] sum)
    {
        W = weights;
        block.Covariance.ReadCells();
        var D = new double[n * n];
        for (var t = 0; t < layout.TermCount; t++) block.Covariance.AddTerm(t, Effects(t), D);
        AddStructures(D);
        if (residual.Scale.ParameterCount > 0) AddScales(D);
        var (p, height, U) = (beta.Length, n * block.Pattern.Blocks.Count, block.Turned(RX, beta));
        block.Whiten(D);
        var image = new double[height * p];
        Product.Add(1, D, n, false, U, n, false, image, n, n, block.Pattern.Blocks.Count * p, n);
        Product.Add(1, U, height, true, image, height, false, sum, p, p, p, height);
    }

    /// <summary>Σ W_kl d²G_kl of a term.</summary>
    private double[] Effects(int t)
    {
        var (structure, start) = (layout.Structure(t), layout.Start(t));
        var p = structure.Dimension;
        var sum = new double[p * p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var unit = new double[p * p];
                unit[i + (j * p)] += 0.5;
                unit[j + (i * p)] += 0.5;
                for (var k = 0; k < structure.ParameterCount; k++)
                {
                    for (var l = 0; l < structure.ParameterCount; l++)
                        sum[i + (j * p)] += W[start + k + ((start + l) * count)] * structure.SecondDerivative(k, l, layout.Slice(psi, t), unit);
                }

                sum[j + (i * p)] = sum[i + (j * p)];
            }
        }

        return sum;
    }

    private void AddStructures(double[] D)
    {
        for (var s = 0; residual.OwnCount > 0 && s < block.Covariance.Cells.Count; s++)
        {
            var own = block.Covariance.Subject(s);
            var first = layout.Count + (residual.Data.GroupOfRow[own[0]] * residual.OwnCount);
            residual.Add(own, block.Covariance.Cells[s], jet => Weighted(jet, first), D, n, block.Pattern.SubjectStarts[s]);
        }
    }

    private double Weighted(Jet jet, int first)
    {
        var sum = 0.0;
        for (var k = 0; jet.Second.Length > 0 && k < residual.OwnCount; k++)
        {
            for (var l = 0; l <= k; l++) sum += (k == l ? 1 : 2) * W[first + k + ((first + l) * count)] * jet.Second[Jet.Pair(k, l)];
        }

        return sum;
    }

    /// <summary>(l_a,k + l_b,k)(l_a,l + l_b,l) + l_a,kl + l_b,kl times R, and twice (l_a,k + l_b,k) times the derivative of R in a parameter of C.</summary>
    private void AddScales(double[] D)
    {
        var first = layout.Count + residual.ScaleStart;
        var slopes = Enumerable.Range(0, residual.Scale.ParameterCount).Select(k => block.Covariance.Slopes(k).ToArray()).ToArray();
        var factors = new double[n * n];
        for (var b = 0; b < n; b++)
        {
            for (var a = 0; a < n; a++)
            {
                for (var k = 0; k < slopes.Length; k++)
                {
                    for (var l = 0; l < slopes.Length; l++)
                        factors[a + (b * n)] += W[first + k + ((first + l) * count)] * (slopes[k][a] + slopes[k][b]) * (slopes[l][a] + slopes[l][b]);
                }
            }
        }

        foreach (var (k, l, values) in residual.Scale.Second)
        {
            var weight = (k == l ? 1 : 2) * W[first + k + ((first + l) * count)];
            for (var b = 0; b < n; b++)
            {
                for (var a = 0; a < n; a++) factors[a + (b * n)] += weight * (values[block.Pattern.Blocks[0][a]] + values[block.Pattern.Blocks[0][b]]);
            }
        }

        AddTimes(factors, R => block.Covariance.AddResidual(R), D);
        for (var c = 0; c < residual.ScaleStart; c++)
        {
            Array.Clear(factors);
            for (var b = 0; b < n; b++)
            {
                for (var a = 0; a < n; a++)
                {
                    for (var k = 0; k < slopes.Length; k++) factors[a + (b * n)] += 2 * W[first + k + ((layout.Count + c) * count)] * (slopes[k][a] + slopes[k][b]);
                }
            }

            var parameter = c;
            AddTimes(factors, R => block.Covariance.AddStructure(parameter, R), D);
        }
    }

    private void AddTimes(double[] factors, Action<double[]> add, double[] D)
    {
        var R = new double[n * n];
        add(R);
        for (var i = 0; i < R.Length; i++) D[i] += factors[i] * R[i];
    }
}
