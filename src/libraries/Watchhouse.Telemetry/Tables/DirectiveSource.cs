namespace Watchhouse.Telemetry;

/// <summary>
/// Tables whose columns are named by lines that begin with # and may come again at any place: W3C extended logs (IIS writes
/// the header anew at each start) and Zeek. Each block is given the directives in force where it begins.
/// </summary>
internal sealed class DirectiveSource(Stream stream, bool isZeek, ReadLimits limits) : LineSource(stream, limits)
{
    private DirectiveState _state = isZeek ? DirectiveState.Zeek : DirectiveState.W3c;

    public override string Format => isZeek ? "Zeek" : "W3C extended";

    public override EventParser CreateParser() => new DirectiveParser(Limits);

    protected override void Filled(EventBlock block)
    {
        block.Context = _state;
        var text = block.Bytes.AsSpan(0, block.Length);
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == (byte)'#' || (at == 0 && text.StartsWith("\uFEFF#"u8)))
            {
                var line = text[at..];
                var end = line.IndexOf((byte)'\n');
                _state = _state.After((end < 0 ? line : line[..end]).TrimEnd((byte)'\r').TrimStart("\uFEFF"u8));
            }

            var next = text[at..].IndexOf("\n#"u8);
            if (next < 0) break;
            at += next + 1;
        }
    }
}

/// <summary>The directives in force. Immutable.</summary>
internal sealed record DirectiveState(
    TableHeader? Header, bool IsZeek, byte Separator, byte[] SetSeparator, byte[] Empty, byte[] Unset, byte[] Path, bool[] IsSet)
{
    public static DirectiveState W3c { get; } = new(null, false, (byte)' ', [], [], "-"u8.ToArray(), [], []);

    public static DirectiveState Zeek { get; } = new(null, true, (byte)'\t', ","u8.ToArray(), "(empty)"u8.ToArray(), "-"u8.ToArray(), [], []);

    /// <summary>What is in force after a line that begins with #.</summary>
    public DirectiveState After(ReadOnlySpan<byte> line)
    {
        if (!IsZeek)
        {
            if (!line.StartsWith("#Fields:"u8)) return this;
            var names = line[8..].Trim(" \t"u8);
            // Exchange parts its columns by commas, IIS by blanks.
            var separator = names.Contains((byte)',') ? (byte)',' : names.Contains((byte)'\t') ? (byte)'\t' : (byte)' ';
            return this with { Header = TableHeader.Read(names, separator), Separator = separator };
        }

        // #separator alone is parted from its value by a blank, since it is what names the separator.
        if (line.StartsWith("#separator "u8)) return this with { Separator = Character(line[11..]) };
        var end = line.IndexOf(Separator);
        if (end < 1) return this;
        var value = line[(end + 1)..];
        return line[1..end] switch
        {
            var name when name.SequenceEqual("fields"u8) => this with { Header = TableHeader.Read(value, Separator), IsSet = [] },
            var name when name.SequenceEqual("types"u8) => this with { IsSet = Sets(value) },
            var name when name.SequenceEqual("path"u8) => this with { Path = value.ToArray() },
            var name when name.SequenceEqual("set_separator"u8) => this with { SetSeparator = value.ToArray() },
            var name when name.SequenceEqual("empty_field"u8) => this with { Empty = value.ToArray() },
            var name when name.SequenceEqual("unset_field"u8) => this with { Unset = value.ToArray() },
            _ => this,
        };
    }

    private bool[] Sets(ReadOnlySpan<byte> types)
    {
        var sets = new List<bool>();
        while (!types.IsEmpty && sets.Count < TableHeader.MostColumns)
        {
            var type = TextCursor.Take(ref types, Separator);
            sets.Add(type.StartsWith("set["u8) || type.StartsWith("vector["u8));
        }

        return [.. sets];
    }

    private static byte Character(ReadOnlySpan<byte> text) =>
        text.Length == 4 && text.StartsWith("\\x"u8) && TextCursor.IsHexDigit(text[2]) && TextCursor.IsHexDigit(text[3])
            ? (byte)((TextCursor.HexValue(text[2]) << 4) | TextCursor.HexValue(text[3]))
            : text.Length > 0 ? text[0] : (byte)'\t';
}
