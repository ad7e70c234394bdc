namespace MixedModels;

/// <summary>Which hypothesis a test of a term is about.</summary>
public enum AnovaType
{
    /// <summary>Type I: the term after those before it in the formula.</summary>
    I = 1,

    /// <summary>Type II: the term after all that do not contain it.</summary>
    II = 2,

    /// <summary>Type III: functions of the term's parameters orthogonal to those of the terms that contain it; with all cells filled, averages with equal weights.</summary>
    III = 3,
}
