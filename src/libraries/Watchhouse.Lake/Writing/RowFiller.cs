using System.Text.Json;

namespace Watchhouse.Lake.Writing;

/// <summary>Fills a block with rows of one table, and learns which of the table's columns are ever used.</summary>
internal sealed class RowFiller(TableShape shape)
{
    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 512 };

    private readonly UnknownFields _unknown = new();
    private byte[] _name = new byte[128];
    private byte[] _text = new byte[1024];

    /// <summary>
    /// Writes a row, or returns false if it has a column that the block lacks: the shape knows it now, and the file
    /// has to be begun again with a wider block.
    /// </summary>
    public bool TryFill(StagingChunk chunk, int at, RowArena arena, in GatheredRow row)
    {
        chunk.SetTime(0, at, row.TimeTicks);
        chunk.SetText(1, at, arena.Part(row, RowPart.Source));
        chunk.SetId(2, at, row.Key);
        chunk.SetTime(3, at, row.ReceivedTicks);
        SetNarrow(chunk, 4, at, arena.Part(row, RowPart.Computer));
        SetNarrow(chunk, 5, at, arena.Part(row, RowPart.Account));
        SetNarrow(chunk, 6, at, arena.Part(row, RowPart.SourceIp));
        SetNarrow(chunk, 7, at, arena.Part(row, RowPart.TargetIp));
        SetNarrow(chunk, 8, at, arena.Part(row, RowPart.Activity));
        var given = arena.Part(row, RowPart.Unknown);
        var columns = arena.Part(row, RowPart.Columns);
        _unknown.Begin(given);
        if (!columns.IsEmpty)
        {
            try
            {
                FillColumns(chunk, at, columns);
            }
            catch (JsonException)
            {
                // No JSON object: kept as a text, and what stood before the break does not count as columns.
                for (var column = Envelope.Names.Length; column < chunk.Columns; column++)
                    chunk.SetNull(column, at);
                _unknown.BeginAgain(given, columns);
            }
        }

        if (!_unknown.IsEmpty)
            chunk.SetText(9, at, _unknown.Finish());
        chunk.SetBytes(10, at, arena.Part(row, RowPart.Raw));
        SetNarrow(chunk, 11, at, arena.Part(row, RowPart.Format));
        chunk.Set(12, at, row.Line);
        return shape.IsCurrent;
    }

    private void FillColumns(StagingChunk chunk, int at, ReadOnlySpan<byte> columns)
    {
        var reader = new Utf8JsonReader(columns, Reading);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ValueReader.Text(ref reader, ref _name);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                continue;
            var column = shape.Find(name);
            if (column < 0)
            {
                _unknown.Add(name, Json(ref reader, columns));
                continue;
            }

            if (shape.Use(column) is var slot && slot < 0)
            {
                reader.Skip();
                continue;
            }

            var start = (int)reader.TokenStartIndex;
            if (!TrySet(chunk, slot, at, shape.TypeOf(column), ref reader, columns))
                _unknown.Add(name, columns[start..(int)reader.BytesConsumed]);
        }

        // Throws if anything follows the object.
        reader.Read();
    }

    private bool TrySet(
        StagingChunk chunk, int column, int at, LakeType type, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (type)
        {
            case LakeType.Text when reader.TokenType == JsonTokenType.String:
                chunk.SetText(column, at, ValueReader.Text(ref reader, ref _text));
                return true;
            case LakeType.Text or LakeType.Json:
                chunk.SetText(column, at, Json(ref reader, json));
                return true;
            case LakeType.Time when ValueReader.TryTime(ref reader, ref _text, out var ticks):
                chunk.SetTime(column, at, ticks);
                return true;
            case LakeType.Whole32 when ValueReader.TryInt32(ref reader, out var number):
                chunk.Set(column, at, number);
                return true;
            case LakeType.Whole64 when ValueReader.TryInt64(ref reader, out var number):
                chunk.Set(column, at, number);
                return true;
            case LakeType.Real when ValueReader.TryReal(ref reader, out var number):
                chunk.Set(column, at, number);
                return true;
            case LakeType.Bool when ValueReader.TryBool(ref reader, out var truth):
                chunk.Set(column, at, truth);
                return true;
            default:
                reader.Skip();
                return false;
        }
    }

    /// <summary>The value's own JSON text; the reader stands at its end afterwards.</summary>
    private static ReadOnlySpan<byte> Json(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static void SetNarrow(StagingChunk chunk, int column, int at, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
            chunk.SetText(column, at, text);
    }
}
