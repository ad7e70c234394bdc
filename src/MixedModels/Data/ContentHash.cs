using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MixedModels.Data;

/// <summary>Feeds texts and numbers to a hash as little-endian bytes, each sequence preceded by its length, so that no two contents run together.</summary>
internal static class ContentHash
{
    /// <summary>SHA-256 of the columns in the order given, as 64 lower-case hexadecimal digits.</summary>
    public static string Of(IReadOnlyList<Column> columns)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AddLength(hash, columns.Count);
        foreach (var column in columns)
            column.AddTo(hash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Adds a text as UTF-8.</summary>
    public static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AddLength(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    /// <summary>Adds numbers; all NaN are one, and −0 is 0.</summary>
    public static void Add(IncrementalHash hash, ReadOnlySpan<double> values)
    {
        AddLength(hash, values.Length);
        var bytes = new byte[sizeof(double) * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // NaN payloads differ between processors, and −0 + 0 is 0.
            var value = double.IsNaN(values[i]) ? double.NaN : values[i] + 0.0;
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(sizeof(double) * i), value);
        }

        hash.AppendData(bytes);
    }

    /// <summary>Adds whole numbers.</summary>
    public static void Add(IncrementalHash hash, ReadOnlySpan<int> values)
    {
        AddLength(hash, values.Length);
        var bytes = new byte[sizeof(int) * values.Length];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(int) * i), values[i]);
        hash.AppendData(bytes);
    }

    private static void AddLength(IncrementalHash hash, int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        hash.AppendData(bytes);
    }
}
