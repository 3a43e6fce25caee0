using System.Text;

namespace Watchhouse.Monitoring.Detection;

/// <summary>
/// The saved state of several engines of correlations, by the name of their rules' segment. Bytes that are no such
/// collection are what an earlier version saved: the state of the national rules alone. Pure.
/// </summary>
internal static class CorrelationState
{
    /// <summary>The segment of the national rules.</summary>
    public const string National = "national";

    private static ReadOnlySpan<byte> Mark => "WHCS1"u8;

    public static byte[] Write(IEnumerable<(string Name, byte[] State)> parts)
    {
        var all = parts.ToList();
        using var stream = new MemoryStream();
        stream.Write(Mark);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(all.Count);
        foreach (var (name, state) in all)
        {
            writer.Write(name);
            writer.Write(state.Length);
            writer.Write(state);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes end early.</exception>
    public static Dictionary<string, byte[]> Read(byte[] bytes)
    {
        if (bytes.Length == 0) return [];
        if (!bytes.AsSpan().StartsWith(Mark)) return new() { [National] = bytes };
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, Mark.Length, bytes.Length - Mark.Length), Encoding.UTF8);
            var parts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                var name = reader.ReadString();
                var length = reader.ReadInt32();
                var state = reader.ReadBytes(length);
                if (state.Length != length) throw new InvalidDataException("The saved state of correlations ends early.");
                parts[name] = state;
            }

            return parts;
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The saved state of correlations ends early.", e);
        }
    }
}
