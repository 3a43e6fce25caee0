using System.Buffers.Binary;

namespace Watchhouse.Telemetry;

/// <summary>A template's definition as it was read first, with the program made of it or the reason why there is none.</summary>
internal sealed class BinXmlTemplate(byte[] image, BinXmlNameUse[] uses, byte[] names, bool holdsInstances)
{
    public BinXmlProgram? Program { get; init; }

    public string? Failure { get; init; }

    public int Size => image.Length + names.Length + (uses.Length * 12) + (Program?.Size ?? 0);

    /// <summary>
    /// True where the definition at an offset of another chunk is the same: equal bytes but for the offsets of names, and
    /// equal names at those offsets.
    /// </summary>
    public bool Equals(ReadOnlySpan<byte> chunk, int start, int length)
    {
        if (holdsInstances || Failure is not null || length != image.Length) return false;
        var definition = chunk.Slice(start, length);
        var (compared, name) = (0, 0);
        foreach (var use in uses)
        {
            if (!definition[compared..use.Field].SequenceEqual(image.AsSpan(compared, use.Field - compared))) return false;
            var at = BinaryPrimitives.ReadUInt32LittleEndian(definition[use.Field..]);
            // A name has the offset of another in front, which differs from chunk to chunk and says nothing.
            compared = use.Field + sizeof(uint);
            if (use.IsInline != (at == start + compared)) return false;
            if (use.IsInline) compared += sizeof(uint);
            if (at > chunk.Length - use.Length) return false;
            var bytes = chunk.Slice((int)at + sizeof(uint), use.Length - sizeof(uint));
            if (!bytes.SequenceEqual(names.AsSpan(name, bytes.Length))) return false;
            name += bytes.Length;
        }

        return definition[compared..].SequenceEqual(image.AsSpan(compared));
    }
}

/// <summary>
/// The templates that a parser has met: by their place in the chunk, and by their identifier across chunks, so that one
/// that stands in every chunk of a file is read once. Bounded: when it is full it starts anew between two chunks.
/// </summary>
internal sealed class BinXmlTemplates(ReadLimits limits)
{
    private const int DefinitionHeader = 24;
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly Dictionary<int, BinXmlTemplate> _byOffset = [];
    private readonly Dictionary<Guid, List<BinXmlTemplate>> _byId = [];
    private long _bytes;

    public BinXmlCompiler Compiler { get; } = new(limits);

    public FlatCompiler FlatCompiler { get; } = new();

    /// <summary>Names and constant values of all flat operations.</summary>
    public SharedBytes Shared { get; private set; } = new();

    /// <summary>Forgets places: the next offsets are those of another chunk.</summary>
    public void BeginChunk()
    {
        _byOffset.Clear();
        if (_bytes + Shared.Length < MostBytes) return;
        _byId.Clear();
        _bytes = 0;
        Shared = new();
    }

    /// <summary>The program of the definition at an offset of the chunk.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public BinXmlProgram Get(ReadOnlySpan<byte> chunk, int offset)
    {
        if (!_byOffset.TryGetValue(offset, out var template))
        {
            // All definitions of a real chunk lie in its 64 KiB side by side.
            if (_bytes + Shared.Length > MostBytes * 2) throw new InvalidDataException("The chunk holds too many templates.");
            _byOffset[offset] = template = Find(chunk, offset);
        }

        return template.Program ?? throw new InvalidDataException(template.Failure);
    }

    private BinXmlTemplate Find(ReadOnlySpan<byte> chunk, int offset)
    {
        if (offset < EvtxFormat.ChunkHeaderSize || offset > chunk.Length - DefinitionHeader)
            return Failed("the definition of a template lies outside its chunk");
        var start = offset + DefinitionHeader;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[(start - sizeof(uint))..]);
        if (length > chunk.Length - start) return Failed("the definition of a template ends outside its chunk");
        var id = new Guid(chunk.Slice(offset + sizeof(uint), 16));
        if (!_byId.TryGetValue(id, out var known)) _byId.Add(id, known = []);
        foreach (var template in known)
        {
            if (template.Equals(chunk, start, (int)length)) return template;
        }

        var made = Make(chunk, start, (int)length);
        _bytes += made.Size;
        if (made.Failure is null && known.Count < 64) known.Add(made);
        return made;

        BinXmlTemplate Failed(string what) => new([], [], [], true) { Failure = BinXmlCursor.Broken(offset, what).Message };
    }

    private BinXmlTemplate Make(ReadOnlySpan<byte> chunk, int start, int length)
    {
        try
        {
            var program = new BinXmlProgram();
            Compiler.Compile(program, chunk, start, start + length, inTemplate: true);
            var names = new List<byte>();
            var uses = new List<BinXmlNameUse>();
            foreach (var use in Compiler.NameUses)
            {
                uses.Add(new(use.Field - start, use.Name - start, use.Length));
                names.AddRange(chunk.Slice(use.Name + sizeof(uint), use.Length - sizeof(uint)));
            }

            return new(chunk.Slice(start, length).ToArray(), [.. uses], [.. names], Compiler.HoldsInstances) { Program = program };
        }
        catch (InvalidDataException e)
        {
            return new([], [], [], true) { Failure = e.Message };
        }
    }
}
