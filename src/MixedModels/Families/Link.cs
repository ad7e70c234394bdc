using MixedModels.Families.Links;

namespace MixedModels.Families;

/// <summary>A link: how the mean follows from the linear predictor. A link is a file in <c>Families/Links</c>. Immutable.</summary>
public abstract class Link
{
    private static readonly Link[] all =
    [
        new IdentityLink(), new LogLink(), new LogitLink(), new ProbitLink(), new CloglogLink(), new LoglogLink(), new CauchitLink(),
        new InverseLink(), new SquareRootLink(), new InverseSquareLink(),
    ];

    private protected Link()
    {
    }

    /// <summary>mu = eta.</summary>
    public static Link Identity => all[0];

    /// <summary>log mu = eta.</summary>
    public static Link Log => all[1];

    /// <summary>log(mu/(1 − mu)) = eta.</summary>
    public static Link Logit => all[2];

    /// <summary>mu = Φ(eta).</summary>
    public static Link Probit => all[3];

    /// <summary>log(−log(1 − mu)) = eta.</summary>
    public static Link Cloglog => all[4];

    /// <summary>−log(−log mu) = eta.</summary>
    public static Link Loglog => all[5];

    /// <summary>tan(π(mu − ½)) = eta.</summary>
    public static Link Cauchit => all[6];

    /// <summary>1/mu = eta.</summary>
    public static Link Inverse => all[7];

    /// <summary>√mu = eta.</summary>
    public static Link SquareRoot => all[8];

    /// <summary>1/mu² = eta.</summary>
    public static Link InverseSquare => all[9];

    /// <summary>All links, in the order of the documentation.</summary>
    public static IReadOnlyList<Link> All => all;

    /// <summary>The name in the command's options, such as <c>logit</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The link of a name; null where there is none.</summary>
    public static Link? Find(string name) => Array.Find(all, link => string.Equals(link.Name, name, StringComparison.Ordinal));

    /// <summary>eta of a mean inside the link's range.</summary>
    public abstract double Predictor(double mu);

    /// <summary>mu and its derivatives in eta; a value outside the family's range, or NaN, says that there is no such mean.</summary>
    public abstract Taylor Mean(double eta);

    /// <summary>The means of the predictors between two, by their ends; infinite where they have no bound.</summary>
    internal virtual (double Lower, double Upper) MeanInterval(double low, double high)
    {
        var (first, second) = (Mean(low).Value, Mean(high).Value);
        return (Math.Min(first, second), Math.Max(first, second));
    }

    /// <summary>log mu and its derivatives, exact where mu itself would underflow.</summary>
    public virtual Taylor LogMean(double eta) => Mean(eta).Log();

    /// <summary>log(1 − mu) and its derivatives, exact where 1 − mu itself would underflow.</summary>
    public virtual Taylor LogComplement(double eta) => (Taylor.Constant(1) - Mean(eta)).Log();

    /// <inheritdoc/>
    public override string ToString() => Name;
}
