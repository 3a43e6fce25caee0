using System.Text.Json.Nodes;
using Watchhouse.Federation.Scim.Filters;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Patching;

internal enum PatchVerb
{
    Add,
    Replace,
    Remove,
}

/// <summary>One operation of a patch (RFC 7644 section 3.5.2).</summary>
/// <param name="Verb">What to do.</param>
/// <param name="Path">Where; null when the value's own members say it.</param>
/// <param name="Value">With what; null when none was sent, or JSON null.</param>
internal sealed record PatchOperation(PatchVerb Verb, ScimPath? Path, JsonNode? Value)
{
    /// <summary>Whether nothing is to remain there: a removal, or null, which means unassigned (RFC 7643 section 2.5).</summary>
    public bool Clears => Verb == PatchVerb.Remove || Value is null;
}

/// <summary>Reads the body of a patch.</summary>
internal static class PatchRequest
{
    private const int Most = 1000;

    public static IReadOnlyList<PatchOperation> Read(JsonObject body)
    {
        ScimValues.RequireSchema(body, ScimUrns.Patch);
        if (body["Operations"] is not JsonArray { Count: > 0 } operations)
            throw ScimException.Bad(ScimErrors.InvalidSyntax, "'Operations' is missing: an array of at least one operation.");
        if (operations.Count > Most)
            throw ScimException.Bad(ScimErrors.InvalidValue, $"A patch has at most {Most} operations; this one has {operations.Count}.");
        return [.. operations.Select(Operation)];
    }

    private static PatchOperation Operation(JsonNode? node)
    {
        if (node is not JsonObject operation)
            throw ScimException.Bad(ScimErrors.InvalidSyntax, "An operation is an object with 'op', 'path' and 'value'.");
        // Microsoft Entra ID writes the verbs with a capital.
        var verb = ScimValues.Text(operation["op"]) switch
        {
            { } word when word.Equals("add", StringComparison.OrdinalIgnoreCase) => PatchVerb.Add,
            { } word when word.Equals("replace", StringComparison.OrdinalIgnoreCase) => PatchVerb.Replace,
            { } word when word.Equals("remove", StringComparison.OrdinalIgnoreCase) => PatchVerb.Remove,
            _ => throw ScimException.Bad(ScimErrors.InvalidSyntax, "'op' is one of add, replace and remove."),
        };
        ScimPath? path = null;
        if (operation["path"] is { } written)
        {
            var text = ScimValues.Text(written) ?? throw ScimException.Bad(ScimErrors.InvalidPath, "'path' is text.");
            path = text.Length == 0 ? null : FilterParser.ParsePath(text);
        }

        if (path is null && verb == PatchVerb.Remove)
            throw ScimException.Bad(ScimErrors.NoTarget, "A removal needs a 'path' that says what to remove.");
        if (path is null && operation["value"] is not JsonObject)
            throw ScimException.Bad(ScimErrors.InvalidValue, "Without a 'path' the 'value' is an object of attributes.");
        return new PatchOperation(verb, path, operation["value"]);
    }

    /// <summary>
    /// The operations with a path each: those without one are taken apart. Members may be whole paths
    /// (<c>name.givenName</c>), as Microsoft Entra ID writes them.
    /// </summary>
    public static IEnumerable<(PatchOperation Operation, bool Named)> WithPaths(IEnumerable<PatchOperation> operations, ScimKind kind)
    {
        foreach (var operation in operations)
        {
            var whole = operation.Path is { Attribute.Length: 0 };
            if (operation.Path is not null && !whole)
            {
                yield return (operation, true);
            }
            else if ((operation.Path is null || IsOf(operation.Path, kind)) && operation.Value is JsonObject members)
            {
                foreach (var (name, value) in members)
                {
                    var path = FilterParser.ParsePath(name);
                    if (path.Attribute.Length == 0)
                    {
                        if (IsOf(path, kind) && value is JsonObject inner)
                            foreach (var (part, sent) in inner)
                                yield return (new PatchOperation(operation.Verb, FilterParser.ParsePath(part), sent), false);
                        continue;
                    }

                    yield return (new PatchOperation(operation.Verb, path, value), false);
                }
            }
        }
    }

    private static bool IsOf(ScimPath path, ScimKind kind) =>
        kind.Urn.Equals(path.Schema, StringComparison.OrdinalIgnoreCase);
}
