using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

/// <summary>
/// First and second derivatives of the deviance by the plain engine: products and traces of n×n matrices, in the user's units.
/// </summary>
/// <remarks>
/// With V_k = ∂V/∂theta_k, Q = V⁻¹ (ML) or P (REML) and e = Py: gradient_k = tr(Q V_k) − nu e'V_ke/r² and
/// Hessian_kl = −tr(V_k Q V_l Q) + nu[2 e'V_k P V_l e/r² − e'V_ke e'V_le/r⁴] + tr(Q V_kl) − nu e'V_kl e/r² (Harville 1977); the average
/// information drops the first trace and the 2. The factors T are linear in theta, so G = TT' is quadratic and needs no derivative but the product's.
/// </remarks>
internal sealed class DenseDerivatives
{
    private readonly DenseReference reference;
    private readonly double[][] image;
    private readonly int nu;
    private readonly double[,] P;
    private readonly double[,] Q;
    private readonly double r2;
    private readonly double[] residual;
    private readonly (int Term, double[] Factor)[] parameters;
    private readonly double[][,] V;

    /// <summary>Derivatives at theta.</summary>
    /// <param name="reference">The plain engine.</param>
    /// <param name="factors">A term: T at theta in the user's units, p_t×p_t.</param>
    /// <param name="parameters">A parameter: its term, and T at the unit vector of the parameter.</param>
    /// <param name="reml">Which criterion.</param>
    public DenseDerivatives(DenseReference reference, double[][] factors, (int Term, double[] Factor)[] parameters, bool reml)
    {
        (this.reference, this.parameters) = (reference, parameters);
        var inverse = DenseAlgebra.Inverse(reference.MarginalCovariance([.. factors.Select(T => Product(T, T))]));
        var VX = DenseAlgebra.Times(inverse, reference.X);
        var XVX = DenseAlgebra.Times(DenseAlgebra.Transpose(reference.X), VX);
        P = DenseAlgebra.Minus(inverse, DenseAlgebra.Times(DenseAlgebra.Times(VX, DenseAlgebra.Inverse(XVX)), DenseAlgebra.Transpose(VX)));
        Q = reml ? P : inverse;
        nu = reference.y.Length - (reml ? reference.X.GetLength(1) : 0);
        residual = DenseAlgebra.Times(P, reference.y);
        r2 = DenseAlgebra.Dot(reference.y, residual);
        V = [.. parameters.Select(parameter =>
        {
            var derivative = new double[reference.y.Length, reference.y.Length];
            reference.AddTerm(derivative, parameter.Term, Sum(Product(parameter.Factor, factors[parameter.Term]), Product(factors[parameter.Term], parameter.Factor)));
            return derivative;
        })];
        image = [.. V.Select(derivative => DenseAlgebra.Times(derivative, residual))];
    }

    /// <summary>k first derivatives.</summary>
    public double[] Gradient() => [.. V.Select((derivative, k) => Trace(Q, derivative) - (nu * DenseAlgebra.Dot(residual, image[k]) / r2))];

    /// <summary>k×k second derivatives, or the average information.</summary>
    public double[] Hessian(bool isExact)
    {
        var k = V.Length;
        var VQ = isExact ? V.Select(derivative => DenseAlgebra.Times(derivative, Q)).ToArray() : [];
        var Pe = image.Select(v => DenseAlgebra.Times(P, v)).ToArray();
        var gamma = Enumerable.Range(0, reference.Z.Length).Select(Gamma).ToArray();
        var hessian = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var form = DenseAlgebra.Dot(image[i], Pe[j]) / r2;
                var squares = DenseAlgebra.Dot(residual, image[i]) * DenseAlgebra.Dot(residual, image[j]) / (r2 * r2);
                var value = nu * (((isExact ? 2 : 1) * form) - squares);
                if (isExact) value -= Trace(VQ[i], VQ[j]);
                if (parameters[i].Term == parameters[j].Term) value += 2 * DenseAlgebra.Dot(gamma[parameters[i].Term], Product(parameters[i].Factor, parameters[j].Factor));
                hessian[i + (j * k)] = hessian[j + (i * k)] = value;
            }
        }

        return hessian;
    }

    /// <summary>The derivative of the deviance in G_t, entry (i, j): the sum over pairs of rows of one level of z_ri D_rs z_sj, D = Q − nu ee'/r².</summary>
    private double[] Gamma(int term)
    {
        var (Z, levels) = (reference.Z[term], reference.LevelOfRow[term]);
        var (n, p) = (Z.GetLength(0), Z.GetLength(1));
        var gamma = new double[p * p];
        for (var r = 0; r < n; r++)
        {
            for (var s = 0; s < n; s++)
            {
                if (levels[r] != levels[s]) continue;
                var D = Q[r, s] - (nu * residual[r] * residual[s] / r2);
                for (var i = 0; i < p; i++)
                {
                    for (var j = 0; j < p; j++) gamma[i + (j * p)] += Z[r, i] * D * Z[s, j];
                }
            }
        }

        return gamma;
    }

    /// <summary>tr(AB).</summary>
    private static double Trace(double[,] A, double[,] B)
    {
        var (n, sum) = (A.GetLength(0), 0.0);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) sum += A[i, j] * B[j, i];
        }

        return sum;
    }

    /// <summary>AB' of p×p matrices.</summary>
    public static double[] Product(double[] A, double[] B)
    {
        var p = (int)Math.Sqrt(A.Length);
        var product = new double[p * p];
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++) product[i + (j * p)] = Enumerable.Range(0, p).Sum(a => A[i + (a * p)] * B[j + (a * p)]);
        }

        return product;
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
