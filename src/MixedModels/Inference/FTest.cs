using System.Runtime.InteropServices;

namespace MixedModels.Inference;

/// <summary>A joint test of several functions of the fixed effects.</summary>
/// <param name="Statistic">F; scaled under Kenward–Roger.</param>
/// <param name="NumeratorDf">The number of independent functions.</param>
/// <param name="DenominatorDf">Denominator degrees of freedom; infinite for chi-square over its degrees of freedom.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FTest(double Statistic, int NumeratorDf, double DenominatorDf);
