using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MixedModels.Numerics;

namespace MixedModels.Families.Distributions;

/// <summary>
/// The two commonest densities, eight rows at a time: the binomial's with the logistic link and the Poisson's with the logarithmic one. The
/// same formulas as the families' own, row by row.
/// </summary>
internal static class VectorRows
{
    private static int Width => Vector512<double>.Count;

    /// <summary>y eta − m log(1 + exp(eta)) and its derivatives, times weights; the sum of the first.</summary>
    public static double Logistic(ResponseColumns rows, ReadOnlySpan<double> eta, Span<double> first, Span<double> weights, Span<double> third) =>
        Fill(default(LogisticBody), rows, eta, first, weights, third);

    /// <summary>y eta − exp(eta) and its derivatives, times weights; the sum of the first.</summary>
    public static double LogLinear(ResponseColumns rows, ReadOnlySpan<double> eta, Span<double> first, Span<double> weights, Span<double> third) =>
        Fill(default(LogLinearBody), rows, eta, first, weights, third);

    private static double Fill<TBody>(TBody body, ResponseColumns rows, ReadOnlySpan<double> eta, Span<double> first, Span<double> weights, Span<double> third)
        where TBody : struct, IBody
    {
        var sum = Vector512<double>.Zero;
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
                sum += Vector512.CreateScalar(l.Value[lane]);
                (first[r], weights[r], third[r]) = (l.First[lane], l.Weight[lane], l.Third[lane]);
            }
        }

        return Vector512.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> At(ReadOnlySpan<double> column, int row) => Vector512.Create(column.Slice(row, Width));

    private static Vector512<double> Rest(ReadOnlySpan<double> column, int row)
    {
        Span<double> padded = stackalloc double[Width];
        padded.Clear();
        column[row..].CopyTo(padded);
        return Vector512.Create<double>(padded);
    }

    private interface IBody
    {
        public Densities Densities(Vector512<double> y, Vector512<double> m, Vector512<double> w, Vector512<double> eta);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly struct Densities(Vector512<double> value, Vector512<double> first, Vector512<double> weight, Vector512<double> third)
    {
        public Vector512<double> Value { get; } = value;

        public Vector512<double> First { get; } = first;

        public Vector512<double> Weight { get; } = weight;

        public Vector512<double> Third { get; } = third;
    }

    private readonly struct LogisticBody : IBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Densities Densities(Vector512<double> y, Vector512<double> m, Vector512<double> w, Vector512<double> eta)
        {
            var e = VectorFunctions.Exp(-Vector512.Abs(eta));
            var large = Vector512<double>.One / (Vector512<double>.One + e);
            var small = e * large;
            var isPositive = Vector512.GreaterThanOrEqual(eta, Vector512<double>.Zero);
            var mu = Vector512.ConditionalSelect(isPositive, large, small);
            var complement = Vector512.ConditionalSelect(isPositive, small, large);

            var softplus = Vector512.Max(eta, Vector512<double>.Zero) + VectorFunctions.LogOnePlus(e);
            var slope = w * m * mu * complement;
            return new(w * ((y * eta) - (m * softplus)), w * ((y * complement) - ((m - y) * mu)), slope, slope * (mu - complement));
        }
    }

    private readonly struct LogLinearBody : IBody
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Densities Densities(Vector512<double> y, Vector512<double> m, Vector512<double> w, Vector512<double> eta)
        {
            var mu = VectorFunctions.Exp(eta);
            var weighted = w * mu;
            return new(w * ((y * eta) - mu), w * (y - mu), weighted, -weighted);
        }
    }
}
