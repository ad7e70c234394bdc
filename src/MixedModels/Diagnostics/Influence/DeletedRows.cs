namespace MixedModels.Diagnostics.Influence;

/// <summary>A set of rows as its deletion sees it, in rows scaled by the root of their weight and coordinates delta with Cov(delta) = sigma² I.</summary>
/// <param name="Rows">The m rows.</param>
/// <param name="U">m×p: their rows of V0⁻¹X.</param>
/// <param name="P">m×m: their block of P0 = V0⁻¹ − V0⁻¹X(X'V0⁻¹X)⁻¹X'V0⁻¹.</param>
/// <param name="r">m: their entries of P0·y, which are the weighted residuals given the random effects.</param>
internal sealed record DeletedRows(int[] Rows, double[] U, double[] P, double[] r);
