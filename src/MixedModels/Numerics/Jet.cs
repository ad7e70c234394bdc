namespace MixedModels.Numerics;

/// <summary>
/// A number with its first and second derivatives in k parameters, exact to rounding: a covariance structure writes its formula once and has
/// its derivatives. Immutable.
/// </summary>
/// <remarks>
/// Second-order forward differentiation: Griewank and Walther 2008, Evaluating Derivatives, section 13.2. An object for any number of parameters, for formulas that are
/// written once and evaluated a few thousand times. Its kin each fix what makes them cheap: <see cref="FlatJet"/> is the same laid out flat for recursions over rows, <see cref="HyperDual"/>
/// has two directions and stays on the stack, and <c>Families.Taylor</c> has one variable, to third order, for a density a row.
/// </remarks>
internal sealed class Jet
{
    private Jet(double value, double[] first, double[] second) => (Value, First, Second) = (value, first, second);

    /// <summary>The number.</summary>
    public double Value { get; }

    /// <summary>k first derivatives; empty where all are zero.</summary>
    public double[] First { get; }

    /// <summary>k(k + 1)/2 second derivatives, pair (i, j), i ≥ j, at <see cref="Pair"/>; empty where all are zero.</summary>
    public double[] Second { get; }

    /// <summary>Where the pair (i, j), i ≥ j, stands.</summary>
    public static int Pair(int i, int j) => (i * (i + 1) / 2) + j;

    /// <summary>A number that depends on no parameter.</summary>
    public static Jet Constant(double value) => new(value, [], []);

    /// <summary>A number with given derivatives.</summary>
    public static Jet Of(double value, double[] first, double[] second) => new(value, first, second);

    /// <summary>The parameters themselves.</summary>
    public static Jet[] Variables(ReadOnlySpan<double> values)
    {
        var variables = new Jet[values.Length];
        for (var k = 0; k < variables.Length; k++)
        {
            var first = new double[values.Length];
            first[k] = 1;
            variables[k] = new(values[k], first, []);
        }

        return variables;
    }

    /// <summary>The same number as a function of more parameters, of which its own are some.</summary>
    /// <param name="places">Where each of its own k parameters stands.</param>
    /// <param name="count">How many there are.</param>
    public Jet Among(int[] places, int count)
    {
        if (First.Length == 0) return this;
        var (first, second) = (new double[count], new double[Second.Length == 0 ? 0 : count * (count + 1) / 2]);
        for (var i = 0; i < places.Length; i++)
        {
            first[places[i]] = First[i];
            for (var j = 0; second.Length > 0 && j <= i; j++) second[Pair(Math.Max(places[i], places[j]), Math.Min(places[i], places[j]))] = Second[Pair(i, j)];
        }

        return new(Value, first, second);
    }

    public static implicit operator Jet(double value) => Constant(value);

    public static Jet operator +(Jet a, Jet b) => Combine(1, a, 1, b, a.Value + b.Value);

    public static Jet operator -(Jet a, Jet b) => Combine(1, a, -1, b, a.Value - b.Value);

    public static Jet operator -(Jet a) => Combine(-1, a, 0, Constant(0), -a.Value);

    public static Jet operator *(Jet a, Jet b)
    {
        var product = Combine(b.Value, a, a.Value, b, a.Value * b.Value);
        return a.First.Length == 0 || b.First.Length == 0 ? product : product.WithSecond((i, j) => (a.First[i] * b.First[j]) + (a.First[j] * b.First[i]));
    }

    public static Jet operator /(Jet a, Jet b) => a * b.Apply(1 / b.Value, -1 / (b.Value * b.Value), 2 / (b.Value * b.Value * b.Value));

    /// <summary>f of this number, from f, f' and f'' there.</summary>
    public Jet Apply(double f, double f1, double f2)
    {
        var image = Combine(f1, this, 0, Constant(0), f);
        return First.Length == 0 || f2 == 0 ? image : image.WithSecond((i, j) => f2 * First[i] * First[j]);
    }

    /// <summary>e to this power.</summary>
    public Jet Exp()
    {
        var f = Math.Exp(Value);
        return Apply(f, f, f);
    }

    /// <summary>The natural logarithm.</summary>
    public Jet Log() => Apply(Math.Log(Value), 1 / Value, -1 / (Value * Value));

    /// <summary>The square root.</summary>
    public Jet Sqrt()
    {
        var f = Math.Sqrt(Value);
        return Apply(f, 0.5 / f, -0.25 / (f * Value));
    }

    /// <summary>One over the square root.</summary>
    public Jet InverseSqrt()
    {
        var f = 1 / Math.Sqrt(Value);
        return Apply(f, -0.5 * f / Value, 0.75 * f / (Value * Value));
    }

    /// <summary>The hyperbolic tangent.</summary>
    public Jet Tanh()
    {
        var f = Math.Tanh(Value);
        return Apply(f, 1 - (f * f), -2 * f * (1 - (f * f)));
    }

    /// <summary>1/(1 + e^−x).</summary>
    public Jet Logistic()
    {
        var f = 1 / (1 + Math.Exp(-Value));
        var rest = 1 / (1 + Math.Exp(Value));
        return Apply(f, f * rest, f * rest * (rest - f));
    }

    /// <summary>A whole power, 0 to the 0 being 1.</summary>
    public Jet Power(int n) => n == 0
        ? Constant(1)
        : Apply(Math.Pow(Value, n), n * Math.Pow(Value, n - 1), n < 2 ? 0 : n * (n - 1.0) * Math.Pow(Value, n - 2));

    private static Jet Combine(double alpha, Jet a, double beta, Jet b, double value) =>
        new(value, Combine(alpha, a.First, beta, b.First), Combine(alpha, a.Second, beta, b.Second));

    private static double[] Combine(double alpha, double[] a, double beta, double[] b)
    {
        if (a.Length == 0 && (b.Length == 0 || beta == 0)) return [];
        var sum = new double[Math.Max(a.Length, b.Length)];
        for (var i = 0; i < a.Length; i++) sum[i] = alpha * a[i];
        if (beta == 0) return sum;
        for (var i = 0; i < b.Length; i++) sum[i] += beta * b[i];
        return sum;
    }

    private Jet WithSecond(Func<int, int, double> add)
    {
        var k = First.Length;
        var second = Second.Length > 0 ? (double[])Second.Clone() : new double[k * (k + 1) / 2];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j <= i; j++) second[Pair(i, j)] += add(i, j);
        }

        return new(Value, First, second);
    }
}
