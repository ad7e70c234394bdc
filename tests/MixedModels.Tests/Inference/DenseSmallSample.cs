using MixedModels.Estimation.Linear;
using Numbers = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using NumberVector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace MixedModels.Tests.Inference;

/// <summary>
/// Satterthwaite and Kenward–Roger straight from the papers: n×n matrices, V = Σ phi_i V_i and its derivatives. It shares no line and no
/// identity with the product.
/// </summary>
/// <remarks>phi_0 = sigma² with V_0 = diag(1/weights); then every entry of sigma² G_t on or below the diagonal that the structure leaves free.</remarks>
internal sealed class DenseSmallSample
{
    private readonly Numbers P;
    private readonly List<Numbers> all = [];
    private readonly List<Numbers> withVariance = [];
    private readonly Numbers inverse;
    private readonly bool reml;
    private readonly Numbers X;
    private readonly NumberVector y;

    public DenseSmallSample(LinearData data, IReadOnlyList<double[]> relative, double sigma, bool reml)
    {
        this.reml = reml;
        var n = data.n;
        X = Numbers.Build.Dense(n, data.p, data.X.ToArray());
        y = NumberVector.Build.Dense(data.y.ToArray());
        all.Add(Numbers.Build.DenseDiagonal(n, n, r => data.Weights.IsEmpty ? 1 : 1 / data.Weights.Span[r]));
        withVariance.Add(all[0]);
        var V = all[0] * (sigma * sigma);
        for (var t = 0; t < data.Terms.Count; t++)
        {
            var term = data.Terms[t];
            for (var j = 0; j < term.Dimension; j++)
            {
                for (var i = j; i < term.Dimension; i++)
                {
                    var value = relative[t][i + (j * term.Dimension)] * sigma * sigma;
                    if (term.Structure.Name == "diag" && i != j) continue;
                    var derivative = Derivative(term, n, i, j);
                    all.Add(derivative);
                    if (i != j || value > 0) withVariance.Add(derivative);
                    V += derivative * value;
                }
            }
        }

        inverse = V.Inverse();
        Phi = (X.Transpose() * inverse * X).Inverse();
        P = inverse - (inverse * X * Phi * X.Transpose() * inverse);
    }

    public Numbers Phi { get; }

    public NumberVector Beta => Phi * X.Transpose() * inverse * y;

    /// <summary>½tr(P V_iP V_j), or y'PV_iPV_jPy − ½tr(Q V_iQ V_j) with Q = P under REML and V⁻¹ under ML; inverted.</summary>
    public Numbers W(bool observed)
    {
        var derivatives = Derivatives(observed);
        var r = derivatives.Count;
        var information = Numbers.Build.Dense(r, r);
        var Q = reml ? P : inverse;
        for (var i = 0; i < r; i++)
        {
            for (var j = 0; j < r; j++)
            {
                var trace = (Q * derivatives[i] * Q * derivatives[j]).Trace() / 2;
                information[i, j] = observed ? (P * y).DotProduct(derivatives[i] * (P * (derivatives[j] * (P * y)))) - trace : trace;
            }
        }

        return information.Inverse();
    }

    public double Satterthwaite(double[] contrast)
    {
        var c = NumberVector.Build.Dense(contrast);
        var derivatives = Derivatives(observed: true);
        var g = NumberVector.Build.Dense(derivatives.Count, i => c.DotProduct(Phi * X.Transpose() * inverse * (derivatives[i] * (inverse * X * Phi * c))));
        var f = c.DotProduct(Phi * c);
        return 2 * f * f / g.DotProduct(W(observed: true) * g);
    }

    public Numbers Adjusted(bool observed)
    {
        var derivatives = Derivatives(observed);
        var W = this.W(observed);
        var inner = Numbers.Build.Dense(X.ColumnCount, X.ColumnCount);
        for (var i = 0; i < derivatives.Count; i++)
        {
            for (var j = 0; j < derivatives.Count; j++)
            {
                var Q = X.Transpose() * inverse * derivatives[i] * inverse * derivatives[j] * inverse * X;
                inner += W[i, j] * (Q - (FixedPart(derivatives[i]) * Phi * FixedPart(derivatives[j])));
            }
        }

        return Phi + (2 * Phi * inner * Phi);
    }

    /// <summary>The scaled F, its denominator degrees of freedom: Kenward and Roger 1997, section 3, without its special cases.</summary>
    public (double F, double Df) KenwardRoger(Numbers L, bool observed)
    {
        var (W, derivatives) = (this.W(observed), Derivatives(observed));
        double q = L.RowCount;
        var Theta = L.Transpose() * (L * Phi * L.Transpose()).Inverse() * L;
        var (A1, A2) = (0.0, 0.0);
        for (var i = 0; i < derivatives.Count; i++)
        {
            for (var j = 0; j < derivatives.Count; j++)
            {
                var (left, right) = (Theta * Phi * FixedPart(derivatives[i]) * Phi, Theta * Phi * FixedPart(derivatives[j]) * Phi);
                A1 += W[i, j] * left.Trace() * right.Trace();
                A2 += W[i, j] * (left * right).Trace();
            }
        }

        var B = (A1 + (6 * A2)) / (2 * q);
        var g = (((q + 1) * A1) - ((q + 4) * A2)) / ((q + 2) * A2);
        var below = (3 * q) + (2 * (1 - g));
        var E = 1 / (1 - (A2 / q));
        var V = 2 / q * (1 + (g / below * B)) / (Math.Pow(1 - ((q - g) / below * B), 2) * (1 - ((q + 2 - g) / below * B)));
        var rho = V / (2 * E * E);
        var m = 4 + ((q + 2) / ((q * rho) - 1));
        var estimate = L * Beta;
        var F = estimate.DotProduct((L * Adjusted(observed) * L.Transpose()).Solve(estimate)) / q;
        return (m / (E * (m - 2)) * F, m);
    }

    /// <summary>By the observed information a variance on the boundary is held, as in SAS; by the expected one it is not, as in pbkrtest.</summary>
    private List<Numbers> Derivatives(bool observed) => observed ? withVariance : all;

    private Numbers FixedPart(Numbers derivative) => -(X.Transpose() * inverse * derivative * inverse * X);

    private static Numbers Derivative(RandomTermData term, int n, int i, int j) => Numbers.Build.Dense(n, n, (r, s) =>
    {
        if (term.LevelOfRow.Span[r] != term.LevelOfRow.Span[s]) return 0;
        double Z(int row, int column) => term.Z.Span[row + (column * n)];
        return i == j ? Z(r, i) * Z(s, i) : (Z(r, i) * Z(s, j)) + (Z(r, j) * Z(s, i));
    });
}
