using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The profiled deviance of a linear mixed model, −2 log L(theta) with beta and sigma² at their maxima, or the REML criterion.
/// This page is the whole model: docs/notation.md names its symbols, docs/linear-mixed-models.md derives it.
/// </summary>
/// <remarks>
/// d(theta) = log|M| + [REML: log|X'V0⁻¹X|] + nu(1 + log(2π r²/nu)) − Σ log w_i
/// (Bates, Mächler, Bolker and Walker 2015, eqs. 34 and 41), nu = n, or n − p under REML.
/// </remarks>
internal sealed class ProfiledDeviance : IProfiledCriterion
{
    private readonly LinearData data;
    private readonly StandardizedData standardized;
    private readonly DerivativesWorkspace workspace;
    private bool hasModes;
    private double[] modes = [];

    public ProfiledDeviance(StandardizedData standardized, PenalizedSystem system, bool reml, ThetaLayout? layout = null)
        : this(standardized, system, reml, layout, new())
    {
    }

    private ProfiledDeviance(StandardizedData standardized, PenalizedSystem system, bool reml, ThetaLayout? layout, DerivativesWorkspace workspace)
    {
        this.workspace = workspace;
        this.standardized = standardized;
        data = standardized.Data;
        System = system;
        Reml = reml;
        Layout = layout ?? new(data.Terms.Select(term => term.Structure));
        RX = new double[p * p];
        beta = new double[p];
    }

    /// <summary>The storage behind the evaluations.</summary>
    public PenalizedSystem System { get; }

    /// <summary>Where each term's parameters stand.</summary>
    public ThetaLayout Layout { get; }

    /// <summary>Whether the criterion is the restricted one.</summary>
    public bool Reml { get; }

    /// <summary>Who is told of evaluations while a search goes on; null otherwise.</summary>
    public SearchProgress? Progress { get; set; }

    /// <summary>n, the number of rows.</summary>
    public int Observations => data.n;

    /// <summary>n under ML, n − p under REML.</summary>
    public int nu => Reml ? data.n - p : data.n;

    /// <inheritdoc/>
    public int Dimension => Layout.Count;

    /// <summary>r² = y'P0y at the last evaluation, standardised.</summary>
    public double r2 { get; private set; }

    /// <summary>p standardised fixed effects at the last evaluation.</summary>
    public double[] beta { get; }

    /// <summary>w = Z'P0y at the last evaluation; the conditional modes are G w.</summary>
    public ReadOnlySpan<double> w
    {
        get
        {
            if (hasModes) return modes;
            if (modes.Length == 0) modes = new double[System.q];
            System.VC[(p * System.q)..].CopyTo(modes);
            for (var j = 0; j < p; j++) Vectors.AddScaled(-beta[j], System.VC.Slice(j * System.q, System.q), modes);
            hasModes = true;
            return modes;
        }
    }

    /// <summary>p×p lower Cholesky factor of Q'V0⁻¹Q at the last evaluation.</summary>
    public double[] RX { get; }

    /// <summary>q×q numbers for the derivatives at hand; their content is arbitrary.</summary>
    public double[] SquareWorkspace => workspace.Square ??= new double[System.q * System.q];

    /// <summary>q×p numbers for the derivatives at hand; their content is arbitrary.</summary>
    public double[] SidesWorkspace => workspace.Sides ??= new double[System.q * p];

    /// <summary>q numbers a parameter for the derivatives at hand; their content is arbitrary.</summary>
    public double[] ColumnsWorkspace
    {
        get
        {
            var length = System.q * Layout.Count;
            if (workspace.Columns.Length != length) workspace.Columns = new double[length];
            return workspace.Columns;
        }
    }

    private int p => data.p;

    /// <summary>d(theta); NaN where it is not defined.</summary>
    /// <param name="theta">The parameters.</param>
    /// <param name="covariancesSuffice">Whether a factor of the same covariances in other parameters will do, whose last bits differ.</param>
    public double Value(ReadOnlySpan<double> theta, bool covariancesSuffice = false)
    {
        var value = Evaluated(theta, covariancesSuffice);
        Progress?.Evaluated(value);
        return value;
    }

    private double Evaluated(ReadOnlySpan<double> theta, bool covariancesSuffice)
    {
        hasModes = false;
        if (!System.Factor(Layout.Factors(theta), covariancesSuffice)) return double.NaN;
        if (!SolveFixedEffects()) return double.NaN;
        var d = System.LogDeterminant + (nu * (1 + Math.Log(2 * Math.PI * r2 / nu)));
        if (Reml)
        {
            for (var j = 0; j < p; j++) d += 2 * Math.Log(RX[j + (j * p)]);
        }

        return d + UnitConstant();
    }

    /// <inheritdoc/>
    double IProfiledCriterion.Value(ReadOnlySpan<double> psi) => Value(psi);

    /// <inheritdoc/>
    public double ValueAtCovariances(ReadOnlySpan<double> psi) => Value(psi, covariancesSuffice: true);

    /// <summary>The same deviance, on the same storage, of other parameters.</summary>
    /// <remarks>Both share workspaces, and what one knows at some covariances serves the other at the same.</remarks>
    public ProfiledDeviance With(ThetaLayout layout) => new(standardized, System, Reml, layout, workspace) { Progress = Progress };

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> theta)
    {
        var value = Value(theta, covariancesSuffice: true);
        if (!double.IsFinite(value)) return new(theta.ToArray(), value, [], []);
        var own = Derivatives(theta);
        return new(theta.ToArray(), value, own.Gradient(), own.Hessian());
    }

    /// <inheritdoc/>
    public HeldSigmaDerivatives HoldSigma(ReadOnlySpan<double> psi, double kappa)
    {
        if (psi.Length == 0) return new([], [], []);

        // From the profiled deviance to the one at fixed sigma: r² enters by kappa r² instead of nu log r².
        var own = Derivatives(psi);
        var (gradient, hessian) = (own.Gradient(), own.Hessian());
        var (rho, curvature) = ResidualCurvature.Of(this, psi);
        var (k, excess) = (psi.Length, kappa - (nu / r2));
        for (var j = 0; j < k; j++)
        {
            gradient[j] += excess * rho[j];
            for (var i = 0; i < k; i++) hessian[i + (j * k)] += (nu / (r2 * r2) * rho[i] * rho[j]) + (excess * curvature[i + (j * k)]);
        }

        return new(gradient, hessian, rho);
    }

    /// <summary>The derivatives at the last evaluation, kept until another one.</summary>
    /// <param name="theta">The parameters of the last evaluation.</param>
    public LinearDerivatives Derivatives(ReadOnlySpan<double> theta)
    {
        var known = workspace.FactorNumber == System.FactorNumber ? workspace.Derivatives : null;
        if (known is not null && known.AreAt(Layout, theta)) return known;
        (workspace.Derivatives, workspace.FactorNumber) = (new(this, theta, known), System.FactorNumber);
        return workspace.Derivatives;
    }

    /// <summary>What the change of units adds back: nu log Scale² for y, 2 log|det R| for X under REML, −Σ log w_i for the rows.</summary>
    private double UnitConstant() =>
        (2 * nu * Math.Log(standardized.Scale)) + (Reml ? 2 * standardized.LogDeterminantR : 0) - standardized.SumLogWeights;

    /// <summary>beta = (X'V0⁻¹X)⁻¹X'V0⁻¹y, r² = y'V0⁻¹(y − X beta).</summary>
    private bool SolveFixedEffects()
    {
        var m = p + 1;
        for (var j = 0; j < p; j++)
        {
            for (var i = j; i < p; i++) RX[i + (j * p)] = System.Cross[i + (j * m)];
            beta[j] = System.Cross[p + (j * m)];
        }

        if (Cholesky.Factor(RX, p, p) >= 0) return false;
        TriangularSolve.Lower(RX, p, p, beta, 1, p);
        r2 = System.Cross[p + (p * m)] - Vectors.Dot(beta, beta);
        TriangularSolve.LowerTransposed(RX, p, p, beta, 1, p);
        return r2 > 0;
    }

    /// <summary>What evaluations in any parameters leave behind for the next.</summary>
    private sealed class DerivativesWorkspace
    {
        /// <summary>The last derivatives.</summary>
        public LinearDerivatives? Derivatives { get; set; }

        /// <summary>The factor they were read off.</summary>
        public long FactorNumber { get; set; }

        /// <summary>q×q numbers.</summary>
        public double[]? Square { get; set; }

        /// <summary>q×p numbers.</summary>
        public double[]? Sides { get; set; }

        /// <summary>q numbers a parameter.</summary>
        public double[] Columns { get; set; } = [];
    }
}
