using System.Globalization;
using System.Text;

namespace Watchhouse.Ledger.Writing;

/// <summary>
/// Tells the beginning of a note, which a crash leaves at the end of checkpoints.log, from a finished note that was
/// changed. Ed25519 signatures are deterministic (RFC 8032 section 5.1.6), so what the note would have become is known.
/// </summary>
internal static class TornCheckpoint
{
    /// <summary>The size the note was being written for; null if the bytes end before saying so.</summary>
    public static long? SizeOf(ReadOnlySpan<byte> torn)
    {
        var lines = Encoding.UTF8.GetString(torn).Split('\n');
        return lines.Length > 2
            && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
    }

    /// <summary>Whether a crash can have left these bytes.</summary>
    /// <param name="torn">The bytes after the last complete note.</param>
    /// <param name="origin">Origin of the log.</param>
    /// <param name="should">
    /// The checkpoint of the size the bytes state; null if they state none the entries reach.
    /// </param>
    /// <param name="key">The key that signed; null if it may have been another one.</param>
    public static bool CanBe(ReadOnlySpan<byte> torn, string origin, Checkpoint? should, SigningKey? key)
    {
        // Some file systems show a block that was never written as zeroes after a power cut.
        if (!torn.ContainsAnyExcept((byte)0))
            return true;
        if (should is null)
        {
            var start = Encoding.UTF8.GetBytes(origin + "\n");
            return torn.Length <= start.Length
                ? start.AsSpan().StartsWith(torn)
                : torn.StartsWith(start) && !torn[start.Length..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
        }

        if (key is not null)
            return Storage.CheckpointRecord.Encode(SignedCheckpoint.Sign(should, key)).AsSpan().StartsWith(torn);
        var text = Encoding.UTF8.GetBytes(should.ToText() + "\n");
        return torn.Length <= text.Length ? text.AsSpan().StartsWith(torn) : torn.StartsWith(text);
    }
}
