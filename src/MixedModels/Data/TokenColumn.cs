using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace MixedModels.Data;

/// <summary>Takes the cells of one column of a file, top to bottom.</summary>
internal interface ICellSink
{
    /// <summary>Takes the next cell: UTF-8 content without quotes, and the one-based line its record begins on.</summary>
    void Add(ReadOnlySpan<byte> cell, int line);
}

/// <summary>A column read as text: each distinct cell once, and which one a row holds. Owned by one thread.</summary>
internal sealed class TokenColumn : ICellSink
{
    private readonly List<int> codes = [];
    private readonly List<Token> tokens = [];
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> codeOf =
        new Dictionary<byte[], int>(new TokenComparer()).GetAlternateLookup<ReadOnlySpan<byte>>();

    private int lastCode = -1;

    /// <summary>The distinct cells in order of first occurrence.</summary>
    public IReadOnlyList<Token> Tokens => tokens;

    /// <summary>A zero-based index into <see cref="Tokens"/> a row, −1 where missing.</summary>
    public ReadOnlySpan<int> Codes => CollectionsMarshal.AsSpan(codes);

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> cell, int line)
    {
        if (NumberToken.IsMissing(cell))
        {
            codes.Add(-1);
            return;
        }

        // Neighbouring rows often belong to the same group.
        if (lastCode < 0 || !cell.SequenceEqual(tokens[lastCode].Content))
            lastCode = CodeOf(cell, line);
        codes.Add(lastCode);
    }

    /// <summary>The number of rows that hold each token.</summary>
    public int[] Counts()
    {
        var counts = new int[tokens.Count];
        foreach (var code in codes)
        {
            if (code >= 0)
                counts[code]++;
        }

        return counts;
    }

    private int CodeOf(ReadOnlySpan<byte> cell, int line)
    {
        if (codeOf.TryGetValue(cell, out var code))
            return code;
        code = tokens.Count;
        tokens.Add(new Token(cell.ToArray(), line));
        codeOf[cell] = code;
        return code;
    }

    /// <summary>A distinct cell text and the line of the record it first stood in.</summary>
    internal sealed class Token(byte[] content, int line)
    {
        /// <summary>The UTF-8 content.</summary>
        public ReadOnlySpan<byte> Content => content;

        /// <summary>The one-based line of the first record that holds it.</summary>
        public int Line => line;

        /// <summary>Whether the content is UTF-8 at all.</summary>
        public bool IsText => Utf8.IsValid(content);

        /// <summary>Whether the content is a number.</summary>
        public bool IsNumber => NumberToken.TryParse(content, out _);

        /// <summary>The content as text; what is not UTF-8 shows as the replacement character.</summary>
        public string Name { get; } = Encoding.UTF8.GetString(content);
    }

    private sealed class TokenComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
