using System.Buffers;

namespace Watchhouse.Sigma;

/// <summary>
/// Reads the YAML that rules are usually written in: one document in block style, with values on one line or literal
/// blocks. Anything else is left to the whole reader (<see cref="YamlReader"/>), and so are all faults; what is read here
/// is the same to the letter. Most of the time of reading rules went into YAML, of whose riches hardly any rule makes use.
/// </summary>
internal sealed class PlainYaml
{
    private const int MostDepth = 30;
    private const int MostText = 200_000;
    private const int LongestKey = 500;

    private static readonly SearchValues<char> Unusual = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f\u0085\u2028\u2029\ufeff");

    private static readonly SearchValues<char> OddInKey = SearchValues.Create("[]{},'\"&*");

    private readonly string _text;
    private int _at;
    private int _line = 1;
    private int _lineStart;
    private int _indent;
    private int _depth;
    private bool _failed;

    private PlainYaml(string text) => _text = text;

    /// <summary>The document, or null where the text is not of this kind.</summary>
    public static YamlDocument? TryRead(string text)
    {
        if (text.Length > MostText || text.AsSpan().ContainsAny(Unusual)) return null;
        foreach (var each in text)
        {
            // Other control characters, and halves of characters, are for the whole reader to judge.
            if (each is >= '\u0080' and < '\u00A0' || char.IsSurrogate(each)) return null;
        }

        var reader = new PlainYaml(text);
        return reader.Document();
    }

    private bool AtEnd => _at >= _text.Length;

    private YamlDocument? Document()
    {
        NextLine(first: true);
        if (AtEnd || _indent != 0) return null;
        var (start, line) = (_at, _line);
        if (Mapping(0) is not { } root || _failed || !AtEnd) return null;
        return new(root, line, null, _text[start..]);
    }

    // Goes to the first character of the next line that is neither empty nor a comment.
    private void NextLine(bool first = false)
    {
        if (!first)
        {
            var end = _text.IndexOf('\n', _at);
            if (end < 0)
            {
                _at = _text.Length;
                return;
            }

            _at = end + 1;
            _line++;
        }

        while (true)
        {
            _lineStart = _at;
            while (!AtEnd && _text[_at] == ' ') _at++;
            if (AtEnd) return;
            if (_text[_at] == '#')
            {
                _at = _text.IndexOf('\n', _at);
                if (_at < 0) _at = _text.Length;
                if (AtEnd) return;
            }

            if (_text[_at] != '\n') break;
            _at++;
            _line++;
        }

        _indent = _at - _lineStart;
        // Marks of documents and directives stand in the first column.
        if (_indent == 0 && (_text[_at] == '%' || Stands("---") || Stands("..."))) _failed = true;
    }

    private bool Stands(string mark) => string.CompareOrdinal(_text, _at, mark, 0, mark.Length) == 0;

    private bool IsItem => _text[_at] == '-' && (_at + 1 == _text.Length || _text[_at + 1] is ' ' or '\n');

    private YamlMap? Mapping(int column)
    {
        if (++_depth > MostDepth) return Fail<YamlMap>();
        var line = _line;
        var entries = new List<KeyValuePair<string, YamlNode>>();
        do
        {
            if (IsItem || Key() is not { } key) return Fail<YamlMap>();
            foreach (var entry in entries)
            {
                if (entry.Key == key) return Fail<YamlMap>();
            }

            if (Value(column) is not { } value) return Fail<YamlMap>();
            entries.Add(new(key, value));
        }
        while (!_failed && !AtEnd && _indent == column && !IsItem);
        _depth--;
        return !_failed && (AtEnd || _indent < column || (_indent == column && IsItem)) ? new(entries, line) : Fail<YamlMap>();
    }

    private YamlList? Sequence(int column)
    {
        if (++_depth > MostDepth) return Fail<YamlList>();
        var line = _line;
        var items = new List<YamlNode>();
        do
        {
            var itemLine = _line;
            _at++;
            SkipBlanks();
            YamlNode? item;
            if (IsEndOfLine())
            {
                NextLine();
                item = !AtEnd && !_failed && _indent > column ? Block() : new YamlScalar("", IsPlain: true, itemLine);
            }
            else if (IsItem)
            {
                return Fail<YamlList>();
            }
            else
            {
                var content = _at - _lineStart;
                item = StartsWithKey() ? Mapping(_indent = content) : Scalar(column);
            }

            if (item is null) return Fail<YamlList>();
            items.Add(item);
        }
        while (!_failed && !AtEnd && _indent == column && IsItem);
        _depth--;
        return !_failed && (AtEnd || _indent <= column) ? new(items, line) : Fail<YamlList>();
    }

    private YamlNode? Block() => IsItem ? Sequence(_indent) : Mapping(_indent);

    // Stands behind the colon of a key; the value is there or on the lines below.
    private YamlNode? Value(int column)
    {
        var line = _line;
        SkipBlanks();
        if (!IsEndOfLine()) return _text[_at] == '|' ? Literal(column) : Scalar(column);
        NextLine();
        if (_failed) return null;
        if (!AtEnd && (_indent > column || (_indent == column && IsItem))) return Block();
        return new YamlScalar("", IsPlain: true, line);
    }

    private void SkipBlanks()
    {
        while (!AtEnd && _text[_at] == ' ') _at++;
    }

    // A comment needs a blank before it.
    private bool IsEndOfLine() => AtEnd || _text[_at] == '\n' || (_text[_at] == '#' && _text[_at - 1] == ' ');

    private bool StartsWithKey()
    {
        var (at, failed) = (_at, _failed);
        var isKey = Key() is not null;
        (_at, _failed) = (at, failed);
        return isKey;
    }

    // A key and the colon behind it.
    private string? Key()
    {
        var start = _at;
        string? key;
        if (_text[_at] is '\'' or '"')
        {
            key = Quoted();
            if (key is null || AtEnd || _text[_at] != ':') return null;
        }
        else
        {
            if (!MayStartPlain()) return null;
            while (!AtEnd && _text[_at] != '\n' && !IsColon(_at))
            {
                if (_text[_at] == '#' && _text[_at - 1] == ' ') return null;
                _at++;
            }

            if (AtEnd || _text[_at] != ':' || _text[_at - 1] == ' ') return null;
            key = _text[start.._at];
            // Marks of flow style and quotes within a plain key are read by the whole reader in ways of its own.
            if (key.AsSpan().ContainsAny(OddInKey)) return null;
        }

        if (_at - start > LongestKey || !IsColon(_at)) return null;
        _at++;
        return key;
    }

    private bool IsColon(int at) => _text[at] == ':' && (at + 1 == _text.Length || _text[at + 1] is ' ' or '\n');

    private bool MayStartPlain() => _text[_at] switch
    {
        ',' or '[' or ']' or '{' or '}' or '#' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' or '?' or ':' => false,
        '-' => _at + 1 < _text.Length && _text[_at + 1] is not (' ' or '\n'),
        _ => true,
    };

    // A value that ends with its line; what goes on below it is for the whole reader.
    private YamlScalar? Scalar(int column)
    {
        var line = _line;
        string? value;
        var isPlain = _text[_at] is not ('\'' or '"');
        if (isPlain)
        {
            if (!MayStartPlain()) return null;
            var start = _at;
            while (!AtEnd && _text[_at] != '\n' && !(_text[_at] == '#' && _text[_at - 1] == ' '))
            {
                if (IsColon(_at)) return null;
                _at++;
            }

            var end = _at;
            while (_text[end - 1] == ' ') end--;
            value = _text[start..end];
        }
        else
        {
            value = Quoted();
            if (value is null) return null;
            if (!AtEnd && _text[_at] is not (' ' or '\n')) return null;
            SkipBlanks();
            if (!IsEndOfLine()) return null;
        }

        NextLine();
        if (_failed || (!AtEnd && _indent > column)) return null;
        return new(value, isPlain, line);
    }

    // Stands behind the closing mark afterwards.
    private string? Quoted()
    {
        var mark = _text[_at];
        var start = ++_at;
        var doubled = false;
        while (!AtEnd && _text[_at] != '\n')
        {
            if (mark == '"' && _text[_at] == '\\') return null;
            if (_text[_at] == mark)
            {
                if (mark == '"' || _at + 1 == _text.Length || _text[_at + 1] != '\'')
                {
                    var value = _text[start.._at++];
                    return doubled ? value.Replace("''", "'", StringComparison.Ordinal) : value;
                }

                doubled = true;
                _at++;
            }

            _at++;
        }

        return null;
    }

    // A literal block; its indentation is that of its first line, and the last line feed stays unless "|-" is written.
    private YamlScalar? Literal(int column)
    {
        var line = _line;
        _at++;
        var strip = !AtEnd && _text[_at] == '-';
        if (strip) _at++;
        if (AtEnd || _text[_at] != '\n') return null;
        var start = _at + 1;
        var indent = start;
        while (indent < _text.Length && _text[indent] == ' ') indent++;
        indent -= start;
        if (start + indent >= _text.Length || _text[start + indent] == '\n' || indent <= column) return null;
        var value = new System.Text.StringBuilder();
        var feeds = 0;
        var at = start;
        while (at < _text.Length)
        {
            var end = _text.IndexOf('\n', at);
            // A last line without a line feed has subtleties of its own.
            if (end < 0) return null;
            var blanks = 0;
            while (blanks < indent && at + blanks < end && _text[at + blanks] == ' ') blanks++;
            if (at + blanks == end)
            {
                feeds++;
            }
            else if (blanks < indent)
            {
                break;
            }
            else
            {
                value.Append('\n', feeds).Append(_text, at + indent, end - at - indent);
                feeds = 1;
            }

            at = end + 1;
            _line++;
        }

        if (!strip) value.Append('\n');
        _at = at;
        _line++;
        NextLine(first: true);
        return _failed || (!AtEnd && _indent > column) ? null : new(value.ToString(), IsPlain: false, line);
    }

    private T? Fail<T>()
        where T : class
    {
        _failed = true;
        return null;
    }
}
