using System.Runtime.CompilerServices;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <content>
/// The coupling times N: D_lA_lb N of every leading level at the border effects it meets, from which its diagonal block of B and the
/// conditional variances of its rows follow. Pairs of effects are visited once a level, not once a row.
/// </content>
internal abstract partial class Border
{
    /// <summary>Columns of N in so many parts, each with images of its own that are added up in order.</summary>
    private const int ImageParts = 4;

    private double[][] imageParts = [];
    private bool imagesReady;

    /// <summary>D_lA_lb N at the coupling's pattern, p numbers an entry, after <see cref="RequireEntries"/>.</summary>
    public ReadOnlySpan<double> Images => imageParts[0];

    /// <summary>Fills <see cref="Images"/> where the last factor has not yet.</summary>
    protected void RequireImages(ThreadTeam? team)
    {
        if (imagesReady) return;
        if (imageParts.Length == 0) imageParts = NewImages();
        FillImages(imageParts, team);
        imagesReady = true;
    }

    /// <summary>Writes <see cref="Images"/> into the first of some arrays; the others are room for parts of it.</summary>
    protected virtual void FillImages(double[][] images, ThreadTeam? team)
    {
        ThreadTeam.Run(team, images.Length, part => FillPart(images[part], part, images.Length));
        for (var part = 1; part < images.Length; part++) Vectors.AddScaled(1, images[part], images[0]);
    }

    /// <summary>The arrays that <see cref="FillImages"/> wants.</summary>
    protected virtual double[][] NewImages() =>
        [.. Enumerable.Range(0, IsShareable ? ImageParts : 1).Select(_ => new double[Coupling.Values.Length])];

    /// <summary>sum += Σ_l D_lA_lb N A_blD_l' (p×p), from <see cref="Images"/>.</summary>
    protected void AddLeadingSum(Span<double> sum)
    {
        for (var l = 0; l < Leading.Levels; l++) AddLeadingForm(l, sum);
    }

    /// <summary>sum += D_lA_lb N A_blD_l' of one leading level (p×p), from <see cref="Images"/>.</summary>
    public void AddLeadingForm(int level, Span<double> sum)
    {
        var p = Coupling.p;
        var (first, end) = (Coupling.Pattern.LevelStart[level] * p, Coupling.Pattern.LevelStart[level + 1] * p);
        if (p == 1)
        {
            sum[0] += Vectors.Dot(Images[first..end], Coupling.DValues.AsSpan(first..end));
            return;
        }

        for (var e = first; e < end; e += p)
        {
            for (var b = 0; b < p; b++) Vectors.AddScaled(Coupling.DValues[e + b], Images.Slice(e, p), sum.Slice(b * p, p));
        }
    }

    /// <summary>What every so many-th column of N adds, for all levels at once: the column stays in the nearest cache.</summary>
    private void FillPart(double[] image, int part, int parts)
    {
        var pattern = Coupling.Pattern;
        Array.Clear(image);
        for (var j = part; j < Order; j += parts)
        {
            var column = NColumn(j);
            for (var k = pattern.EffectStart[j]; k < pattern.EffectStart[j + 1]; k++)
            {
                var entry = pattern.EntryOfEffect[k];
                AddImage(column, entry, pattern.LevelStart[pattern.LevelOfEntry[entry] + 1], image);
            }
        }
    }

    /// <summary>Adds what the column of entry e adds, from its diagonal down and by symmetry above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void AddImage(ReadOnlySpan<double> column, int e, int end, double[] image)
    {
        var p = Coupling.p;
        fixed (double* n = column, V = Coupling.DValues, target = image)
        {
            fixed (int* effects = Coupling.Pattern.Effect)
            {
                if (p == 1) AddScalarImage(n, V, target, effects, e, end);
                else
                {
                    for (var f = e; f < end; f++)
                    {
                        var weight = n[effects[f]];
                        for (var a = 0; a < p; a++)
                        {
                            target[(e * p) + a] += weight * V[(f * p) + a];
                            if (f != e) target[(f * p) + a] += weight * V[(e * p) + a];
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddScalarImage(double* n, double* V, double* image, int* effects, int e, int end)
    {
        var own = V[e];
        double even = n[effects[e]] * own, odd = 0;
        var f = e + 1;
        for (; f + 2 <= end; f += 2)
        {
            double first = n[effects[f]], second = n[effects[f + 1]];
            even += first * V[f];
            odd += second * V[f + 1];
            image[f] += first * own;
            image[f + 1] += second * own;
        }

        for (; f < end; f++)
        {
            even += n[effects[f]] * V[f];
            image[f] += n[effects[f]] * own;
        }

        image[e] += even + odd;
    }
}
