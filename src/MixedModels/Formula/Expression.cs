namespace MixedModels.Formula;

/// <summary>A node of a formula's tree. Immutable.</summary>
/// <param name="Position">Zero-based position of the node's first character in the formula.</param>
/// <param name="Height">Nodes on the longest way down, itself included; the parser caps it, so recursion over a tree is safe.</param>
internal abstract record Expression(int Position, int Height);

/// <summary>A number; <paramref name="IsWhole"/> is R's suffix L.</summary>
internal sealed record NumberExpression(double Value, bool IsWhole, int Position) : Expression(Position, 1);

/// <summary>A string, without its quotes.</summary>
internal sealed record TextExpression(string Value, int Position) : Expression(Position, 1);

/// <summary><c>TRUE</c> or <c>FALSE</c>.</summary>
internal sealed record LogicalExpression(bool Value, int Position) : Expression(Position, 1);

/// <summary>A column's name, without backticks, or the constant <c>pi</c>.</summary>
internal sealed record NameExpression(string Name, int Position) : Expression(Position, 1);

/// <summary><c>.</c>, every other column.</summary>
internal sealed record DotExpression(int Position) : Expression(Position, 1);

/// <summary>Parentheses, kept because R prints them.</summary>
internal sealed record GroupExpression(Expression Inner, int Position) : Expression(Position, Inner.Height + 1);

/// <summary>A leading <c>+</c> or <c>-</c>.</summary>
internal sealed record SignExpression(bool IsMinus, Expression Operand, int Position) : Expression(Position, Operand.Height + 1);

/// <summary>One operand of a sum and the sign before it (<c>+</c> for the first).</summary>
internal sealed record SumPart(bool IsSubtracted, Expression Operand);

/// <summary>A chain of <c>+</c> and <c>-</c>, flat so that a thousand terms are not a tree a thousand high.</summary>
internal sealed record SumExpression(IReadOnlyList<SumPart> Parts)
    : Expression(Parts[0].Operand.Position, Parts.Max(part => part.Operand.Height) + 1);

/// <summary>Two operands joined by an operator other than <c>+ - | ||</c>.</summary>
internal sealed record BinaryExpression(string Operator, Expression Left, Expression Right, int OperatorPosition)
    : Expression(Left.Position, Math.Max(Left.Height, Right.Height) + 1);

/// <summary>A random term's inside, <c>left | right</c> or <c>left || right</c>.</summary>
internal sealed record BarExpression(Expression Left, bool IsDouble, Expression Right, int BarPosition)
    : Expression(Left.Position, Math.Max(Left.Height, Right.Height) + 1);

/// <summary>An argument of a call, with its name where it has one.</summary>
internal sealed record Argument(string? Name, Expression Value, int Position);

/// <summary>A function with its arguments.</summary>
internal sealed record CallExpression(string Function, IReadOnlyList<Argument> Arguments, int Position)
    : Expression(Position, Arguments.Count == 0 ? 1 : Arguments.Max(argument => argument.Value.Height) + 1);
