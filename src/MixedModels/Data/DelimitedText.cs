using System.IO.Compression;

namespace MixedModels.Data;

/// <summary>The bytes of a delimited file, unpacked and known to be text, with the name messages give it.</summary>
internal sealed class DelimitedText
{
    private readonly byte[] buffer;
    private readonly int start;
    private readonly int length;

    private DelimitedText(string source, byte[] buffer, int length)
    {
        Source = source;
        this.buffer = buffer;
        this.length = length;
        RequireText(source, Bytes);
        start = Bytes.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
    }

    /// <summary>What messages call the input: a quoted path, "standard input", "the input".</summary>
    public string Source { get; }

    /// <summary>The UTF-8 text without its byte order mark.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(start, length - start);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="DataException">The file cannot be read, is broken gzip, not text, or beyond 2 GB.</exception>
    public static DelimitedText FromFile(string path, string? sourceName)
    {
        var source = sourceName ?? $"'{path}'";
        if (Directory.Exists(path))
            throw new DataException($"{source} is a folder; a delimited text file (.csv, .tsv, also .gz) is wanted.");
        if (!File.Exists(path))
            throw new DataException($"{source} does not exist{WhatIsThere(path)}.");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            return FromStream(stream, source);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{source} cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="DataException">The content is broken gzip, not text, or beyond 2 GB.</exception>
    public static DelimitedText FromStream(Stream stream, string source)
    {
        var (content, count) = ReadToEnd(stream, source);
        if (!content.AsSpan(0, count).StartsWith(GzipMagic))
            return new DelimitedText(source, content, count);
        try
        {
            using var packed = new MemoryStream(content, 0, count, writable: false);
            using var unpacking = new GZipStream(packed, CompressionMode.Decompress);
            (content, count) = ReadToEnd(unpacking, source);
            return new DelimitedText(source, content, count);
        }
        catch (InvalidDataException failure)
        {
            throw new DataException($"{source} is gzip-compressed but damaged or cut short; copy or download it again.", failure);
        }
    }

    private static (byte[] Content, int Count) ReadToEnd(Stream stream, string source)
    {
        // One byte more than a seekable stream holds, so that its end is seen without growing.
        var known = stream.CanSeek ? stream.Length - stream.Position + 1 : 1 << 16;
        var content = new byte[RequireSize(known, source)];
        var count = 0;
        while (true)
        {
            var read = stream.Read(content, count, content.Length - count);
            if (read == 0)
                return (content, count);
            count += read;
            if (count == content.Length)
                Array.Resize(ref content, RequireSize(count == Array.MaxLength ? long.MaxValue : Math.Min(2L * count, Array.MaxLength), source));
        }
    }

    private static int RequireSize(long size, string source) =>
        size <= Array.MaxLength
            ? (int)size
            : throw new DataException($"{source} holds more than 2 GB of text, the most that is read; drop the columns the model does not use.");

    private static void RequireText(string source, ReadOnlySpan<byte> bytes)
    {
        var found = BinaryKind(bytes);
        if (found is not null)
            throw new DataException($"{source} is not delimited text: {found}");
    }

    private static string? BinaryKind(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("PK\u0003\u0004"u8))
            return "it is a zip archive or a spreadsheet (.xlsx, .ods). Export the sheet as CSV.";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return "it is UTF-16. Save it as UTF-8.";
        if (bytes.StartsWith("PAR1"u8))
            return "it is a Parquet file. Export it as CSV.";
        if (bytes.StartsWith(GzipMagic) || bytes.StartsWith("BZh"u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z']))
            return "it is compressed in a way that is not read, or twice. Unpack it first; one layer of gzip is read as it is.";
        var zero = bytes.IndexOf((byte)0);
        return zero < 0 ? null : $"there is a zero byte at position {zero + 1}. Give a UTF-8 text file (.csv, .tsv, also .gz).";
    }

    private static string WhatIsThere(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(folder))
            folder = ".";
        if (!Directory.Exists(folder))
            return $": there is no folder '{folder}'";
        try
        {
            return NearestNames.Suggest(Path.GetFileName(path), Directory.EnumerateFiles(folder).Take(10_000).Select(Path.GetFileName).OfType<string>());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The folder may not be listed; the message then stands without a suggestion.
            return "";
        }
    }
}
