using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary>
/// <c>arma(p, q)</c>: e_t = Σ phi_i e_t−i + a_t + Σ theta_j a_t−j over visits. The parameters are the artanh of partial autocorrelations of both
/// parts, so that every value is stationary and invertible.
/// </summary>
/// <remarks>Brockwell and Davis 1991, Time Series, section 3.3: gamma_k − Σ phi_i gamma_k−i = Σ_{j≥k} theta_j psi_j−k.</remarks>
internal sealed class AutoregressiveMovingAverage(ResidualSites sites, int p, int q) : ResidualStructure(sites)
{
    public override string Name => "arma";

    public override string Words => FormattableString.Invariant($"autoregressive moving average of orders {p} and {q}");

    public override int ParameterCount => p + q;

    public override Jet[] Evaluate(Jet[] phi) => Lags.Spread(Sites, Autocorrelations(phi, Sites.Span));

    public override double[] LastRow(double[] phi, ResidualSites places)
    {
        var byLag = Autocorrelations(Array.ConvertAll(phi, Jet.Constant), places.Span);
        return RowOf(places, other => byLag[places.Lag(other, places.Count - 1)].Value);
    }

    /// <summary>Coefficients of higher order leave (−1, 1).</summary>
    public override (double Lower, double Upper) Bounds(int k) => (k < p ? p : q) == 1 ? (-1, 1) : (double.NegativeInfinity, double.PositiveInfinity);

    public override IReadOnlyList<(string Name, Jet Value)> Natural(Jet[] phi)
    {
        var (ar, ma) = Coefficients(phi);
        return
        [
            .. ar.Select((value, k) => (FormattableString.Invariant($"phi{k + 1}"), value)),
            .. ma.Select((value, k) => (FormattableString.Invariant($"theta{k + 1}"), value)),
        ];
    }

    public override IEnumerable<double[]> Starts(double[] moments)
    {
        // Where both parts are equal and opposite they cancel, and the likelihood is flat there.
        foreach (var (ar, ma) in new[] { (0.3, 0.0), (0.7, 0.0), (0.8, -0.3), (0.3, 0.3), (0.95, -0.4), (-0.3, 0.0) })
        {
            var phi = new double[p + q];
            if (p > 0) phi[0] = Math.Atanh(ar);
            if (q > 0) phi[p] = Math.Atanh(p > 0 ? -ma : -0.5 * ar);
            yield return phi;
        }
    }

    public override ResidualStructure Over(ResidualSites sites) => new AutoregressiveMovingAverage(sites, p, q);

    /// <summary>The process with variance 1 as a state, for a filter along a long subject.</summary>
    /// <remarks>
    /// R = (1, theta_1, …). The covariance P of a state solves P = TPT' + RR'; along its diagonals P_ij − P_i+1,j+1 depends on P's first row x alone:
    /// x_j = Σ_s ar_s ar_j+s x_0 + ar_s x_j+s+1 + ar_j+s x_s+1 + R_s R_j+s. Dividing all by x_0 makes the variance 1.
    /// </remarks>
    public StateSpace StateSpace(Jet[] phi)
    {
        var ((own, ma), r) = (Coefficients(phi), Math.Max(p, q + 1));
        Jet[] ar = [.. own, .. Enumerable.Repeat(Jet.Constant(0), r - p)];
        Jet[] R = [1, .. ma, .. Enumerable.Repeat(Jet.Constant(0), r - q - 1)];
        var A = new Jet[r, r + 1];
        for (var j = 0; j < r; j++)
        {
            for (var c = 0; c <= r; c++) A[j, c] = c == j ? 1 : 0;
            for (var s = 0; j + s < r; s++)
            {
                A[j, 0] -= ar[s] * ar[j + s];
                if (j + s + 1 < r) A[j, j + s + 1] -= ar[s];
                if (s + 1 < r) A[j, s + 1] -= ar[j + s];
                A[j, r] += R[s] * R[j + s];
            }
        }

        var x = Solve(A);
        Jet Entry(int i, int j)
        {
            Jet sum = 0;
            for (var s = 0; j + s < r; s++)
            {
                sum += (ar[i + s] * ar[j + s] * x[0]) + (R[i + s] * R[j + s]);
                if (j + s + 1 < r) sum += ar[i + s] * x[j + s + 1];
                if (i + s + 1 < r) sum += ar[j + s] * x[i + s + 1];
            }

            return sum / x[0];
        }

        var (step, stationary) = (new Jet[r * r], new Jet[r * r]);
        for (var i = 0; i < r; i++)
        {
            for (var j = i; j < r; j++)
            {
                step[i + (j * r)] = step[j + (i * r)] = R[i] * R[j] / x[0];
                stationary[i + (j * r)] = stationary[j + (i * r)] = Entry(i, j);
            }
        }

        return new(ar, step, stationary);
    }

    private (Jet[] Ar, Jet[] Ma) Coefficients(Jet[] phi)
    {
        var partial = Array.ConvertAll(phi, x => x.Tanh());
        return (Lags.Coefficients(partial[..p]), Array.ConvertAll(Lags.Coefficients(partial[p..]), x => -x));
    }

    private Jet[] Autocorrelations(Jet[] phi, int longest)
    {
        var (ar, ma) = Coefficients(phi);
        var right = RightSides(ar, ma);
        var gamma = Solve(ar, right);
        var byLag = new Jet[longest + 1];
        var all = new Jet[Math.Max(byLag.Length, gamma.Length)];
        for (var k = 0; k < all.Length; k++)
        {
            if (k < gamma.Length)
            {
                all[k] = gamma[k];
                continue;
            }

            all[k] = k <= q ? right[k] : 0;
            for (var i = 0; i < p; i++) all[k] += ar[i] * all[Math.Abs(k - i - 1)];
        }

        for (var k = 1; k < byLag.Length; k++) byLag[k] = all[k] / all[0];
        byLag[0] = 1;
        return byLag;
    }

    /// <summary>Σ_{j ≥ k} theta_j psi_j−k for k = 0 … max(p, q), psi being the weights of the infinite moving average.</summary>
    private Jet[] RightSides(Jet[] ar, Jet[] ma)
    {
        var psi = new Jet[q + 1];
        psi[0] = 1;
        for (var k = 1; k <= q; k++)
        {
            psi[k] = ma[k - 1];
            for (var i = 1; i <= Math.Min(k, p); i++) psi[k] += ar[i - 1] * psi[k - i];
        }

        var right = new Jet[Math.Max(p, q) + 1];
        for (var k = 0; k < right.Length; k++)
        {
            right[k] = 0;
            for (var j = k; j <= q; j++) right[k] += j == 0 ? psi[0] : ma[j - 1] * psi[j - k];
        }

        return right;
    }

    /// <summary>gamma_0 … gamma_p by Gaussian elimination; the autoregression being stationary, the pivots do not vanish.</summary>
    private Jet[] Solve(Jet[] ar, Jet[] right)
    {
        var A = new Jet[p + 1, p + 2];
        for (var k = 0; k <= p; k++)
        {
            for (var j = 0; j <= p; j++) A[k, j] = j == k ? 1 : 0;
            for (var i = 1; i <= p; i++) A[k, Math.Abs(k - i)] -= ar[i - 1];
            A[k, p + 1] = right[k];
        }

        return Solve(A);
    }

    /// <summary>The solution of a system whose right-hand side is its last column.</summary>
    private static Jet[] Solve(Jet[,] A)
    {
        var r = A.GetLength(0);
        for (var c = 0; c < r; c++)
        {
            var pivot = Enumerable.Range(c, r - c).MaxBy(row => Math.Abs(A[row, c].Value));
            for (var j = 0; j <= r; j++) (A[c, j], A[pivot, j]) = (A[pivot, j], A[c, j]);
            for (var row = 0; row < r; row++)
            {
                if (row == c) continue;
                var share = A[row, c] / A[c, c];
                for (var j = c; j <= r; j++) A[row, j] -= share * A[c, j];
            }
        }

        return [.. Enumerable.Range(0, r).Select(k => A[k, r] / A[k, k])];
    }
}
