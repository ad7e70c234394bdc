using System.Runtime.InteropServices;

namespace MixedModels.Families;

/// <summary>A smooth function of the linear predictor at one point: its value and its first three derivatives.</summary>
/// <param name="Value">f.</param>
/// <param name="First">f'.</param>
/// <param name="Second">f''.</param>
/// <param name="Third">f'''.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Taylor(double Value, double First, double Second, double Third)
{
    /// <summary>A constant.</summary>
    public static Taylor Constant(double value) => new(value, 0, 0, 0);

    /// <summary>The predictor itself.</summary>
    public static Taylor Variable(double eta) => new(eta, 1, 0, 0);

    /// <summary>The sum.</summary>
    public static Taylor operator +(Taylor a, Taylor b) => new(a.Value + b.Value, a.First + b.First, a.Second + b.Second, a.Third + b.Third);

    /// <summary>The difference.</summary>
    public static Taylor operator -(Taylor a, Taylor b) => new(a.Value - b.Value, a.First - b.First, a.Second - b.Second, a.Third - b.Third);

    /// <summary>The negative.</summary>
    public static Taylor operator -(Taylor a) => new(-a.Value, -a.First, -a.Second, -a.Third);

    /// <summary>A multiple.</summary>
    public static Taylor operator *(double c, Taylor a) => new(c * a.Value, c * a.First, c * a.Second, c * a.Third);

    /// <summary>The product.</summary>
    public static Taylor operator *(Taylor a, Taylor b) => new(
        a.Value * b.Value,
        (a.First * b.Value) + (a.Value * b.First),
        (a.Second * b.Value) + (2 * a.First * b.First) + (a.Value * b.Second),
        (a.Third * b.Value) + (3 * ((a.Second * b.First) + (a.First * b.Second))) + (a.Value * b.Third));

    /// <summary>A function with a constant added.</summary>
    public static Taylor operator +(Taylor a, double c) => a with { Value = a.Value + c };

    /// <summary>A function with a constant taken away.</summary>
    public static Taylor operator -(Taylor a, double c) => a with { Value = a.Value - c };

    /// <summary>The negative, for languages without operators.</summary>
    public static Taylor Negate(Taylor a) => -a;

    /// <summary>The sum, for languages without operators.</summary>
    public static Taylor Add(Taylor a, Taylor b) => a + b;

    /// <summary>The difference, for languages without operators.</summary>
    public static Taylor Subtract(Taylor a, Taylor b) => a - b;

    /// <summary>The product, for languages without operators.</summary>
    public static Taylor Multiply(Taylor a, Taylor b) => a * b;

    /// <summary>g(f) for an outer function given by its value and derivatives at f. Source: Faà di Bruno's formula.</summary>
    public Taylor Through(double g, double g1, double g2, double g3) => new(
        g,
        g1 * First,
        (g2 * First * First) + (g1 * Second),
        (g3 * First * First * First) + (3 * g2 * First * Second) + (g1 * Third));

    /// <summary>log f, from the relative derivatives f'/f, which stay finite where f is tiny.</summary>
    public Taylor Log()
    {
        var (a, b, c) = (First / Value, Second / Value, Third / Value);
        return new(Math.Log(Value), a, b - (a * a), c - (3 * a * b) + (2 * a * a * a));
    }

    /// <summary>exp f.</summary>
    public Taylor Exp()
    {
        var e = Math.Exp(Value);
        return Through(e, e, e, e);
    }

    /// <summary>1/f.</summary>
    public Taylor Reciprocal()
    {
        var r = 1 / Value;
        return Through(r, -r * r, 2 * r * r * r, -6 * r * r * r * r);
    }
}
