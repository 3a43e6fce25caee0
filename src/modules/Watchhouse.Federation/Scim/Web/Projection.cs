using System.Text.Json.Nodes;
using Watchhouse.Federation.Scim.Filters;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Web;

/// <summary>Which attributes a client wants back: 'attributes' or 'excludedAttributes' (RFC 7644 section 3.9).</summary>
internal sealed class Projection
{
    private const int Most = 100;

    private readonly List<ScimPath> _only;
    private readonly List<ScimPath> _except;

    private Projection(List<ScimPath> only, List<ScimPath> except) => (_only, _except) = (only, except);

    public static Projection Of(IEnumerable<string> only, IEnumerable<string> except)
    {
        var projection = new Projection(Paths(only), Paths(except));
        return projection._only.Count > 0 && projection._except.Count > 0
            ? throw ScimException.Bad(ScimErrors.InvalidValue, "'attributes' and 'excludedAttributes' exclude each other; send one of them.")
            : projection;
    }

    /// <summary>Whether an attribute will be in the answer, so that a costly one need not be fetched.</summary>
    public bool Includes(string attribute) => _only.Count > 0
        ? _only.Exists(p => Is(p, attribute))
        : !_except.Exists(p => Is(p, attribute) && p.Part is null);

    public JsonObject Apply(JsonObject resource, ScimKind kind)
    {
        if (_only.Count == 0 && _except.Count == 0) return resource;
        var result = new JsonObject();
        foreach (var (name, value) in resource)
        {
            var always = ScimAttribute.Find(kind.Attributes, name)?.Always == true;
            var named = (_only.Count > 0 ? _only : _except).Where(p => Is(p, name) && kind.Find(p) is not null).ToList();
            var whole = named.Exists(p => p.Part is null);
            if (always || (_only.Count > 0 ? whole : named.Count == 0))
                result[name] = value?.DeepClone();
            else if (named.Count > 0 && !whole)
                result[name] = Parts(value, part => named.Exists(p => part.Equals(p.Part, StringComparison.OrdinalIgnoreCase)) == (_only.Count > 0));
        }

        return result;
    }

    private static JsonNode? Parts(JsonNode? value, Func<string, bool> keep) => value switch
    {
        JsonArray array => new JsonArray([.. array.Select(v => Parts(v, keep))]),
        JsonObject element => new JsonObject(element.Where(p => keep(p.Key)).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))),
        _ => value?.DeepClone(),
    };

    private static bool Is(ScimPath path, string attribute) => path.Attribute.Equals(attribute, StringComparison.OrdinalIgnoreCase);

    private static List<ScimPath> Paths(IEnumerable<string> lists)
    {
        var paths = lists.SelectMany(l => l.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Take(Most + 1).Select(FilterParser.ParsePath).ToList();
        return paths.Count <= Most ? paths : throw ScimException.Bad(ScimErrors.InvalidValue, $"At most {Most} attributes can be named.");
    }
}
