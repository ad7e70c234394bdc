using System.IO.Compression;
using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Persistence;

/// <summary>JSON compressed by gzip, the container of everything that is saved.</summary>
internal static class PackedJson
{
    /// <summary>Writes first beside the file and then in its place, so that a failure leaves no half file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What is saved, for a message.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="DataException">It cannot be written.</exception>
    public static void Write(string path, string what, Action<Utf8JsonWriter> write)
    {
        var temporary = path + ".partial";
        try
        {
            using (var stream = File.Create(temporary))
            using (var zip = new GZipStream(stream, CompressionLevel.Optimal))
            using (var json = new Utf8JsonWriter(zip))
            {
                write(json);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary)) File.Delete(temporary);
            throw new DataException($"The {what} cannot be saved to '{path}': {failure.Message}", failure);
        }
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="InvalidDataException">It is no gzip, or ends before its checksum.</exception>
    /// <exception cref="JsonException">It holds no JSON.</exception>
    public static JsonDocument Read(string path) => JsonDocument.Parse(Unpack(File.ReadAllBytes(path)));

    private static byte[] Unpack(byte[] packed)
    {
        using var stream = new MemoryStream(packed, writable: false);
        using var zip = new GZipStream(stream, CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        zip.CopyTo(unpacked);
        return GzipTrailer.Fits(packed, unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length))
            ? unpacked.ToArray()
            : throw new InvalidDataException("The file ends before its checksum.");
    }
}
