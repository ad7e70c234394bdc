using System.Runtime.Intrinsics.X86;

namespace MixedModels.LinearAlgebra;

/// <summary>Which vector instructions the packed kernels use.</summary>
internal enum VectorPath
{
    /// <summary>The widest this processor has.</summary>
    Widest,

    /// <summary>128-bit vectors in the framework's portable form; runs everywhere.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Vector256,

    /// <summary>512-bit vectors with fused multiply-add.</summary>
    Vector512,
}

/// <summary>What this processor offers.</summary>
internal static class VectorPaths
{
    /// <summary>The path to take: the one asked for, or the widest here.</summary>
    public static VectorPath Resolve(this VectorPath path)
    {
        if (path != VectorPath.Widest)
            return path;
        if (VectorPath.Vector512.IsAvailable())
            return VectorPath.Vector512;
        return VectorPath.Vector256.IsAvailable() ? VectorPath.Vector256 : VectorPath.Portable;
    }

    /// <summary>Whether this processor runs the path in hardware.</summary>
    public static bool IsAvailable(this VectorPath path) => path switch
    {
        // Not Vector512.IsHardwareAccelerated: it is false where 512-bit code lowers the clock, and these kernels gain all the same.
        VectorPath.Vector512 => Avx512F.IsSupported,
        VectorPath.Vector256 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };
}
