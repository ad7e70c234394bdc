using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>V of one pattern of blocks, R + ZGZ', and its derivatives in all parameters. A workspace of one thread.</summary>
internal sealed class BlockCovariance
{
    private readonly StandardizedData data;
    private readonly ResidualModel residual;
    private readonly ThetaLayout layout;
    private readonly Jet[][] cells;

    public BlockCovariance(BlockPattern pattern, StandardizedData data, ResidualModel residual, ThetaLayout layout)
    {
        (Pattern, this.data, this.residual, this.layout) = (pattern, data, residual, layout);
        cells = new Jet[pattern.SubjectStarts.Length - 1][];
    }

    /// <summary>The pattern.</summary>
    public BlockPattern Pattern { get; }

    /// <summary>C of each subject, as last read.</summary>
    public IReadOnlyList<Jet[]> Cells => cells;

    private int n => Pattern.Order;

    private int[] First => Pattern.Blocks[0];

    /// <summary>Takes C, and its derivatives where the model has them at hand.</summary>
    public void ReadCells()
    {
        for (var s = 0; s < cells.Length; s++) cells[s] = residual.Cells(Subject(s));
    }

    /// <summary>dV of every parameter that moves it.</summary>
    public List<(int Parameter, double[] dV)> Active(ReadOnlySpan<double> psi)
    {
        var active = new List<(int, double[])>();
        for (var t = 0; t < layout.TermCount; t++)
        {
            var structure = layout.Structure(t);
            for (var k = 0; k < structure.ParameterCount; k++)
            {
                var dG = new double[structure.Dimension * structure.Dimension];
                structure.Derivative(k, layout.Slice(psi, t), dG);
                var dV = new double[n * n];
                AddTerm(t, dG, dV);
                active.Add((layout.Start(t) + k, dV));
            }
        }

        for (var k = 0; k < residual.ScaleStart; k++)
        {
            var dV = new double[n * n];
            if (AddStructure(k, dV)) active.Add((layout.Count + k, dV));
        }

        for (var k = 0; k < residual.Scale.ParameterCount; k++)
        {
            var dV = new double[n * n];
            if (AddScale(k, dV)) active.Add((layout.Count + residual.ScaleStart + k, dV));
        }

        return active;
    }

    /// <summary>Adds the derivative of R in a parameter of C; false where no subject has it.</summary>
    public bool AddStructure(int parameter, double[] dV)
    {
        var (group, own) = (parameter / residual.OwnCount, parameter % residual.OwnCount);
        var isActive = false;
        for (var s = 0; s < cells.Length; s++)
        {
            if (residual.Data.GroupOfRow[Subject(s)[0]] != group) continue;
            residual.Add(Subject(s), cells[s], jet => jet.First.Length == 0 ? 0 : jet.First[own], dV, n, Pattern.SubjectStarts[s]);
            isActive = true;
        }

        return isActive;
    }

    /// <summary>d(s_a s_b C_ab) = (l_a,k + l_b,k) R_ab.</summary>
    private bool AddScale(int parameter, double[] dV)
    {
        var slopes = Slopes(parameter);
        if (!slopes.ContainsAnyExcept(0)) return false;
        AddResidual(dV);
        for (var b = 0; b < n; b++)
        {
            for (var a = 0; a < n; a++) dV[a + (b * n)] *= slopes[a] + slopes[b];
        }

        return true;
    }

    /// <summary>The derivatives of the rows' log scales in a scale parameter.</summary>
    public Span<double> Slopes(int parameter)
    {
        var slopes = new double[n];
        for (var i = 0; i < n; i++) slopes[i] = residual.Scale.First[First[i] + (parameter * data.Data.n)];
        return slopes;
    }

    /// <summary>Adds R.</summary>
    public void AddResidual(double[] R)
    {
        for (var s = 0; s < cells.Length; s++) residual.Add(Subject(s), cells[s], jet => jet.Value, R, n, Pattern.SubjectStarts[s]);
    }

    /// <summary>The rows of a subject, in the first of the pattern's blocks.</summary>
    public ReadOnlySpan<int> Subject(int s) => First.AsSpan(Pattern.SubjectStarts[s], Pattern.SubjectStarts[s + 1] - Pattern.SubjectStarts[s]);

    /// <summary>Adds Z_t (I ⊗ G) Z_t'.</summary>
    public void AddTerm(int t, double[] G, double[] V)
    {
        var (size, levels) = (data.Data.Terms[t].Dimension, Pattern.Levels[t]);
        var z = Effects(t);
        Span<double> Gz = new double[size];
        for (var b = 0; b < n; b++)
        {
            Gz.Clear();
            for (var j = 0; j < size; j++) Vectors.AddScaled(z[(b * size) + j], G.AsSpan(j * size, size), Gz);
            for (var a = 0; a < n; a++)
            {
                if (levels[a] == levels[b]) V[a + (b * n)] += Vectors.Dot(z.AsSpan(a * size, size), Gz);
            }
        }
    }

    /// <summary>z of every row, p_t numbers each.</summary>
    public double[] Effects(int t)
    {
        var size = data.Data.Terms[t].Dimension;
        var z = new double[n * size];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < size; j++) z[(i * size) + j] = data.Z[t][First[i] + (j * data.Data.n)];
        }

        return z;
    }
}
