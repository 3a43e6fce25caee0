using System.Buffers;
using System.Text.Json;

namespace Watchhouse.Lake.Writing;

/// <summary>
/// Gathers the unknown fields of one row: what the row said, and what did not fit its table. Nothing a row brings is
/// ever dropped for its form; what is not even JSON is kept as a text.
/// </summary>
internal sealed class UnknownFields
{
    private const string BadColumns = "_Columns";
    private const string BadUnknown = "_UnknownFields";

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 512 };

    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public bool IsEmpty => _buffer.WrittenCount == 0;

    /// <summary>The JSON object; only if not empty.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        Write("}"u8);
        return _buffer.WrittenSpan;
    }

    /// <summary>Starts a row with what it says itself.</summary>
    public void Begin(ReadOnlySpan<byte> given)
    {
        _buffer.ResetWrittenCount();
        if (given.IsEmpty)
            return;
        if (!IsObject(given))
        {
            AddText(BadUnknown, given);
            return;
        }

        // Without its closing brace, so that members can follow; an empty object says nothing.
        var inner = TrimWhite(given);
        inner = inner[..^1];
        if (TrimWhite(inner).Length > 1)
            Write(inner);
    }

    /// <summary>Adds a member whose value is JSON already.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        Separate();
        WriteString(name);
        Write(":"u8);
        Write(json);
    }

    /// <summary>Takes back all but what the row said, and adds the columns that are no JSON object as a text.</summary>
    public void BeginAgain(ReadOnlySpan<byte> given, ReadOnlySpan<byte> columns)
    {
        Begin(given);
        AddText(BadColumns, columns);
    }

    public static bool IsObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, Reading);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void AddText(string name, ReadOnlySpan<byte> text)
    {
        Separate();
        WriteString(System.Text.Encoding.UTF8.GetBytes(name));
        Write(":"u8);
        WriteString(text);
    }

    private void Separate() => Write(IsEmpty ? "{"u8 : ","u8);

    private void WriteString(ReadOnlySpan<byte> text)
    {
        // Goes through the encoder, which repairs what is no UTF-8 and escapes what needs it.
        Write("\""u8);
        Write(JsonEncodedText.Encode(System.Text.Encoding.UTF8.GetString(text),
            System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        Write("\""u8);
    }

    private void Write(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    private static ReadOnlySpan<byte> TrimWhite(ReadOnlySpan<byte> json) => json.Trim(" \t\r\n"u8);
}
