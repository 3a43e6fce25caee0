using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Watchhouse.Telemetry;

/// <summary>The escapes of a JSON string (RFC 8259, section 7).</summary>
public static class JsonEscapes
{
    /// <summary>
    /// Writes the unescaped bytes and returns their number, which is never more than went in. A lone surrogate becomes
    /// U+FFFD. <paramref name="escaped"/> must be the inside of a valid JSON string.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0) plain = escaped.Length;
            escaped[..plain].CopyTo(destination[written..]);
            written += plain;
            if (plain >= escaped.Length - 1) return written;
            var kind = escaped[plain + 1];
            escaped = escaped[(plain + 2)..];
            if (kind != (byte)'u')
            {
                destination[written++] = kind switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'t' => (byte)'\t',
                    (byte)'r' => (byte)'\r',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    _ => kind,
                };
                continue;
            }

            var rune = Unit(escaped);
            escaped = escaped[Math.Min(4, escaped.Length)..];
            if (char.IsHighSurrogate(rune) && escaped.Length >= 6 && escaped[0] == (byte)'\\' && escaped[1] == (byte)'u'
                && Unit(escaped[2..]) is var low && char.IsLowSurrogate(low))
            {
                escaped = escaped[6..];
                written += new Rune(rune, low).EncodeToUtf8(destination[written..]);
            }
            else
            {
                written += (Rune.TryCreate(rune, out var whole) ? whole : Rune.ReplacementChar).EncodeToUtf8(destination[written..]);
            }
        }
    }

    /// <summary>The text of a value's bytes.</summary>
    public static string Text(ReadOnlySpan<byte> bytes, bool escaped)
    {
        if (!escaped) return Encoding.UTF8.GetString(bytes);
        var scratch = ArrayPool<byte>.Shared.Rent(bytes.Length);
        try
        {
            return Encoding.UTF8.GetString(scratch, 0, Unescape(bytes, scratch));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static char Unit(ReadOnlySpan<byte> hex) =>
        hex.Length >= 4 && Utf8Parser.TryParse(hex[..4], out ushort unit, out var used, 'x') && used == 4 ? (char)unit : '�';
}
