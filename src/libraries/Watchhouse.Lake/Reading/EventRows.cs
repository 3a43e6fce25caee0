using System.Buffers;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;

namespace Watchhouse.Lake.Reading;

/// <summary>Makes events of result rows.</summary>
internal static class EventRows
{
    private static readonly JsonWriterOptions Writing = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true,
    };

    public static string ColumnOf(LakeKey key) => key switch
    {
        LakeKey.Source => Envelope.Source,
        LakeKey.Computer => Envelope.Computer,
        LakeKey.Account => Envelope.Account,
        LakeKey.SourceIp => Envelope.SourceIp,
        LakeKey.TargetIp => Envelope.TargetIp,
        LakeKey.Activity => Envelope.Activity,
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, null),
    };

    public static List<LakeEntry> ReadNarrow(DuckDBDataReader reader, Dictionary<string, LakeFile> byPath)
    {
        var entries = new List<LakeEntry>();
        while (reader.Read())
        {
            var file = byPath[reader.GetString(Envelope.NarrowCount)];
            entries.Add(new LakeEntry
            {
                Owner = file.Owner,
                Table = file.Table,
                Time = Utc(reader, 0),
                Source = reader.GetString(1),
                EventId = reader.GetGuid(2),
                ReceivedAt = Utc(reader, 3),
                Computer = Text(reader, 4),
                Account = Text(reader, 5),
                SourceIp = Text(reader, 6),
                TargetIp = Text(reader, 7),
                Activity = Text(reader, 8),
            });
        }

        return entries;
    }

    public static List<LakeEvent> ReadWhole(DuckDBDataReader reader, LakeFile file, LakeTable? table)
    {
        var types = (table?.Columns ?? []).ToDictionary(column => column.Name, column => column.Type);
        var events = new List<LakeEvent>();
        while (reader.Read())
        {
            events.Add(new LakeEvent
            {
                Owner = file.Owner,
                Table = file.Table,
                Time = Utc(reader, reader.GetOrdinal(Envelope.Time)),
                Source = reader.GetString(reader.GetOrdinal(Envelope.Source)),
                EventId = reader.GetGuid(reader.GetOrdinal(Envelope.EventId)),
                ReceivedAt = Utc(reader, reader.GetOrdinal(Envelope.ReceivedAt)),
                Computer = Text(reader, reader.GetOrdinal(Envelope.Computer)),
                Account = Text(reader, reader.GetOrdinal(Envelope.Account)),
                SourceIp = Text(reader, reader.GetOrdinal(Envelope.SourceIp)),
                TargetIp = Text(reader, reader.GetOrdinal(Envelope.TargetIp)),
                Activity = Text(reader, reader.GetOrdinal(Envelope.Activity)),
                Columns = Columns(reader, types),
                UnknownFields = Encoding.UTF8.GetBytes(Text(reader, reader.GetOrdinal(Envelope.Unknown)) ?? ""),
                Raw = Bytes(reader, reader.GetOrdinal(Envelope.Raw)),
            });
        }

        return events;
    }

    private static ReadOnlyMemory<byte> Columns(DuckDBDataReader reader, Dictionary<string, LakeType> types)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            writer.WriteStartObject();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (types.TryGetValue(reader.GetName(i), out var type) && !reader.IsDBNull(i))
                    Write(writer, reader, i, type);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, DuckDBDataReader reader, int column, LakeType type)
    {
        writer.WritePropertyName(reader.GetName(column));
        switch (type)
        {
            case LakeType.Json: writer.WriteRawValue(reader.GetString(column), skipInputValidation: true); break;
            case LakeType.Time: writer.WriteStringValue(Utc(reader, column).UtcDateTime); break;
            case LakeType.Whole32: writer.WriteNumberValue(reader.GetInt32(column)); break;
            case LakeType.Whole64: writer.WriteNumberValue(reader.GetInt64(column)); break;
            case LakeType.Real: writer.WriteNumberValue(reader.GetDouble(column)); break;
            case LakeType.Bool: writer.WriteBooleanValue(reader.GetBoolean(column)); break;
            default: writer.WriteStringValue(reader.GetString(column)); break;
        }
    }

    private static string? Text(DuckDBDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTimeOffset Utc(DuckDBDataReader reader, int column) =>
        new(DateTime.SpecifyKind(reader.GetDateTime(column), DateTimeKind.Utc));

    private static byte[] Bytes(DuckDBDataReader reader, int column)
    {
        using var stream = reader.GetStream(column);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
