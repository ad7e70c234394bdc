using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Covariance.Correlation;

/// <summary>
/// A correlation matrix R of p effects as a smooth function of free parameters phi. Every value of phi gives a correlation matrix, and every
/// one of the family, those on the boundary included where it has one, has a finite phi. Immutable.
/// </summary>
internal abstract class CorrelationFunction
{
    /// <summary>Steps of the least squares match, and the relative decrease of its sum of squares at which it ends.</summary>
    private const int MostSteps = 100;

    private const double SmallestDecrease = 1e-15;

    protected CorrelationFunction(int dimension) => Dimension = dimension;

    /// <summary>p.</summary>
    public int Dimension { get; }

    /// <summary>The names of the parameters on their natural scale, such as <c>rho</c>.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>The number of parameters.</summary>
    public int ParameterCount => Names.Count;

    /// <summary>Whether the parameters have bounds that are reached at a finite phi.</summary>
    public virtual bool HasBounds => ParameterCount > 0;

    /// <summary>Writes R (p×p, column-major, both triangles).</summary>
    public abstract void Fill(ReadOnlySpan<double> phi, Span<double> R);

    /// <summary>Writes the derivative of R in a parameter.</summary>
    public abstract void Derivative(int k, ReadOnlySpan<double> phi, Span<double> dR);

    /// <summary>Writes the second derivative of R in two parameters.</summary>
    public abstract void SecondDerivative(int k, int l, ReadOnlySpan<double> phi, Span<double> ddR);

    /// <summary>A parameter on its natural scale.</summary>
    public abstract double Natural(int k, ReadOnlySpan<double> phi);

    /// <summary>A parameter on its natural scale, with its derivatives.</summary>
    public abstract Jet NaturalJet(int k, ReadOnlySpan<double> phi);

    /// <summary>The bounds of a parameter on its natural scale.</summary>
    public abstract (double Lower, double Upper) Bounds(int k);

    /// <summary>Natural values that stand for the bounds: these themselves where a finite free parameter reaches them, else values with the same R but for rounding.</summary>
    public virtual (double Lower, double Upper) Reach(int k) => Bounds(k);

    /// <summary>The free parameter k that alone gives it a natural value, a bound included; null where that depends on the others.</summary>
    public virtual double? Free(int k, double natural) => null;

    /// <summary>Writes parameters to start a search from.</summary>
    public abstract void Start(Span<double> phi);

    /// <summary>Replaces parameters by the one choice that stands for their R; parameters within rounding of a boundary go to it.</summary>
    public virtual void MakeCanonical(Span<double> phi)
    {
        // One phi for every R unless a family says otherwise.
    }

    /// <summary>Parameters between which and whose neighbourhoods the family lies, for a search where nothing is known of R.</summary>
    public virtual IEnumerable<double[]> Sample()
    {
        var start = new double[ParameterCount];
        Start(start);
        yield return start;
    }

    /// <summary>Writes the parameters whose R is nearest in least squares.</summary>
    /// <param name="R">p×p; NaN where nothing is known.</param>
    /// <param name="phi">The parameters.</param>
    public virtual void FromCorrelation(ReadOnlySpan<double> R, Span<double> phi)
    {
        Start(phi);
        Match(R, phi);
    }

    /// <summary>Goes from parameters to those whose R is nearest, by damped Gauss–Newton steps.</summary>
    protected void Match(ReadOnlySpan<double> R, Span<double> phi)
    {
        var (k, size, damping) = (ParameterCount, R.Length, 1e-3);
        var (own, moved) = (new double[size], new double[k]);
        var sum = Distance(R, phi, own);
        for (var step = 0; step < MostSteps && damping < 1e8; step++)
        {
            var (normal, right) = NormalEquations(R, own, phi);
            for (var i = 0; i < k; i++) normal[i * (k + 1)] += damping * (normal[i * (k + 1)] + 1e-12);
            if (!LinearSolve.InPlace(normal, right, k)) return;
            for (var i = 0; i < k; i++) moved[i] = phi[i] + right[i];
            var next = Distance(R, moved, own);
            if (!(next < sum))
            {
                damping *= 10;
                Distance(R, phi, own);
                continue;
            }

            var decrease = sum - next;
            moved.CopyTo(phi);
            (sum, damping) = (next, 0.1 * damping);
            if (decrease <= SmallestDecrease * sum || sum < 1e-30) return;
        }
    }

    private double Distance(ReadOnlySpan<double> R, ReadOnlySpan<double> phi, Span<double> own)
    {
        Fill(phi, own);
        var sum = 0.0;
        for (var i = 0; i < R.Length; i++)
        {
            if (!double.IsNaN(R[i])) sum += (R[i] - own[i]) * (R[i] - own[i]);
        }

        return sum;
    }

    private (double[] Normal, double[] Right) NormalEquations(ReadOnlySpan<double> R, double[] own, ReadOnlySpan<double> phi)
    {
        var k = ParameterCount;
        var slopes = new double[k][];
        var (normal, right) = (new double[k * k], new double[k]);
        for (var i = 0; i < k; i++)
        {
            slopes[i] = new double[R.Length];
            Derivative(i, phi, slopes[i]);
            for (var e = 0; e < R.Length; e++)
            {
                if (double.IsNaN(R[e])) slopes[i][e] = 0;
                else right[i] += slopes[i][e] * (R[e] - own[e]);
            }

            for (var j = 0; j <= i; j++) normal[i + (j * k)] = normal[j + (i * k)] = Vectors.Dot(slopes[i], slopes[j]);
        }

        return (normal, right);
    }
}
