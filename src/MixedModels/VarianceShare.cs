using System.Runtime.InteropServices;

namespace MixedModels;

/// <summary>A share of the variance of the responses, between 0 and 1.</summary>
/// <param name="Estimate">The share at the estimates.</param>
/// <param name="Lower">The lower end of its interval; null where none was asked for, NaN where the share is 0 or 1 or the variances' information is not definite.</param>
/// <param name="Upper">The upper end of its interval, as the lower one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VarianceShare(double Estimate, double? Lower = null, double? Upper = null);

/// <summary>R² of a mixed model (Nakagawa and Schielzeth 2013; Johnson 2014).</summary>
/// <param name="Marginal">The share of the fixed effects.</param>
/// <param name="Conditional">The share of fixed and random effects together.</param>
public sealed record RSquared(VarianceShare Marginal, VarianceShare Conditional);

/// <summary>The share of one grouping factor in the variance that the fixed effects leave.</summary>
/// <param name="Group">The grouping factor; its terms count together.</param>
/// <param name="Share">Its intraclass correlation, averaged over the rows where it has slopes.</param>
public sealed record IntraclassCorrelation(string Group, VarianceShare Share);
