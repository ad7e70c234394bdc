using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>The covariance structure of a random term as its call says it, arguments read: <c>cs(…, hom = TRUE)</c> is <c>homcs</c>. Immutable.</summary>
/// <param name="Name">The structure's name.</param>
/// <param name="Rank">The latent variables of <c>rr</c>; 2 unless the call says otherwise.</param>
internal sealed record EffectStructure(string Name, int Rank)
{
    private const int DefaultRank = 2;

    /// <summary>For a name, its form with a variance an effect and its form with one variance.</summary>
    private static readonly (string Own, string One)[] pairs = [("diag", "homdiag"), ("cs", "homcs"), ("hetar1", "ar1"), ("toep", "homtoep")];

    /// <summary>Whether correlations fall with the order of the effects, so that these must be the levels of one factor.</summary>
    public bool IsOrdered => Name is "ar1" or "hetar1" or "toep" or "homtoep";

    /// <summary>Whether correlations fall with the distance of the effects' positions.</summary>
    public bool HasPositions => Name is "ou" or "exp" or "gau" or "mat";

    /// <summary>Whether all effects share a variance, so that one level of the group can tell it.</summary>
    public bool HasOneVariance => HasPositions || pairs.Any(pair => pair.One == Name);

    /// <summary>Whether covariances beside the variances tell the effects from the residual where there are as many effects as rows.</summary>
    public bool CanHoldEveryRow => Name is not ("us" or "diag" or "homdiag");

    /// <summary>Reads a term's structure.</summary>
    /// <exception cref="FormulaException">The call has an argument that its structure does not take, or one out of its range.</exception>
    public static EffectStructure Of(FormulaSource source, RandomTerm term)
    {
        var (name, rank) = (term.Structure, DefaultRank);
        foreach (var argument in term.Arguments)
        {
            switch (argument)
            {
                case { Name: "hom", Value: LogicalExpression logical } when pairs.FirstOrDefault(pair => pair.Own == name || pair.One == name) is { Own: not null } pair:
                    name = logical.Value ? pair.One : pair.Own;
                    break;
                case { Name: null or "d", Value: NumberExpression number } when name == "rr":
                    rank = RankOf(source, number);
                    break;
                default:
                    throw source.Error(argument.Position, $"An argument of {term.Structure}()", $"wanted {Wanted(term.Structure)}");
            }
        }

        return new(name, rank);
    }

    /// <summary>Refuses effects that the structure cannot order or place.</summary>
    /// <exception cref="FormulaException">There is an intercept, a number where a factor is wanted, or more than one factor.</exception>
    public void RequireEffects(FormulaSource source, RandomTerm term, IReadOnlyList<Variable> variables)
    {
        if (!IsOrdered && !HasPositions) return;
        var wanted = IsOrdered ? $"wanted one factor, as in {term.Structure}(0 + time | {term.Group})"
            : $"wanted coordinates, as in {term.Structure}(0 + x + y | {term.Group}), or a factor whose levels are numbers";
        if (IsOrdered && variables.FirstOrDefault(variable => variable is NumericVariable) is { } number)
        {
            throw source.Error(
                term.Position,
                $"The number '{number.Label}' in {term.Text}",
                $"{term.Structure} needs the levels of a factor: write {term.Structure}(0 + factor({number.Label}) | {term.Group})");
        }

        if (term.Effects.HasIntercept)
            throw source.Error(term.Position, $"An intercept in {term.Text}", $"{wanted}; the 0 takes the intercept out");
        if (term.Effects.Terms.Any(effect => effect.Variables.Count > 1))
            throw source.Error(term.Position, $"An interaction in {term.Text}", wanted);
        var factors = variables.Count(variable => variable is FactorVariable);
        if (factors > 1 || (factors == 1 && variables.Count > 1))
            throw source.Error(term.Position, $"{variables.Count} variables in {term.Text}", wanted);
    }

    private static int RankOf(FormulaSource source, NumberExpression number) => number.Value >= 1 && number.Value == Math.Floor(number.Value) && number.Value < int.MaxValue
        ? (int)number.Value
        : throw source.Error(number.Position, FormattableString.Invariant($"{number.Value} latent variables in rr()"), "wanted a whole number, 1 or more");

    private static string Wanted(string structure) => structure switch
    {
        "rr" => "the number of latent variables, as in rr(0 + species | g, d = 2)",
        _ when pairs.Any(pair => pair.Own == structure || pair.One == structure) => $"hom = TRUE or hom = FALSE, as in {structure}(x | g, hom = TRUE)",
        _ => $"the random term alone, as in {structure}(x | g)",
    };
}
