using System.Buffers;
using System.Runtime.InteropServices;

namespace MixedModels.LinearAlgebra;

/// <summary>Pooled scratch memory for packed panels: pinned and aligned to a cache line. Its content is arbitrary at first.</summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe ref struct PackBuffer : IDisposable
{
    private const int LineBytes = 64;
    private const int LineDoubles = LineBytes / sizeof(double);

    private readonly double[] rented;
    private PinnedGCHandle<double[]> pin;

    /// <summary>Rents room for <paramref name="length"/> numbers.</summary>
    /// <exception cref="OverflowException">The panels do not fit one array.</exception>
    public PackBuffer(long length)
    {
        rented = ArrayPool<double>.Shared.Rent(checked((int)length + LineDoubles));
        pin = new PinnedGCHandle<double[]>(rented);
        var first = (nuint)pin.GetAddressOfArrayData();
        Pointer = (double*)((first + LineBytes - 1) & ~(nuint)(LineBytes - 1));
    }

    /// <summary>The first number.</summary>
    public double* Pointer { get; }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        pin.Dispose();
        ArrayPool<double>.Shared.Return(rented);
    }
}
