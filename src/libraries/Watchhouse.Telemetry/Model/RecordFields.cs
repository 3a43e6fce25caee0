using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Watchhouse.Telemetry;

/// <summary>Appends members to the container of a record that is being filled. Names and values become the record's own bytes.</summary>
internal static class RecordFields
{
    /// <summary>Opens the root, or an object or array in it, and returns its index for <see cref="Close"/>.</summary>
    public static int Open(this EventRecord record, EventNodeKind kind, ReadOnlySpan<byte> name = default)
    {
        record.AddOwned(kind, name, 0, 0);
        return record.NodeCount - 1;
    }

    public static void Close(this EventRecord record, int container) => record[container].End = record.NodeCount;

    public static void AddText(this EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        record.AddOwned(EventNodeKind.Text, name, record.Own(value), value.Length);

    public static void AddText(this EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        var room = record.Reserve(Encoding.UTF8.GetMaxByteCount(value.Length));
        var length = Encoding.UTF8.GetBytes(value, room);
        record.AddOwned(EventNodeKind.Text, name, record.Commit(length), length);
    }

    /// <summary>A value whose bytes the record already owns.</summary>
    public static void AddOwned(this EventRecord record, EventNodeKind kind, ReadOnlySpan<byte> name, int start, int length)
    {
        var nameStart = record.Own(name);
        var index = record.Add();
        ref var node = ref record[index];
        node.Kind = kind;
        node.Flags = EventNodeFlags.NameOwned | EventNodeFlags.ValueOwned;
        node.NameStart = nameStart;
        node.NameLength = name.Length;
        node.ValueStart = start;
        node.ValueLength = length;
        node.End = index + 1;
    }

    /// <summary>A value that may be an object or array written as text; it becomes nodes where it is, and text where not.</summary>
    public static void AddTextOrJson(this EventRecord record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ReadLimits limits)
    {
        var start = record.Own(value);
        if (LooksLikeJson(value) && JsonEventParser.TryAppendOwned(record, name, start, value.Length, lift: false, limits)) return;
        record.AddOwned(EventNodeKind.Text, name, start, value.Length);
    }

    /// <summary>The members of an object written as text; false, and nothing added, where it is none.</summary>
    public static bool TryLift(this EventRecord record, ReadOnlySpan<byte> text, ReadLimits limits) =>
        text.Length > 1 && text[0] == (byte)'{' && text[^1] == (byte)'}'
        && JsonEventParser.TryAppendOwned(record, default, record.Own(text), text.Length, lift: true, limits);

    /// <summary>Cheap first look: braces or brackets at both ends.</summary>
    public static bool LooksLikeJson(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n"u8);
        return value.Length >= 2 && ((value[0] == (byte)'{' && value[^1] == (byte)'}') || (value[0] == (byte)'[' && value[^1] == (byte)']'));
    }

    /// <summary>
    /// The text itself where it is UTF-8; else a copy in the scratch in which what is not stands as U+FFFD. The raw bytes of
    /// the event stay as they came.
    /// </summary>
    public static ReadOnlySpan<byte> Utf8Text(ReadOnlySpan<byte> text, ref byte[] scratch)
    {
        if (Utf8.IsValid(text)) return text;
        if (scratch.Length < text.Length * 3) scratch = new byte[text.Length * 3];
        var length = 0;
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(text, out var rune, out var used);
            if (status != OperationStatus.Done) rune = Rune.ReplacementChar;
            length += rune.EncodeToUtf8(scratch.AsSpan(length));
            text = text[used..];
        }

        return scratch.AsSpan(0, length);
    }
}
