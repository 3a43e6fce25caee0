using System.Globalization;
using System.Text.Json;

namespace Watchhouse.Cacao;

/// <summary>Reads the parts of a document and gathers what is wrong with their form.</summary>
internal sealed class FormReader(int mostFaults)
{
    private readonly List<CacaoFault> _faults = [];

    public IReadOnlyList<CacaoFault> Faults => _faults;

    public void Fault(string? step, string words)
    {
        if (_faults.Count < mostFaults) _faults.Add(new(step, words));
    }

    public static string Cut(string text) => text.Length <= 80 ? text : text[..80] + "…";

    public string Text(JsonElement element, string name, string? step = null)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return "";
        if (value.ValueKind == JsonValueKind.String) return value.GetString()!;
        Fault(step, $"The '{name}' of {What(step)} is not a text.");
        return "";
    }

    public IReadOnlyList<string> Texts(JsonElement element, string name, string? step = null)
    {
        if (!element.TryGetProperty(name, out var value)) return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(each => each.ValueKind == JsonValueKind.String))
            return [.. value.EnumerateArray().Select(each => each.GetString()!)];
        Fault(step, $"The '{name}' of {What(step)} is not a list of texts.");
        return [];
    }

    public int Number(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value)) return 0;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is >= 0 and <= 100) return number;
        Fault(null, $"The playbook's '{name}' is not a whole number from 0 to 100.");
        return 0;
    }

    public TimeSpan? Milliseconds(JsonElement element, string name, string step)
    {
        if (!element.TryGetProperty(name, out var value)) return null;
        // A year of milliseconds is beyond any use, and within a TimeSpan.
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number is >= 0 and <= 31_536_000_000) return TimeSpan.FromMilliseconds(number);
        Fault(step, $"The '{name}' of {What(step)} is not a whole number of milliseconds within a year.");
        return null;
    }

    public DateTimeOffset? Moment(JsonElement element, string name, bool required = false)
    {
        var text = Text(element, name);
        if (text.Length == 0)
        {
            if (required) Fault(null, $"The playbook has no '{name}'.");
            return null;
        }

        if (text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) return moment;
        Fault(null, $"The playbook's '{name}' is '{Cut(text)}'; a time is written as 2026-11-25T09:00:00.000Z.");
        return null;
    }

    public IReadOnlyDictionary<string, CacaoVariable> Variables(JsonElement element, string name, string? step)
    {
        var found = new Dictionary<string, CacaoVariable>(StringComparer.Ordinal);
        foreach (var (key, value) in Members(element, name, step))
        {
            if (!CacaoIds.IsVariable(key))
            {
                Fault(step, $"The variable '{Cut(key)}' of {What(step)} is not named as __name__.");
                continue;
            }

            var type = Text(value, "type", step);
            if (type.Length == 0) Fault(step, $"The variable '{key}' of {What(step)} has no type.");
            found[key] = new(key, type, Text(value, "description", step), Value(value), IsTrue(value, "constant"), IsTrue(value, "external"));
        }

        return found;
    }

    public IReadOnlyDictionary<string, CacaoAgent> Agents(JsonElement root, string name)
    {
        var found = new Dictionary<string, CacaoAgent>(StringComparer.Ordinal);
        foreach (var (key, value) in Members(root, name, null))
        {
            var type = Text(value, "type");
            if (!CacaoIds.IsId(key, type)) Fault(null, $"The id '{Cut(key)}' in '{name}' is not its type '{Cut(type)}', two hyphens and a UUID.");
            found[key] = new(key, type, Text(value, "name"), Text(value, "description"));
        }

        return found;
    }

    public IReadOnlyList<CacaoReference> References(JsonElement element)
    {
        if (!element.TryGetProperty("external_references", out var value) || value.ValueKind != JsonValueKind.Array) return [];
        return [.. value.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.Object)
            .Select(each => new CacaoReference(Text(each, "name"), Text(each, "description"), Text(each, "url")))];
    }

    /// <summary>The members of an object, each an object itself; one that stands there twice is a fault.</summary>
    public IEnumerable<(string Key, JsonElement Value)> Members(JsonElement element, string name, string? step)
    {
        if (!element.TryGetProperty(name, out var value)) yield break;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Fault(step, $"The '{name}' of {What(step)} is not an object.");
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Object) Fault(step, $"'{Cut(member.Name)}' in '{name}' is not an object.");
            else if (!seen.Add(member.Name)) Fault(step, $"'{Cut(member.Name)}' stands twice in '{name}'.");
            else yield return (member.Name, member.Value);
        }
    }

    public static string What(string? step) => step is null ? "the playbook" : $"step '{Cut(step)}'";

    private static string? Value(JsonElement variable) => !variable.TryGetProperty("value", out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    private static bool IsTrue(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
