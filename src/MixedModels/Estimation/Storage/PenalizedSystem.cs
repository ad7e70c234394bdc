using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The penalised system of a linear mixed model, M = L'AL + I with A = Z'Z and L = blockdiag(I ⊗ T_t), and everything the deviance
/// and its derivatives read off its factor. A class a storage scheme; the algebra of <see cref="ProfiledDeviance"/> is the same for all.
/// </summary>
/// <remarks>
/// V0 = I + Z G Z' with G = LL'. Effects are numbered term by term, level by level: effect i of level l of term t is
/// <c>Offset(t) + l·p_t + i</c>. m = p + 1 is the number of columns of [X y]. One thread uses an instance at a time.
/// </remarks>
internal abstract partial class PenalizedSystem
{
    /// <summary>Covariances that differ by less than this share of the largest factor's square are one to rounding: a rotation of T loses about as much.</summary>
    private const double CovarianceRounding = 1e-14;

    private readonly int[] offsets;
    private bool derivativesReady;
    private double[] images = [];
    private double[]? vc;
    private bool vcReady;
    private double[][] factored = [];
    private bool isFactored;

    protected PenalizedSystem(SystemRows rows)
    {
        Rows = rows;
        Terms = rows.Terms;
        offsets = new int[Terms.Count + 1];
        for (var t = 0; t < Terms.Count; t++) offsets[t + 1] = offsets[t] + (Terms[t].LevelCount * Terms[t].Dimension);
        m = rows.m;
        Cross = new double[m * m];
    }

    /// <summary>The random terms.</summary>
    public IReadOnlyList<RandomTermData> Terms { get; }

    /// <summary>The number of random effects.</summary>
    public int q => offsets[^1];

    /// <summary>The number of columns of [X y], or of what stands in their place.</summary>
    public int m { get; }

    /// <summary>log|M| = log|V0| at the last factor.</summary>
    public double LogDeterminant { get; protected set; }

    /// <summary>m×m: [X y]'V0⁻¹[X y], lower triangle.</summary>
    public double[] Cross { get; }

    /// <summary>q×m: Z'V0⁻¹[X y]; computed when first asked for after a factor.</summary>
    public ReadOnlySpan<double> VC
    {
        get
        {
            vc ??= new double[q * m];
            if (!vcReady) FillVC(vc);
            vcReady = true;
            return vc;
        }
    }

    /// <summary>How many different factors there have been.</summary>
    public long FactorNumber { get; private set; }

    /// <summary>The first effect of a term.</summary>
    public int Offset(int term) => offsets[term];

    /// <summary>Whether there is a factor: of the weights and the T_t of the last time.</summary>
    public bool IsFactored => isFactored;

    /// <summary>
    /// Factors M at the given T_t (p_t×p_t each) and fills <see cref="LogDeterminant"/> and <see cref="Cross"/>.
    /// False where M is not finite. At the T_t of the last time all is there already.
    /// </summary>
    /// <param name="T">The factors.</param>
    /// <param name="covariancesSuffice">
    /// Whether other T_t with the T_tT_t' of the last time will do: all but <see cref="SolvePenalized"/> depends on these alone, though not to the last bit.
    /// </param>
    public bool Factor(IReadOnlyList<double[]> T, bool covariancesSuffice = false)
    {
        if (isFactored && (IsFactoredAt(T) || (covariancesSuffice && HasCovariancesOf(T)))) return true;
        derivativesReady = false;
        vcReady = false;
        FactorNumber++;
        factored = [.. T.Select(factor => (double[])factor.Clone())];
        isFactored = FactorBlocks(T);
        return isFactored;
    }

    /// <summary>Takes another response for the same X and Z; what was factored before is gone.</summary>
    /// <param name="data">The numbers the system was made from, with that response.</param>
    public void ReplaceResponse(StandardizedData data)
    {
        Forget();
        Rows = data.Rows;
        SetWeights([]);
        FillResponse(data);
    }

    /// <summary>Makes ready, after <see cref="Factor"/>, what the members below need beyond the factor; they do it themselves where nobody did.</summary>
    public void PrepareDerivatives()
    {
        if (!derivativesReady) InvertBorder();
        derivativesReady = true;
    }

    /// <summary>Writes the sum over the levels of a term of the diagonal blocks of B = Z'V0⁻¹Z (p_t×p_t).</summary>
    public abstract void SumDiagonalBlocks(int term, Span<double> sum);

    /// <summary>Writes the block of L M⁻¹ L' of one level (p_t×p_t): the conditional covariance of its effects over sigma².</summary>
    public abstract void ConditionalCovariance(int term, int level, Span<double> block);

    /// <summary>z'L M⁻¹L'z of one row: the conditional variance of z'b over sigma², a sum of nonnegative parts.</summary>
    /// <param name="levels">The row's level of each term, −1 where the term takes no part.</param>
    /// <param name="z">The row's weights, p_t a term, one term after the other.</param>
    public abstract double ConditionalVariance(ReadOnlySpan<int> levels, ReadOnlySpan<double> z);

    /// <summary>Writes A_ll = Z_l'Z_l of one level (p_t×p_t).</summary>
    public abstract void CrossProductBlock(int term, int level, Span<double> block);

    /// <summary>Writes B U for q×columns U.</summary>
    public abstract void ApplyB(ReadOnlySpan<double> U, int columns, Span<double> BU);

    /// <summary>Writes U'BU (columns×columns, both triangles) for columns U (q numbers each) that are zero outside one term.</summary>
    /// <param name="U">q×columns.</param>
    /// <param name="termOf">The term of each column, ascending.</param>
    /// <param name="form">Receives the forms.</param>
    public virtual void FormOfB(ReadOnlySpan<double> U, ReadOnlySpan<int> termOf, Span<double> form)
    {
        var columns = termOf.Length;
        if (images.Length < q * columns) images = new double[q * columns];
        ApplyB(U, columns, images);
        form[..(columns * columns)].Clear();
        Product.Add(1, U, q, true, images, q, false, form, columns, columns, columns, q);
        Symmetric.MirrorLower(form, columns, columns);
    }

    /// <summary>Writes B (q×q, lower triangle) after <see cref="Factor"/>. What the members above had made ready is made again when one is called.</summary>
    public abstract void FormB(Span<double> B);

    /// <summary>Operations <see cref="FormB"/> takes.</summary>
    public abstract double FormBOperations { get; }

    /// <summary>Z'[X y] (q×m) before any penalty.</summary>
    public abstract ReadOnlySpan<double> C { get; }

    /// <summary>Calls back with every entry of A = Z'Z that is not structurally zero, each unordered pair of effects once.</summary>
    public abstract void VisitCrossProducts(CrossProductVisitor visit);

    /// <summary>Whether V0 has the identity beside Z G Z'.</summary>
    public virtual bool HasResidual => true;

    /// <summary>Whether B is block-diagonal over levels, and <see cref="Moments"/> are at hand.</summary>
    public virtual bool IsBlockDiagonal => false;

    /// <summary>
    /// Where B is block-diagonal: the sums over levels from which all derivatives of the deviance at its last evaluation follow; else null.
    /// </summary>
    public virtual LevelMoments? Moments(ProfiledDeviance deviance) => null;

    /// <summary>The work of <see cref="ReplaceResponse"/>: cross-products with y, made anew.</summary>
    protected abstract void FillResponse(StandardizedData data);

    /// <summary>The work of <see cref="VC"/>.</summary>
    protected abstract void FillVC(Span<double> VC);

    /// <summary>The work of <see cref="Factor"/>.</summary>
    protected abstract bool FactorBlocks(IReadOnlyList<double[]> T);

    /// <summary>The work of <see cref="PrepareDerivatives"/>.</summary>
    protected abstract void InvertBorder();

    /// <summary>Forgets the factor and all that was made of it.</summary>
    private void Forget()
    {
        derivativesReady = false;
        vcReady = false;
        isFactored = false;
    }

    /// <summary>Says that what <see cref="PrepareDerivatives"/> had made ready is gone.</summary>
    protected void DiscardPrepared() => derivativesReady = false;

    private bool HasCovariancesOf(IReadOnlyList<double[]> T)
    {
        for (var t = 0; t < factored.Length; t++)
        {
            var p = Terms[t].Dimension;
            var largest = 0.0;
            foreach (var value in factored[t]) largest = Math.Max(largest, value * value);
            for (var j = 0; j < p; j++)
            {
                for (var i = j; i < p; i++)
                {
                    if (!(Math.Abs(Product(T[t], i, j, p) - Product(factored[t], i, j, p)) <= CovarianceRounding * largest)) return false;
                }
            }
        }

        return true;

        static double Product(double[] factor, int i, int j, int p)
        {
            var sum = 0.0;
            for (var k = 0; k < p; k++) sum += factor[i + (k * p)] * factor[j + (k * p)];
            return sum;
        }
    }

    private bool IsFactoredAt(IReadOnlyList<double[]> T)
    {
        for (var t = 0; t < factored.Length; t++)
        {
            if (!factored[t].AsSpan().SequenceEqual(T[t])) return false;
        }

        return true;
    }
}

/// <summary>Receives entry (i, j) of A.</summary>
internal delegate void CrossProductVisitor(int i, int j, double value);
