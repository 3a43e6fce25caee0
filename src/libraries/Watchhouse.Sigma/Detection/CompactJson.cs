using System.Runtime.CompilerServices;

namespace Watchhouse.Sigma;

/// <summary>JSON text without the blanks between its tokens.</summary>
internal static class CompactJson
{
    /// <summary>Writes and returns the length, which is never more than went in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Write(ReadOnlySpan<byte> json, Span<byte> destination)
    {
        var written = 0;
        var inString = false;
        for (var at = 0; at < json.Length; at++)
        {
            var here = json[at];
            if (inString)
            {
                destination[written++] = here;
                if (here == (byte)'\\' && at + 1 < json.Length) destination[written++] = json[++at];
                else if (here == (byte)'"') inString = false;
            }
            else if (here > (byte)' ')
            {
                destination[written++] = here;
                inString = here == (byte)'"';
            }
        }

        return written;
    }
}
