using System.Globalization;

namespace Watchhouse.Sigma;

/// <summary>A map of a pipeline file that is read key by key; what nobody asked for is an error, never ignored.</summary>
internal sealed class PipelineNode(YamlMap map, string file, string what)
{
    private readonly HashSet<string> _asked = [];

    public YamlMap Map => map;

    public string File => file;

    public string What => what;

    public string Origin => string.Create(CultureInfo.InvariantCulture, $"{file}:{map.Line}");

    public YamlNode? Get(string key)
    {
        _asked.Add(key);
        return map[key];
    }

    public YamlNode Need(string key) => Get(key) ?? throw Fault(map, $"{what} needs '{key}'");

    public string? Text(string key) => Get(key) switch
    {
        null or YamlScalar { IsNull: true } => null,
        { Text: { } text } => text,
        var other => throw Fault(other, $"'{key}' must be text"),
    };

    public string NeedText(string key) => Text(key) ?? throw Fault(map, $"{what} needs '{key}'");

    public bool Flag(string key) => Text(key)?.ToLowerInvariant() switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Fault(map[key]!, $"'{key}' is true or false"),
    };

    public string Choice(string key, string fallback, params ReadOnlySpan<string> allowed)
    {
        var text = Text(key) ?? fallback;
        return allowed.Contains(text) ? text : throw Fault(map[key] ?? map, $"'{key}' must be one of {string.Join(", ", allowed.ToArray())}");
    }

    /// <summary>A text, or a list of them; null where the key is not there.</summary>
    public IReadOnlyList<string>? Texts(string key) => Get(key) is { } node ? TextsOf(node) : null;

    public IReadOnlyList<string> TextsOf(YamlNode node) => node switch
    {
        YamlList list => [.. list.Items.Select(item => item.Text ?? throw Fault(item, "a text is expected here"))],
        { Text: { } one } => [one],
        _ => throw Fault(node, "a text or a list of texts is expected here"),
    };

    /// <summary>A map of name to text or list.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Mapping(string key) => Need(key) is YamlMap mapping
        ? [.. mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, TextsOf(entry.Value)))]
        : throw Fault(map[key]!, $"'{key}' must be a map");

    public void End()
    {
        foreach (var (key, value) in map.Entries)
        {
            if (!_asked.Contains(key)) throw Fault(value, $"{what} knows no '{key}'");
        }
    }

    public FormatException Fault(YamlNode at, string reason) => new(string.Create(CultureInfo.InvariantCulture, $"{file}:{at.Line}: {reason}."));
}
