using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Watchhouse.Sigma;

/// <summary>
/// Case folding of UTF-8 text: each scalar value becomes lower(upper(c)) of the invariant culture, so that final sigma,
/// long s and the Kelvin sign meet their ordinary forms. Rules and events are folded alike, and then compared by bytes.
/// </summary>
internal static class TextFold
{
    /// <summary>Greatest number of bytes that folding a text of this length gives: U+023A grows from two bytes to three.</summary>
    public static int MaxLength(int length) => length + (length >> 1) + 4;

    /// <summary>The folded bytes of a text of a rule.</summary>
    public static byte[] Fold(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var folded = new byte[MaxLength(bytes.Length)];
        return folded[..Fold(bytes, folded)];
    }

    /// <summary>Folds into a destination of at least <see cref="MaxLength"/> bytes, and returns the length. It may be the source itself for ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Fold(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (Ascii.ToLower(text, destination, out var done) == OperationStatus.Done) return done;
        var written = done;
        while (done < text.Length)
        {
            if (text[done] < 0x80)
            {
                var run = text[done..];
                Ascii.ToLower(run, destination[written..], out var plain);
                done += plain;
                written += plain;
                continue;
            }

            if (Rune.DecodeFromUtf8(text[done..], out var rune, out var used) == OperationStatus.Done)
            {
                written += Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).EncodeToUtf8(destination[written..]);
            }
            else
            {
                // Bytes that are not UTF-8 are kept: a rule cannot name them, and other bytes around them still match.
                text.Slice(done, used).CopyTo(destination[written..]);
                written += used;
            }

            done += used;
        }

        return written;
    }
}
