namespace Watchhouse.Sigma;

/// <summary>A node of a YAML document with the line it starts on, from 1.</summary>
internal abstract record YamlNode(int Line)
{
    /// <summary>The text of a scalar that is not null; else null.</summary>
    public string? Text => this is YamlScalar { IsNull: false } scalar ? scalar.Value : null;
}

/// <summary>A scalar as written; only a plain one can be null, a boolean or a number (YAML 1.2, core schema).</summary>
internal sealed record YamlScalar(string Value, bool IsPlain, int Line) : YamlNode(Line)
{
    public bool IsNull => IsPlain && (Value is "" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
internal sealed record YamlList(IReadOnlyList<YamlNode> Items, int Line) : YamlNode(Line);

/// <summary>A map in the order of the document; its keys are different.</summary>
internal sealed record YamlMap(IReadOnlyList<KeyValuePair<string, YamlNode>> Entries, int Line) : YamlNode(Line)
{
    public YamlNode? this[string key]
    {
        get
        {
            foreach (var (name, value) in Entries)
            {
                if (name == key) return value;
            }

            return null;
        }
    }
}

/// <summary>A document that cannot be used: the line and a sentence.</summary>
internal sealed class SigmaFormatException : FormatException
{
    public SigmaFormatException(int line, string reason)
        : base(reason) => Line = line;

    public int Line { get; }
}
