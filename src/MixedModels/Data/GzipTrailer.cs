using System.Buffers.Binary;

namespace MixedModels.Data;

/// <summary>Whether a gzip file is whole: the framework's own reader takes one that was cut short for a shorter one.</summary>
/// <remarks>Source: RFC 1952, section 2.3.1 (the last eight bytes) and section 8 (the checksum).</remarks>
internal static class GzipTrailer
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = MakeTable();

    /// <summary>Whether the checksum and length at the end of the file are those of the text it unpacked to.</summary>
    /// <param name="packed">The file, of one member or several.</param>
    /// <param name="unpacked">All that it unpacked to.</param>
    public static bool Fits(ReadOnlySpan<byte> packed, ReadOnlySpan<byte> unpacked)
    {
        if (packed.Length < 8)
            return false;
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(packed[^8..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(packed[^4..]);

        // Of one member the reader has seen the checksum; of several, the trailer is that of the last, which ends the text.
        return length == unpacked.Length
            || (length < unpacked.Length && checksum == Checksum(unpacked[^(int)length..]));
    }

    /// <summary>CRC-32 as gzip computes it.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            table[i] = i;
            for (var bit = 0; bit < 8; bit++)
                table[i] = (table[i] & 1) == 0 ? table[i] >> 1 : (table[i] >> 1) ^ Polynomial;
        }

        return table;
    }
}
