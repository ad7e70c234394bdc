using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MixedModels.LinearAlgebra;

/// <summary>Vectors of eight doubles that begin on a cache line and do not move; zero at first. The memory goes with the object.</summary>
internal sealed unsafe class VectorBuffer
{
    private readonly double[] memory;

    /// <summary>Allocates some vectors.</summary>
    public VectorBuffer(int length)
    {
        Length = length;
        memory = GC.AllocateArray<double>((length + 1) * Vector512<double>.Count, pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory));
        Start = (Vector512<double>*)((address + (nuint)sizeof(Vector512<double>) - 1) & ~((nuint)sizeof(Vector512<double>) - 1));
    }

    /// <summary>The number of vectors.</summary>
    public int Length { get; }

    /// <summary>The first of them; valid as long as this object is reachable.</summary>
    public Vector512<double>* Start { get; }

    /// <summary>Sets all to zero.</summary>
    public void Clear() => Array.Clear(memory);
}
