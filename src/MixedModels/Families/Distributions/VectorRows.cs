using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MixedModels.Families.Distributions;

/// <summary>
/// The two commonest densities, four rows at a time: the binomial's with the logistic link and the Poisson's with the logarithmic one. The
/// same formulas as the families' own, row by row; the library's vector functions are good to one unit in the last place and have a portable
/// path of their own.
/// </summary>
internal static class VectorRows
{
    private static int Width => Vector256<double>.Count;

    /// <summary>y eta − m log(1 + exp(eta)) and its derivatives, times weights; the sum of the first.</summary>
    public static double Logistic(ResponseColumns rows, ReadOnlySpan<double> eta, Span<double> first, Span<double> weights, Span<double> third) =>
        Fill(default(LogisticBody), rows, eta, first, weights, third);

    /// <summary>y eta − exp(eta) and its derivatives, times weights; the sum of the first.</summary>
    public static double LogLinear(ResponseColumns rows, ReadOnlySpan<double> eta, Span<double> first, Span<double> weights, Span<double> third) =>
        Fill(default(LogLinearBody), rows, eta, first, weights, third);

    private static double Fill<TBody>(TBody body, ResponseColumns rows, ReadOnlySpan<double> eta, Span<double> first, Span<double> weights, Span<double> third)
        where TBody : struct, IBody
    {
        var sum = Vector256<double>.Zero;
        var r = 0;
        for (; r + Width <= eta.Length; r += Width)
        {
            var l = body.Densities(At(rows.Responses, r), At(rows.Trials, r), At(rows.Weights, r), At(eta, r));
            sum += l.Value;
            l.First.CopyTo(first[r..]);
            l.Weight.CopyTo(weights[r..]);
            l.Third.CopyTo(third[r..]);
        }

        if (r < eta.Length)
        {
            // Rows of weight zero fill the last vector; their values are left out below, for 0 × infinity is no number.
            var l = body.Densities(Rest(rows.Responses, r), Rest(rows.Trials, r), Rest(rows.Weights, r), Rest(eta, r));
            for (var lane = 0; r < eta.Length; r++, lane++)
            {
                sum += Vector256.CreateScalar(l.Value[lane]);
                (first[r], weights[r], third[r]) = (l.First[lane], l.Weight[lane], l.Third[lane]);
            }
        }

        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> At(ReadOnlySpan<double> column, int row) => Vector256.Create(column.Slice(row, Width));

    private static Vector256<double> Rest(ReadOnlySpan<double> column, int row)
    {
        Span<double> padded = stackalloc double[Width];
        padded.Clear();
        column[row..].CopyTo(padded);
        return Vector256.Create<double>(padded);
    }

    private interface IBody
    {
        public Densities Densities(Vector256<double> y, Vector256<double> m, Vector256<double> w, Vector256<double> eta);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Densities(Vector256<double> value, Vector256<double> first, Vector256<double> weight, Vector256<double> third)
    {
        public Vector256<double> Value { get; } = value;

        public Vector256<double> First { get; } = first;

        public Vector256<double> Weight { get; } = weight;

        public Vector256<double> Third { get; } = third;
    }

    private readonly struct LogisticBody : IBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Densities Densities(Vector256<double> y, Vector256<double> m, Vector256<double> w, Vector256<double> eta)
        {
            var one = Vector256<double>.One;
            var e = Vector256.Exp(-Vector256.Abs(eta));
            var u = one + e;
            var (small, large) = (e / u, one / u);
            var isPositive = Vector256.GreaterThanOrEqual(eta, Vector256<double>.Zero);
            var mu = Vector256.ConditionalSelect(isPositive, large, small);
            var complement = Vector256.ConditionalSelect(isPositive, small, large);

            // Kahan's log(1 + e): the error of forming 1 + e is divided out.
            var log = Vector256.ConditionalSelect(Vector256.Equals(u, one), e, Vector256.Log(u) * (e / (u - one)));
            var softplus = Vector256.Max(eta, Vector256<double>.Zero) + log;
            var slope = w * m * mu * complement;
            return new(w * ((y * eta) - (m * softplus)), w * ((y * complement) - ((m - y) * mu)), slope, slope * (mu - complement));
        }
    }

    private readonly struct LogLinearBody : IBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Densities Densities(Vector256<double> y, Vector256<double> m, Vector256<double> w, Vector256<double> eta)
        {
            var mu = Vector256.Exp(eta);
            var weighted = w * mu;
            return new(w * ((y * eta) - mu), w * (y - mu), weighted, -weighted);
        }
    }
}
