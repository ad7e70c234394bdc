using MixedModels.Persistence;

namespace MixedModels;

/// <summary>Saved fits whose kind is not known beforehand.</summary>
public static class SavedModel
{
    /// <summary>Reads a fit, linear or generalized, from a file written by <see cref="IMixedModelFit.Save"/>.</summary>
    /// <exception cref="Data.DataException">The file is missing, cut short, not a saved model or of another version.</exception>
    public static IMixedModelFit Load(string path) => ModelFile.Read(path);
}
