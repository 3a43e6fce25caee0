using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Watchhouse.Telemetry;

/// <content>Names and texts: what of the tokens becomes bytes of the program.</content>
internal sealed partial class BinXmlCompiler
{
    // Offset of another name, hash, number of characters.
    private const int NameHeader = 8;
    private const int MostText = 1024 * 1024;

    // Elements of definitions begin with two bytes of a dependency, those in values mostly do not; whichever makes the
    // element's name a name is right.
    private bool HasDependency(in BinXmlCursor cursor)
    {
        var with = IsName(cursor, cursor.At + 2 + sizeof(uint));
        var without = IsName(cursor, cursor.At + sizeof(uint));
        return with == without ? _inTemplate : with;
    }

    private static bool IsName(in BinXmlCursor cursor, int field)
    {
        var chunk = cursor.Chunk;
        if (field + sizeof(uint) > chunk.Length) return false;
        var name = BinaryPrimitives.ReadUInt32LittleEndian(chunk[field..]);
        if (name > chunk.Length - NameHeader || name < EvtxFormat.ChunkHeaderSize) return false;
        var count = BinaryPrimitives.ReadUInt16LittleEndian(chunk[((int)name + 6)..]);
        if (name + NameHeader + (count * 2) > chunk.Length) return false;
        var hash = 0u;
        foreach (var unit in MemoryMarshal.Cast<byte, char>(chunk.Slice((int)name + NameHeader, count * 2))) hash = (hash * 65599) + unit;
        return (ushort)hash == BinaryPrimitives.ReadUInt16LittleEndian(chunk[((int)name + 4)..]);
    }

    // A reference to a name anywhere in the chunk; where it is used first, the name stands right there.
    private (int Start, int Length) Name(ref BinXmlCursor cursor)
    {
        var field = cursor.At;
        var at = cursor.UInt32();
        var chunk = cursor.Chunk;
        if (at > chunk.Length - NameHeader) throw BinXmlCursor.Broken(field, "a name lies outside its chunk");
        var count = BinaryPrimitives.ReadUInt16LittleEndian(chunk[((int)at + 6)..]);
        var size = NameHeader + (count * 2);
        if (at + size > chunk.Length) throw BinXmlCursor.Broken(field, "a name lies outside its chunk");
        _uses.Add(new(field, (int)at, size));
        // The name ends with a zero that its length does not count.
        if (at == cursor.At) cursor.Take(size + 2);
        if (_names.TryGetValue((int)at, out var known)) return known;
        var start = _textLength;
        AppendUtf16(chunk.Slice((int)at + NameHeader, count * 2));
        _textMayGrow = false;
        return _names[(int)at] = (start, _textLength - start);
    }

    private void Text(ReadOnlySpan<byte> utf16)
    {
        var start = _textLength;
        AppendUtf16(utf16);
        _textLength = start + BinXmlValue.AsXml(_text.AsSpan(start, _textLength - start));
        AddText(start);
    }

    private void AddText(ReadOnlySpan<byte> utf8)
    {
        var start = _textLength;
        utf8.CopyTo(Reserve(utf8.Length));
        _textLength += utf8.Length;
        AddText(start);
    }

    // Neighbouring texts become one.
    private void AddText(int start)
    {
        if (_textMayGrow && _nodes[^1] is var last && last.Start + last.Length == start)
        {
            CollectionsMarshal.AsSpan(_nodes)[^1].Length = _textLength - last.Start;
            return;
        }

        Add(BinXmlKind.Text, (start, _textLength - start), 0);
        _textMayGrow = true;
    }

    private void AppendUtf16(ReadOnlySpan<byte> utf16)
    {
        var characters = MemoryMarshal.Cast<byte, char>(utf16);
        Utf8.FromUtf16(characters, Reserve(characters.Length * 3), out _, out var written);
        _textLength += written;
    }

    private Span<byte> Reserve(int length)
    {
        if (_textLength + length > MostText) throw new InvalidDataException($"The names and texts of a template are longer than {MostText} bytes.");
        if (_text.Length - _textLength < length) Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + length));
        return _text.AsSpan(_textLength, length);
    }
}
