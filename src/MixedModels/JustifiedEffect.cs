namespace MixedModels;

/// <summary>Whether a design lets an effect vary between the levels of a group.</summary>
/// <param name="Group">The grouping factor.</param>
/// <param name="Effect">The term of the fixed part, or one that the formula writes left of the bar.</param>
/// <param name="IsJustified">Whether it is in the maximal structure.</param>
/// <param name="VaryingLevels">In how many levels of the group it varies beside the effects before it; null where an effect it contains decided.</param>
/// <param name="Levels">The levels of the group.</param>
/// <param name="Reason">Why it is not in the maximal structure; empty where it is.</param>
public sealed record JustifiedEffect(string Group, string Effect, bool IsJustified, int? VaryingLevels, int Levels, string Reason);
