using System.Runtime.InteropServices;

namespace MixedModels;

/// <summary>One row's part of a step in Fisher scoring.</summary>
/// <param name="Slope">The derivative of the row's log-density in its linear predictor.</param>
/// <param name="Weight">Minus the expected second derivative there; never negative.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RowScore(double Slope, double Weight);
