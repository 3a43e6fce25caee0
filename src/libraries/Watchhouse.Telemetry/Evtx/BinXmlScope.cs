using System.Buffers.Binary;

namespace Watchhouse.Telemetry;

/// <summary>
/// What the reading of a record needs beside its tokens: the chunk that offsets refer to, templates, values of the
/// instances that are open, and the work that a record may cost.
/// </summary>
internal sealed class BinXmlScope(ReadLimits limits)
{
    // A chunk has 64 KiB: what it may become is many times what any real one does, and still no burden.
    private const int MostRecordBytes = 1024 * 1024;
    private const int MostChunkBytes = 64 * 1024 * 1024;
    private const int MostChunkSteps = 1_000_000;

    // Programs of elements that stand in the record itself, one for each that is open.
    private readonly List<BinXmlProgram> _programs = [];
    private int _spelledOut;
    private BinXmlSlot[] _slots = new BinXmlSlot[256];
    private int _slotCount;
    private byte[] _bytes = [];
    private int _chunkStart;
    private int _chunkLength;
    private int _steps;
    private int _depth;
    private int _chunkSteps;
    private int _chunkBytes;

    public BinXmlTemplates Templates { get; } = new(limits);

    public ReadOnlySpan<byte> Chunk => _bytes.AsSpan(_chunkStart, _chunkLength);

    public void BeginChunk(byte[] bytes, int start, int length)
    {
        _bytes = bytes;
        _chunkStart = start;
        _chunkLength = length;
        _chunkSteps = MostChunkSteps;
        _chunkBytes = MostChunkBytes;
        Templates.BeginChunk();
    }

    public void BeginRecord()
    {
        _slotCount = 0;
        _spelledOut = 0;
        _depth = 0;
        _steps = Math.Min(limits.Nodes, _chunkSteps);
        if (_steps <= 0 || _chunkBytes <= 0)
            throw new InvalidDataException("The records before this one in its chunk claim so much that the rest are not read.");
    }

    /// <summary>Charges the chunk with what a record cost.</summary>
    public void EndRecord(int written)
    {
        _chunkSteps -= Math.Min(limits.Nodes, _chunkSteps) - _steps;
        _chunkBytes -= written;
    }

    /// <summary>Counts one value or element that is written; a small record can claim more than anyone wants.</summary>
    public void Step(int written)
    {
        if (--_steps < 0) throw new InvalidDataException($"The record holds more than {limits.Nodes} values.");
        if (written > MostRecordBytes) throw new InvalidDataException($"The values of the record are longer than {MostRecordBytes} bytes.");
    }

    /// <summary>Goes into an element or a template instance. Their depth is counted together.</summary>
    public void Enter()
    {
        if (_depth++ == limits.Depth) throw new InvalidDataException($"Elements and templates are nested more than {limits.Depth} levels deep.");
    }

    /// <summary>Comes out of an element.</summary>
    public void Leave() => _depth--;

    /// <summary>The binary XML in a part of the chunk: mostly an instance of a template, else elements.</summary>
    public BinXmlFragment OpenFragment(int start, int end)
    {
        var cursor = new BinXmlCursor(Chunk, start, end);
        while (!cursor.IsAtEnd && cursor.Peek() == BinXmlCompiler.FragmentHeader) cursor.Take(4);
        if (cursor.IsAtEnd || cursor.Peek() != BinXmlCompiler.TemplateInstance)
        {
            Enter();
            if (_spelledOut == _programs.Count) _programs.Add(new() { OwnBytes = new() });
            var program = _programs[_spelledOut++];
            Templates.Compiler.Compile(program, Chunk, cursor.At, end, inTemplate: false);
            return new(program, _slotCount, 0);
        }

        cursor.Byte();
        return OpenInstance(cursor.At, end);
    }

    /// <summary>The instance whose token stands before an offset.</summary>
    public BinXmlFragment OpenInstance(int start, int end)
    {
        Enter();
        var cursor = new BinXmlCursor(Chunk, start, end);
        cursor.Take(5);
        var definition = cursor.UInt32();
        if (definition == cursor.At)
        {
            // The definition stands where it is used first.
            cursor.Take(20);
            var length = cursor.UInt32();
            if (length > cursor.End - cursor.At) throw BinXmlCursor.Broken(cursor.At, "the definition of a template is longer than its record");
            cursor.Take((int)length);
        }
        else if (definition > Chunk.Length)
        {
            throw BinXmlCursor.Broken(start, "an instance names a template outside its chunk");
        }

        var program = Templates.Get(Chunk, (int)definition);
        var count = cursor.UInt32();
        if (count > (cursor.End - cursor.At) / 4) throw BinXmlCursor.Broken(cursor.At, $"an instance claims {count} values");
        var first = _slotCount;
        if (_slots.Length - first < count) Array.Resize(ref _slots, Math.Max(_slots.Length * 2, first + (int)count));
        var descriptors = cursor.Take((int)count * 4);
        for (var at = 0; at < descriptors.Length; at += 4)
        {
            ref var slot = ref _slots[_slotCount++];
            slot.Start = cursor.At;
            slot.Length = BinaryPrimitives.ReadUInt16LittleEndian(descriptors[at..]);
            slot.Type = descriptors[at + 2];
            cursor.Take(slot.Length);
        }

        return new(program, first, (int)count);
    }

    /// <summary>Ends a fragment; they end in the order opposite to that in which they were opened.</summary>
    public void Close(in BinXmlFragment fragment)
    {
        _slotCount = fragment.FirstSlot;
        _depth--;
        if (fragment.Program.OwnBytes is not null) _spelledOut--;
    }

    /// <summary>A substitution's value; null where the instance has none of that number.</summary>
    public BinXmlSlot Slot(in BinXmlFragment fragment, int number) =>
        (uint)number < (uint)fragment.SlotCount ? _slots[fragment.FirstSlot + number] : default;

    /// <summary>The bytes of a value.</summary>
    public ReadOnlySpan<byte> ValueOf(in BinXmlSlot slot) => _bytes.AsSpan(_chunkStart + slot.Start, slot.Length);

    /// <summary>True where the element must not be there: it depends on a value that is null.</summary>
    public bool IsAbsent(in BinXmlFragment fragment, int dependency) =>
        dependency >= 0 && dependency < fragment.SlotCount && Slot(fragment, dependency).Type == BinXmlValue.Null;
}
