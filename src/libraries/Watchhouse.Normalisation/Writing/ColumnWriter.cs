using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Watchhouse.Telemetry;

namespace Watchhouse.Normalisation;

/// <summary>
/// Brings a value to the kind of its column. What cannot be brought to it is refused, and is then kept among the unknown:
/// no value is bent until it fits.
/// </summary>
internal sealed class ColumnWriter(NodeWriter nodes)
{
    private readonly JsonBuffer _scratch = new();
    private EventRecord _record = null!;

    public void Begin(EventRecord record) => _record = record;

    /// <summary>Appends the value; false, and nothing appended, where the column cannot hold it or it is empty.</summary>
    public bool TryWrite(JsonBuffer to, ColumnPlan column, int at)
    {
        ref readonly var node = ref _record[at];
        if (node.Kind == EventNodeKind.Null || (node.Kind == EventNodeKind.Text && node.ValueLength == 0)) return false;
        if (column.Values is not null && !node.IsContainer)
        {
            if (column.Values.TryGet(nodes.PlainValue(node), out var other)) return TryWriteText(to, column.Kind, other);
            if (column.Values.IsStrict) return false;
        }

        switch (column.Kind)
        {
            case ColumnKind.String: String(to, at); return true;
            case ColumnKind.Dynamic: Dynamic(to, at); return true;
            case ColumnKind.DateTime: return !node.IsContainer && TryWriteTime(to, node);
            default: return !node.IsContainer && TryWriteScalar(to, column.Kind, node.Kind, nodes.PlainValue(node));
        }
    }

    /// <summary>The moment that a value names, or null.</summary>
    public DateTimeOffset? Time(in EventNode node) => node.Kind switch
    {
        EventNodeKind.Text or EventNodeKind.Number => EventTime.Parse(nodes.PlainValue(node)),
        _ => null,
    };

    public static void Time(JsonBuffer to, DateTimeOffset time)
    {
        to.Add((byte)'"');
        var room = to.Reserve(40);
        time.UtcDateTime.TryFormat(room, out var length, "O", CultureInfo.InvariantCulture);
        to.Commit(length);
        to.Add((byte)'"');
    }

    /// <summary>Appends a text that is no value of the record; false, and nothing appended, where the column cannot hold it.</summary>
    public static bool TryWriteText(JsonBuffer to, ColumnKind kind, ReadOnlySpan<byte> value)
    {
        if (kind is not (ColumnKind.String or ColumnKind.Dynamic)) return TryWriteScalar(to, kind, EventNodeKind.Text, value);
        to.AddString(value);
        return true;
    }

    private bool TryWriteTime(JsonBuffer to, in EventNode node)
    {
        if (Time(node) is not { } time) return false;
        Time(to, time);
        return true;
    }

    private void String(JsonBuffer to, int at)
    {
        ref readonly var node = ref _record[at];
        if (node.Kind == EventNodeKind.Text)
        {
            nodes.Text(to, node);
            return;
        }

        _scratch.Clear();
        nodes.Value(_scratch, at);
        to.AddString(_scratch.Written);
    }

    // Many sources write objects as text; as a dynamic value they are objects.
    private void Dynamic(JsonBuffer to, int at)
    {
        ref readonly var node = ref _record[at];
        if (node.Kind == EventNodeKind.Text && node.ValueLength >= 2 && _record.ValueOf(node)[0] is (byte)'{' or (byte)'[')
        {
            var text = nodes.PlainValue(node);
            if (IsJson(text))
            {
                to.Add(text);
                return;
            }
        }

        nodes.Value(to, at);
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'\n', (byte)'\r') >= 0 || text.IndexOf("\\u"u8) >= 0) return false;
        try
        {
            var reader = new Utf8JsonReader(text, isFinalBlock: true, default);
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

    private static bool TryWriteScalar(JsonBuffer to, ColumnKind kind, EventNodeKind node, ReadOnlySpan<byte> value)
    {
        if (node is EventNodeKind.True or EventNodeKind.False)
        {
            if (kind != ColumnKind.Bool) return false;
            to.Add(node == EventNodeKind.True ? "true"u8 : "false"u8);
            return true;
        }

        switch (kind)
        {
            case ColumnKind.Int: return TryWriteWhole(to, value, int.MinValue, int.MaxValue);
            case ColumnKind.Long: return TryWriteWhole(to, value, long.MinValue, long.MaxValue);
            case ColumnKind.Real: return TryWriteReal(to, value);
            case ColumnKind.Bool: return TryWriteBool(to, value);
            case ColumnKind.Guid when Utf8Parser.TryParse(value, out Guid guid, out var used) && used == value.Length:
                to.Add((byte)'"');
                guid.TryFormat(to.Reserve(36), out var length);
                to.Commit(length);
                to.Add((byte)'"');
                return true;
            case ColumnKind.TimeSpan when Utf8Parser.TryParse(value, out TimeSpan span, out var taken) && taken == value.Length:
                to.Add((byte)'"');
                span.TryFormat(to.Reserve(32), out var written, "c", CultureInfo.InvariantCulture);
                to.Commit(written);
                to.Add((byte)'"');
                return true;
            default: return false;
        }
    }

    private static bool TryWriteWhole(JsonBuffer to, ReadOnlySpan<byte> value, long least, long most)
    {
        long number;
        if (value.Length > 2 && value[0] == (byte)'0' && value[1] is (byte)'x' or (byte)'X')
        {
            if (!Utf8Parser.TryParse(value[2..], out number, out var digits, 'x') || digits != value.Length - 2) return false;
        }
        else if (!Utf8Parser.TryParse(value, out number, out var used) || used != value.Length)
        {
            // 5.0 and 5e0 are whole too.
            if (!Utf8Parser.TryParse(value, out decimal exact, out used) || used != value.Length) return false;
            if (exact != decimal.Truncate(exact) || exact < least || exact > most) return false;
            number = (long)exact;
        }

        if (number < least || number > most) return false;
        Utf8Formatter.TryFormat(number, to.Reserve(24), out var length);
        to.Commit(length);
        return true;
    }

    private static bool TryWriteReal(JsonBuffer to, ReadOnlySpan<byte> value)
    {
        if (!Utf8Parser.TryParse(value, out double number, out var used) || used != value.Length || !double.IsFinite(number)) return false;
        number.TryFormat(to.Reserve(32), out var length, default, CultureInfo.InvariantCulture);
        to.Commit(length);
        return true;
    }

    private static bool TryWriteBool(JsonBuffer to, ReadOnlySpan<byte> value)
    {
        var isTrue = value.SequenceEqual("1"u8) || System.Text.Ascii.EqualsIgnoreCase(value, "true"u8);
        if (!isTrue && !value.SequenceEqual("0"u8) && !System.Text.Ascii.EqualsIgnoreCase(value, "false"u8)) return false;
        to.Add(isTrue ? "true"u8 : "false"u8);
        return true;
    }
}
