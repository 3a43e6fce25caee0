namespace Watchhouse.Telemetry;

/// <summary>
/// Cells of a row as RFC 4180 writes them: a cell that begins with a quotation mark ends at the next single one, and may hold
/// separators, line feeds and doubled quotation marks. A mark inside an unquoted cell is an ordinary character.
/// </summary>
internal ref struct RowReader(ReadOnlySpan<byte> row, byte separator)
{
    private ReadOnlySpan<byte> _rest = row;
    private bool _ended;

    /// <summary>The current cell as it stands, without its outer quotation marks.</summary>
    public ReadOnlySpan<byte> Cell { get; private set; }

    /// <summary>True where the current cell was quoted.</summary>
    public bool IsQuoted { get; private set; }

    /// <summary>True where the cell holds doubled quotation marks that stand for single ones.</summary>
    public bool HasDoubled { get; private set; }

    /// <summary>False where a quotation mark was opened and never closed.</summary>
    public bool IsWhole { get; private set; } = true;

    public bool Next()
    {
        if (_ended) return false;
        (IsQuoted, HasDoubled) = (false, false);
        if (!_rest.IsEmpty && _rest[0] == (byte)'"' && Quoted()) return true;
        var end = _rest.IndexOf(separator);
        _ended = end < 0;
        Cell = _ended ? _rest : _rest[..end];
        _rest = _ended ? default : _rest[(end + 1)..];
        return true;
    }

    /// <summary>Length of the first row with its line feed; 0 where it is not whole.</summary>
    public static int RowLength(ReadOnlySpan<byte> text, byte separator)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == (byte)'"')
            {
                for (at++; ; at++)
                {
                    var mark = text[at..].IndexOf((byte)'"');
                    if (mark < 0) return 0;
                    at += mark + 1;
                    // The last byte seen may be half of a doubled mark.
                    if (at == text.Length) return 0;
                    if (text[at] != (byte)'"') break;
                }
            }

            var next = text[at..].IndexOfAny(separator, (byte)'\n');
            if (next < 0) return 0;
            at += next + 1;
            if (text[at - 1] == (byte)'\n') return at;
        }

        return 0;
    }

    private bool Quoted()
    {
        var at = 1;
        while (true)
        {
            var mark = _rest[at..].IndexOf((byte)'"');
            if (mark < 0)
            {
                IsWhole = false;
                Cell = _rest[1..];
                _rest = default;
                _ended = IsQuoted = true;
                return true;
            }

            at += mark + 1;
            if (at < _rest.Length && _rest[at] == (byte)'"')
            {
                HasDoubled = true;
                at++;
                continue;
            }

            Cell = _rest[1..(at - 1)];
            IsQuoted = true;
            // What stands between the closing mark and the separator is no part of the cell.
            var end = _rest[at..].IndexOf(separator);
            _ended = end < 0;
            _rest = _ended ? default : _rest[(at + end + 1)..];
            return true;
        }
    }
}
