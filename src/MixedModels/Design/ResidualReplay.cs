namespace MixedModels.Design;

/// <summary>The residuals' clauses over another table, as far as they are wanted. Immutable.</summary>
/// <param name="Structure">The structure; null for independent residuals.</param>
/// <param name="Functions">The variance functions, those of a dispersion model among them.</param>
/// <param name="Parts">What is wanted.</param>
internal sealed record ResidualReplay(ResidualDesign? Structure, IReadOnlyList<VarianceDesign> Functions, ResidualParts Parts)
{
    private bool WantsFunctions => Parts.HasFlag(ResidualParts.Functions);

    /// <summary>Adds what is wanted, so that a missing value drops the row.</summary>
    public void AddTo(ModelFrame frame)
    {
        Structure?.AddTo(frame, Parts);
        foreach (var function in WantsFunctions ? Functions : []) function.AddTo(frame);
    }

    /// <summary>The clauses over the complete rows.</summary>
    /// <exception cref="Data.DataException">A level has no parameters, a time is not whole, or a function is not defined at a value.</exception>
    public NewResidualRows Over(ModelFrame frame)
    {
        NewVarianceRows[] functions = WantsFunctions ? [.. Functions.Select(function => function.Replay(frame))] : [];
        return Structure?.Replay(frame, Parts, functions) ?? new([], [], [], [], functions, frame.Rows, _ => "");
    }

    /// <summary>The clauses over the rows of the design, as if they were new.</summary>
    public NewResidualRows Over(ReadOnlyMemory<int> ownRows)
    {
        NewVarianceRows[] functions = [.. Functions.Select(function => new NewVarianceRows(function.Covariate, function.StratumOfRow))];
        return Structure?.OwnRows(functions, ownRows) ?? new([], [], [], [], functions, ownRows, _ => "");
    }
}
