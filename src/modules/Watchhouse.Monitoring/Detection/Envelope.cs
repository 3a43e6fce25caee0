using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Watchhouse.Monitoring.Detection;

/// <summary>What a protocol wraps round an event, as one JSON object on a line. Pure.</summary>
internal static class Envelope
{
    /// <summary>
    /// The object under a member of the envelope; where there is a text instead, false and that text as one line. Neither where the
    /// line has no such member.
    /// </summary>
    public static bool Inside(ReadOnlySpan<byte> line, string member, out ReadOnlySpan<byte> inner, out byte[]? text)
    {
        inner = default;
        text = null;
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMember = reader.ValueTextEquals(member);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                if (isMember && reader.TokenType == JsonTokenType.String)
                {
                    // A line of a log is one line, whatever its sender put in it.
                    text = Encoding.UTF8.GetBytes((reader.GetString() ?? "").ReplaceLineEndings(" "));
                    return false;
                }

                reader.Skip();
                if (!isMember || line[start] != (byte)'{') continue;
                inner = line[start..(int)reader.BytesConsumed];
                return true;
            }
        }
        catch (JsonException)
        {
            // The intake has checked it; what is no JSON all the same is told of by the parser.
        }
        catch (InvalidOperationException)
        {
            // Text that is no UTF-16, such as half a surrogate pair: the envelope itself is looked at.
        }

        return false;
    }

    /// <summary>What an envelope of Splunk's HTTP Event Collector says of the event in it: its time and the machine it is from.</summary>
    public static (DateTimeOffset? Time, string? Host) Says(ReadOnlySpan<byte> line)
    {
        (DateTimeOffset? time, string? host) = (null, null);
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isTime, isHost) = (reader.ValueTextEquals("time"u8), reader.ValueTextEquals("host"u8));
                reader.Read();
                if (isTime && reader.TokenType is JsonTokenType.Number or JsonTokenType.String)
                    time = TimeOf(reader.TokenType == JsonTokenType.String ? reader.GetString() : Encoding.ASCII.GetString(reader.ValueSpan));
                if (isHost && reader.TokenType == JsonTokenType.String) host = HostOf(reader.GetString());
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // As above: what was read before stands.
        }

        return (time, host);
    }

    /// <summary>Seconds since 1970, with a fraction; null where it is no such moment.</summary>
    public static DateTimeOffset? TimeOf(string? seconds) =>
        decimal.TryParse(seconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var since) && since is > 0 and < 253_402_300_799m
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(since * TimeSpan.TicksPerSecond))
            : null;

    /// <summary>The name of a machine; null where there is none.</summary>
    public static string? HostOf(string? host) => host is { Length: > 0 and <= 255 } && host.Trim() is { Length: > 0 } name ? name : null;
}
