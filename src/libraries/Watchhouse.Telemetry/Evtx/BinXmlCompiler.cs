using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Watchhouse.Telemetry;

/// <summary>Where in a definition a name is referred to, and where in the chunk that name lies; both in the chunk's bytes.</summary>
internal readonly record struct BinXmlNameUse(int Field, int Name, int Length)
{
    /// <summary>True where the name stands right after the reference.</summary>
    public bool IsInline => Name == Field + sizeof(uint);
}

/// <summary>
/// Makes programs of tokens ([MS-EVEN6], section 2.2.12; names and sizes as libyal's EVTX description has them for files).
/// One for each parser; its tables are used again. Depth, names and text are bounded.
/// </summary>
internal sealed partial class BinXmlCompiler(ReadLimits limits)
{
    // Tokens; the bit 0x40 says that more of the kind follow.
    private const byte More = 0x40;
    private const byte EndOfFragment = 0x00;
    private const byte OpenElement = 0x01;
    private const byte CloseStart = 0x02;
    private const byte CloseEmpty = 0x03;
    private const byte EndElement = 0x04;
    private const byte ValueText = 0x05;
    private const byte AttributeToken = 0x06;
    private const byte CData = 0x07;
    private const byte CharacterReference = 0x08;
    private const byte EntityReference = 0x09;
    private const byte InstructionTarget = 0x0A;
    private const byte InstructionData = 0x0B;
    private const byte NormalSubstitution = 0x0D;
    private const byte OptionalSubstitution = 0x0E;

    /// <summary>Starts a template instance.</summary>
    public const byte TemplateInstance = 0x0C;

    /// <summary>Starts a fragment; three bytes of version and flags follow.</summary>
    public const byte FragmentHeader = 0x0F;

    private readonly List<BinXmlNode> _nodes = [];
    private readonly List<BinXmlNameUse> _uses = [];
    private readonly Dictionary<int, (int Start, int Length)> _names = [];
    private byte[] _text = new byte[4096];
    private int _textLength;
    private bool _inTemplate;
    private bool _textMayGrow;

    /// <summary>The names that the last program referred to.</summary>
    public IReadOnlyList<BinXmlNameUse> NameUses => _uses;

    /// <summary>True where the last program holds instances, whose place is this chunk's alone.</summary>
    public bool HoldsInstances { get; private set; }

    /// <summary>Fills a program with the tokens from an offset of the chunk on, up to the end of the fragment.</summary>
    /// <exception cref="InvalidDataException">They are damaged; the message is a sentence.</exception>
    public void Compile(BinXmlProgram program, ReadOnlySpan<byte> chunk, int start, int end, bool inTemplate)
    {
        _nodes.Clear();
        _uses.Clear();
        _names.Clear();
        _textLength = 0;
        _inTemplate = inTemplate;
        _textMayGrow = false;
        HoldsInstances = false;
        var cursor = new BinXmlCursor(chunk, start, end);
        while (!cursor.IsAtEnd)
        {
            var at = cursor.At;
            var token = cursor.Byte();
            if (token == EndOfFragment) break;
            if (token == FragmentHeader) cursor.Take(3);
            else Content(ref cursor, token, at, depth: 0);
        }

        program.Set(CollectionsMarshal.AsSpan(_nodes), _text.AsSpan(0, _textLength));
    }

    private void Element(ref BinXmlCursor cursor, byte token, int depth)
    {
        if (depth == limits.Depth) throw BinXmlCursor.Broken(cursor.At, $"elements are nested more than {limits.Depth} levels deep");
        var dependency = HasDependency(cursor) ? cursor.UInt16() : ushort.MaxValue;
        cursor.UInt32();
        var name = Name(ref cursor);
        if ((token & More) != 0) cursor.UInt32();
        var element = Open(BinXmlKind.Element, name, dependency == ushort.MaxValue ? -1 : dependency);
        if (StartTag(ref cursor))
        {
            while (true)
            {
                var at = cursor.At;
                var next = cursor.Byte();
                if (next == EndElement) break;
                Content(ref cursor, next, at, depth + 1);
            }
        }

        Close(element);
    }

    // Attributes up to the end of the start tag; true where content follows.
    private bool StartTag(ref BinXmlCursor cursor)
    {
        var attribute = -1;
        while (true)
        {
            var at = cursor.At;
            var token = cursor.Byte();
            var isAttribute = (token & ~More) == AttributeToken;
            if (!isAttribute && token is not (CloseStart or CloseEmpty))
            {
                if (attribute < 0 || !Piece(ref cursor, token)) throw Unexpected(at, token);
                continue;
            }

            if (attribute >= 0) Close(attribute);
            if (!isAttribute) return token == CloseStart;
            attribute = Open(BinXmlKind.Attribute, Name(ref cursor), -1);
        }
    }

    private void Content(ref BinXmlCursor cursor, byte token, int at, int depth)
    {
        switch (token & ~More)
        {
            case OpenElement:
                Element(ref cursor, token, depth);
                break;
            case TemplateInstance:
                Add(BinXmlKind.Instance, default, cursor.At);
                HoldsInstances = true;
                SkipInstance(ref cursor);
                break;
            case InstructionTarget:
                // Instructions have no place in an event's values.
                Name(ref cursor);
                break;
            case InstructionData:
                cursor.Take(cursor.UInt16() * 2);
                break;
            default:
                if (!Piece(ref cursor, token)) throw Unexpected(at, token);
                break;
        }
    }

    // A piece of text or a substitution; false where the token is something else.
    private bool Piece(ref BinXmlCursor cursor, byte token)
    {
        switch (token & ~More)
        {
            case ValueText:
                var type = cursor.Byte();
                if (type == BinXmlValue.String) Text(cursor.Take(cursor.UInt16() * 2));
                else Fixed(ref cursor, type);
                return true;
            case CData:
                Text(cursor.Take(cursor.UInt16() * 2));
                return true;
            case CharacterReference:
                Text(cursor.Take(2));
                return true;
            case EntityReference:
                var (start, length) = Name(ref cursor);
                Entity(start, length);
                return true;
            case NormalSubstitution or OptionalSubstitution:
                var slot = cursor.UInt16();
                cursor.Byte();
                Add((token & ~More) == NormalSubstitution ? BinXmlKind.Slot : BinXmlKind.OptionalSlot, default, slot);
                return true;
            default:
                return false;
        }
    }

    // [MS-EVEN6] knows only strings here; other types of a known size are read as they are in substitutions.
    private void Fixed(ref BinXmlCursor cursor, byte type)
    {
        var size = BinXmlValue.FixedSize(type);
        if (size == 0) throw BinXmlCursor.Broken(cursor.At - 1, $"a text has the type 0x{type:X2}");
        Span<byte> text = stackalloc byte[64];
        AddText(text[..BinXmlValue.Format(type, cursor.Take(size), text, HexForm.Plain)]);
    }

    private void Entity(int start, int length)
    {
        var name = _text.AsSpan(start, length);
        if (name.SequenceEqual("amp"u8)) AddText("&"u8);
        else if (name.SequenceEqual("lt"u8)) AddText("<"u8);
        else if (name.SequenceEqual("gt"u8)) AddText(">"u8);
        else if (name.SequenceEqual("quot"u8)) AddText("\""u8);
        else if (name.SequenceEqual("apos"u8)) AddText("'"u8);
        else AddText((byte[])[(byte)'&', .. name, (byte)';']);
    }

    // Walks over an instance, which is read again when its record is.
    private static void SkipInstance(ref BinXmlCursor cursor)
    {
        cursor.Take(5);
        var definition = cursor.UInt32();
        if (definition == cursor.At)
        {
            cursor.Take(20);
            cursor.Take((int)Math.Min(cursor.UInt32(), int.MaxValue));
        }

        var count = cursor.UInt32();
        if (count > (cursor.End - cursor.At) / 4) throw BinXmlCursor.Broken(cursor.At, $"an instance claims {count} values");
        var sizes = cursor.Take((int)count * 4);
        for (var at = 0; at < sizes.Length; at += 4) cursor.Take(BinaryPrimitives.ReadUInt16LittleEndian(sizes[at..]));
    }

    private int Open(BinXmlKind kind, (int Start, int Length) name, int slot)
    {
        _textMayGrow = false;
        return Add(kind, name, slot);
    }

    private void Close(int container)
    {
        CollectionsMarshal.AsSpan(_nodes)[container].End = _nodes.Count;
        _textMayGrow = false;
    }

    private int Add(BinXmlKind kind, (int Start, int Length) text, int slot)
    {
        if (_nodes.Count == limits.Nodes) throw new InvalidDataException($"The record holds more than {limits.Nodes} values.");
        _textMayGrow = false;
        _nodes.Add(new() { Kind = kind, Start = text.Start, Length = text.Length, Slot = slot, End = _nodes.Count + 1 });
        return _nodes.Count - 1;
    }

    private static InvalidDataException Unexpected(int at, byte token) =>
        BinXmlCursor.Broken(at, $"stands the token 0x{token:X2}, which has no meaning there");
}
