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
}
