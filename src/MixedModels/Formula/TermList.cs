namespace MixedModels.Formula;

/// <summary>A variable of a formula: a column or an expression of columns, the same wherever its text is the same.</summary>
/// <param name="Label">The canonical text, which names the variable's columns.</param>
/// <param name="Expression">The tree.</param>
internal sealed record FormulaVariable(string Label, Expression Expression);

/// <summary>A term: one variable or an interaction of several.</summary>
/// <param name="Label">The variables' labels joined by <c>:</c>, in the order in which the formula first names them.</param>
/// <param name="Variables">Indices into <see cref="TermList.Variables"/>, ascending.</param>
internal sealed record FormulaTerm(string Label, IReadOnlyList<int> Variables);

/// <summary>What the operators of a fixed part, or of a random term's left side, come to: R's <c>terms()</c>. Immutable.</summary>
/// <param name="Variables">The distinct variables in the order in which the formula names them.</param>
/// <param name="Terms">The terms by degree, those of one degree in the order of the formula; the intercept is not among them.</param>
/// <param name="HasIntercept">Whether there is an intercept.</param>
/// <param name="Offsets">The arguments of <c>offset(…)</c>.</param>
internal sealed record TermList(
    IReadOnlyList<FormulaVariable> Variables,
    IReadOnlyList<FormulaTerm> Terms,
    bool HasIntercept,
    IReadOnlyList<FormulaVariable> Offsets);
