using System.Numerics;

namespace MixedModels.Execution;

/// <summary>
/// Random numbers that are the same on every platform, in every order of work: a stream is named by a seed and a number, such as that
/// of a replicate, and can be made without the streams before it. A workspace of one thread.
/// </summary>
/// <remarks>
/// The generator is xoshiro256**. Its state is four outputs of SplitMix64 started at mix(mix(seed + γ) + (number + 1)γ); mix is a
/// bijection and γ odd, so no two streams of a seed have the same start, and states of 256 bits make overlaps of streams as good as
/// impossible (a trillion streams of a trillion numbers: below 1e-40).
/// Source: Blackman and Vigna 2021, Scrambled linear pseudorandom number generators, ACM Transactions on Mathematical Software 47(4),
/// figure 5; Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators, OOPSLA, figure 17 (SplitMix64).
/// </remarks>
internal sealed class RandomStream
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;
    private double spare;
    private bool hasSpare;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="number">Which stream of that seed.</param>
    public RandomStream(ulong seed, ulong number)
    {
        var state = Mix(Mix(seed + Gamma) + ((number + 1) * Gamma));
        (s0, s1, s2, s3) = (SplitMix(ref state), SplitMix(ref state), SplitMix(ref state), SplitMix(ref state));
    }

    /// <summary>Starts a stream at a given state, not all zero.</summary>
    internal RandomStream(ulong s0, ulong s1, ulong s2, ulong s3) => (this.s0, this.s1, this.s2, this.s3) = (s0, s1, s2, s3);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A standard normal number, by the polar method: a point uniform in the unit disc gives two.</summary>
    /// <remarks>Source: Marsaglia and Bray 1964, A convenient method for generating normal variables, SIAM Review 6, 260–264.</remarks>
    public double NextNormal()
    {
        if (hasSpare)
        {
            hasSpare = false;
            return spare;
        }

        double u, v, square;
        do
        {
            u = (2 * NextUniform()) - 1;
            v = (2 * NextUniform()) - 1;
            square = (u * u) + (v * v);
        }
        while (square is >= 1 or 0);

        var factor = Math.Sqrt(-2 * Math.Log(square) / square);
        (spare, hasSpare) = (v * factor, true);
        return u * factor;
    }

    /// <summary>The next output of SplitMix64.</summary>
    internal static ulong SplitMix(ref ulong state)
    {
        state += Gamma;
        return Mix(state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
