using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Watchhouse.Telemetry.Tests;

/// <summary>A value of a template instance.</summary>
internal readonly record struct EvtxValue(byte Type, byte[] Bytes, Action? Xml = null)
{
    public static EvtxValue Null { get; } = new(0x00, []);

    public static EvtxValue Text(string text) => new(0x01, Encoding.Unicode.GetBytes(text));

    /// <summary>Binary XML, which is written in its place, because it names offsets.</summary>
    public static EvtxValue BinXml(Action xml) => new(0x21, [], xml);

    public static EvtxValue UInt16(ushort value) => new(0x06, BitConverter.GetBytes(value));

    public static EvtxValue UInt64(ulong value) => new(0x0A, BitConverter.GetBytes(value));

    public static EvtxValue Time(DateTime utc) => new(0x11, BitConverter.GetBytes(utc.ToFileTimeUtc()));

    public static EvtxValue Hex(ulong value) => new(0x15, BitConverter.GetBytes(value));
}

/// <summary>
/// Writes one chunk of an event log, token by token, so that tests need no file from elsewhere. Names and template
/// definitions stand where they are used first, as Windows writes them.
/// </summary>
internal sealed class EvtxChunk
{
    public const int Size = 64 * 1024;
    private const int Header = 512;

    private readonly byte[] _bytes = new byte[Size];
    private readonly Dictionary<string, int> _names = [];
    private readonly Dictionary<string, int> _templates = [];
    private readonly ulong _firstId;
    private ulong _nextId;

    public EvtxChunk(ulong firstId = 1)
    {
        _firstId = _nextId = firstId;
        At = Header;
    }

    public int At { get; private set; }

    /// <summary>Where each record begins.</summary>
    public List<int> Records { get; } = [];

    public EvtxChunk Record(Action<EvtxChunk> xml)
    {
        var start = At;
        Records.Add(start);
        Bytes("**\0\0"u8).U32(0).U64(_nextId++).U64((ulong)new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).ToFileTimeUtc());
        U8(0x0F).U8(1).U8(1).U8(0);
        xml(this);
        U8(0x00);
        while ((At - start) % 8 != 4) U8(0);
        U32((uint)(At - start + 4));
        Patch(start + 4, At - start);
        return this;
    }

    public EvtxChunk Element(string name, Action? attributes = null, Action? content = null, ushort dependency = 0xFFFF, bool withDependency = true)
    {
        U8((byte)(attributes is null ? 0x01 : 0x41));
        if (withDependency) U16(dependency);
        var size = At;
        U32(0).Name(name);
        if (attributes is not null)
        {
            var list = At;
            U32(0);
            attributes();
            Patch(list, At - list - 4);
        }

        if (content is null)
        {
            U8(0x03);
        }
        else
        {
            U8(0x02);
            content();
            U8(0x04);
        }

        Patch(size, At - size - 4);
        return this;
    }

    public EvtxChunk Attribute(string name, Action value)
    {
        U8(0x06).Name(name);
        value();
        return this;
    }

    public EvtxChunk Text(string text) => U8(0x05).U8(0x01).Counted(text);

    public EvtxChunk Slot(ushort number, byte type = 0x01, bool optional = false) => U8((byte)(optional ? 0x0E : 0x0D)).U16(number).U8(type);

    public EvtxChunk Counted(string text) => U16((ushort)text.Length).Bytes(Encoding.Unicode.GetBytes(text));

    public EvtxChunk Name(string name)
    {
        if (_names.TryGetValue(name, out var known)) return U32((uint)known);
        U32((uint)At + 4);
        _names.Add(name, At);
        var hash = name.Aggregate(0u, (sum, unit) => (sum * 65599) + unit);
        return U32(0).U16((ushort)hash).Counted(name).U16(0);
    }

    /// <summary>An instance of a template, whose definition is written where it is used first.</summary>
    public EvtxChunk Instance(string template, Action definition, params EvtxValue[] values)
    {
        U8(0x0C).U8(1).U32(7);
        if (_templates.TryGetValue(template, out var known))
        {
            U32((uint)known);
        }
        else
        {
            U32((uint)At + 4);
            _templates.Add(template, At);
            var id = new byte[16];
            Encoding.ASCII.GetBytes(template, id);
            U32(0).Bytes(id);
            var size = At;
            U32(0).U8(0x0F).U8(1).U8(1).U8(0);
            definition();
            U8(0x00);
            Patch(size, At - size - 4);
        }

        U32((uint)values.Length);
        var sizes = At;
        foreach (var value in values) U16(0).U8(value.Type).U8(0);
        for (var each = 0; each < values.Length; each++)
        {
            var start = At;
            Bytes(values[each].Bytes);
            values[each].Xml?.Invoke();
            BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(sizes + (each * 4)), (ushort)(At - start));
        }

        return this;
    }

    public EvtxChunk U8(byte value) => Bytes([value]);

    public EvtxChunk U16(ushort value) => Bytes(BitConverter.GetBytes(value));

    public EvtxChunk U32(uint value) => Bytes(BitConverter.GetBytes(value));

    public EvtxChunk U64(ulong value) => Bytes(BitConverter.GetBytes(value));

    public EvtxChunk Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(At));
        At += bytes.Length;
        return this;
    }

    public void Patch(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), value);

    /// <summary>The chunk with its header and both checksums.</summary>
    public byte[] Finish()
    {
        var chunk = (byte[])_bytes.Clone();
        "ElfChnk\0"u8.CopyTo(chunk);
        BitConverter.TryWriteBytes(chunk.AsSpan(8), _firstId);
        BitConverter.TryWriteBytes(chunk.AsSpan(16), _nextId - 1);
        BitConverter.TryWriteBytes(chunk.AsSpan(24), _firstId);
        BitConverter.TryWriteBytes(chunk.AsSpan(32), _nextId - 1);
        BitConverter.TryWriteBytes(chunk.AsSpan(40), 128);
        BitConverter.TryWriteBytes(chunk.AsSpan(44), Records.Count == 0 ? 0 : Records[^1]);
        BitConverter.TryWriteBytes(chunk.AsSpan(48), At);
        BitConverter.TryWriteBytes(chunk.AsSpan(52), Crc(chunk.AsSpan(Header, At - Header)));
        BitConverter.TryWriteBytes(chunk.AsSpan(124), Crc([.. chunk.AsSpan(0, 120), .. chunk.AsSpan(128, Header - 128)]));
        return chunk;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var each in bytes)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}

/// <summary>Whole files, and what a reader makes of them.</summary>
internal static class EvtxFile
{
    /// <summary>A file of chunks. Its header says nothing of use, as after a copy of a log in use.</summary>
    public static byte[] Of(params IEnumerable<byte[]> chunks)
    {
        var header = new byte[4096];
        "ElfFile\0"u8.CopyTo(header);
        return [.. header, .. chunks.SelectMany(each => each)];
    }

    /// <summary>A chunk whose one template is an ordinary event with a field for each of the texts.</summary>
    public static EvtxChunk Events(ulong firstId, int count)
    {
        var chunk = new EvtxChunk(firstId);
        for (var each = 0; each < count; each++)
        {
            var id = firstId + (ulong)each;
            chunk.Record(x => x.Instance(
                "ordinary",
                () => Event(x),
                EvtxValue.UInt16(4688),
                EvtxValue.Time(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddSeconds(each)),
                EvtxValue.UInt64(id),
                EvtxValue.Text("Security"),
                EvtxValue.Text($"C:\\Windows\\{id}.exe"),
                EvtxValue.Hex(0x3E7),
                EvtxValue.Null));
        }

        return chunk;
    }

    private static void Event(EvtxChunk x) => x.Element("Event", content: () =>
    {
        x.Element("System", content: () => x
            .Element("Provider", () => x.Attribute("Name", () => x.Text("Test-Provider")))
            .Element("EventID", content: () => x.Slot(0, 0x06))
            .Element("TimeCreated", () => x.Attribute("SystemTime", () => x.Slot(1, 0x11)))
            .Element("EventRecordID", content: () => x.Slot(2, 0x0A))
            .Element("Channel", content: () => x.Slot(3))
            .Element("Security", () => x.Attribute("UserID", () => x.Slot(6, 0x13, optional: true))));
        x.Element("EventData", content: () => x
            .Element("Data", () => x.Attribute("Name", () => x.Text("Image Name")), () => x.Slot(4))
            .Element("Data", () => x.Attribute("Name", () => x.Text("LogonId")), () => x.Slot(5, 0x15)));
    });

    /// <summary>Everything that is in a file, in one of the two forms.</summary>
    public static EvtxContents Read(byte[] file, bool nested = false) => Read(new MemoryStream(file), nested);

    public static EvtxContents Read(Stream stream, bool nested = false)
    {
        using var source = Assert.IsType<EvtxSource>(EventFiles.Open(stream, ReadLimits.Default));
        var parser = nested ? source.CreateNestedParser() : source.CreateParser();
        var contents = new EvtxContents(source, [], []);
        var record = new EventRecord();
        var block = new EventBlock();
        var buffer = new ArrayBufferWriter<byte>();
        while (source.Read(block))
        {
            parser.Start(block);
            while (parser.Next(record, out var reason) is var outcome and not ParseOutcome.End)
            {
                if (outcome == ParseOutcome.Rejected)
                {
                    contents.Rejected.Add((record.Position, reason!));
                    continue;
                }

                buffer.ResetWrittenCount();
                using var json = new Utf8JsonWriter(buffer);
                EventJson.Write(record, json);
                json.Flush();
                contents.Events.Add(new(record.Position, JsonNode.Parse(buffer.WrittenSpan)!.AsObject(), record.Raw.Length));
            }
        }

        return contents;
    }
}

internal sealed record EvtxEvent(long Position, JsonObject Json, int RawLength);

internal sealed record EvtxContents(BlockSource Source, List<EvtxEvent> Events, List<(long Position, string Reason)> Rejected);
