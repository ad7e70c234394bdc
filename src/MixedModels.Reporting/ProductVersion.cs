namespace MixedModels.Reporting;

/// <summary>The version of the library that made a result.</summary>
public static class ProductVersion
{
    /// <summary>Major, minor and patch number, such as <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(LinearMixedModelFit).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
