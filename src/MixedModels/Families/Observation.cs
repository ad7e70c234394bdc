using System.Runtime.InteropServices;

namespace MixedModels.Families;

/// <summary>One row's response.</summary>
/// <param name="Response">y; of a binomial family the number of successes.</param>
/// <param name="Trials">The number of trials of a binomial family, at least 1; 1 for others.</param>
/// <param name="Weight">The prior weight: the dispersion is divided by it, or, in a family without dispersion, the log-density multiplied.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Observation(double Response, double Trials, double Weight);
