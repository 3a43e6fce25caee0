using System.Buffers;
using System.Runtime.CompilerServices;

namespace Watchhouse.Normalisation;

/// <summary>Bytes of JSON that grow and are used again.</summary>
internal sealed class JsonBuffer
{
    // What a JSON string must not hold as it is (RFC 8259, section 7).
    private static readonly SearchValues<byte> Special =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(each => (byte)each), (byte)'"', (byte)'\\']);

    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public byte[] Bytes => _bytes;

    public void Clear() => Length = 0;

    /// <summary>Takes back what was written after this length.</summary>
    public void Truncate(int length) => Length = length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(byte value)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = value;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - Length < bytes.Length) Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Room for so many bytes; <see cref="Commit"/> says how many were used.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_bytes.Length - Length < length) Grow(length);
        return _bytes.AsSpan(Length);
    }

    public void Commit(int length) => Length += length;

    /// <summary>Text without its quotation marks: what must be escaped is.</summary>
    public void AddEscaped(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var plain = text.IndexOfAny(Special);
            if (plain < 0)
            {
                Add(text);
                return;
            }

            Add(text[..plain]);
            Escape(text[plain]);
            text = text[(plain + 1)..];
        }
    }

    public void AddString(ReadOnlySpan<byte> text)
    {
        Add((byte)'"');
        AddEscaped(text);
        Add((byte)'"');
    }

    private void Escape(byte value)
    {
        switch (value)
        {
            case (byte)'"': Add("\\\""u8); break;
            case (byte)'\\': Add("\\\\"u8); break;
            case (byte)'\n': Add("\\n"u8); break;
            case (byte)'\r': Add("\\r"u8); break;
            case (byte)'\t': Add("\\t"u8); break;
            default:
                Add("\\u00"u8);
                Add((byte)(value < 16 ? '0' : '1'));
                Add("0123456789abcdef"u8[value & 15]);
                break;
        }
    }

    private void Grow(int length) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + length));
}
