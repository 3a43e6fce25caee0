using System.Text.Json.Nodes;
using Watchhouse.Federation.Scim.Filters;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Patching;

/// <summary>
/// Works out what a resource is after a patch (RFC 7644 section 3.5.2). It changes nothing itself: either all
/// operations can be done and the result is returned, or <see cref="ScimException"/> says why not.
/// Well-formed paths to attributes that are not kept do nothing, because directories send whatever their mapping holds.
/// </summary>
internal static class PatchEngine
{
    public static JsonObject Apply(JsonObject resource, IEnumerable<PatchOperation> operations, ScimKind kind)
    {
        var result = resource.DeepClone().AsObject();
        foreach (var (operation, named) in PatchRequest.WithPaths(operations, kind))
            Apply(result, operation, named, kind);
        return result;
    }

    private static void Apply(JsonObject resource, PatchOperation operation, bool named, ScimKind kind)
    {
        var path = operation.Path!;
        if (Target(path, named, kind) is not { } attribute) return;
        if (path.Selector is { } selector) FilterEvaluator.Check(new ScimFilter.Some(path), kind);
        if (attribute.MultiValued)
            Many(resource, attribute, path, operation);
        else if (path.Part is not null)
            InPart(resource, attribute, path.Part, operation);
        else if (operation.Clears)
            Clear(resource, attribute);
        else if (attribute.Type == ScimType.Complex)
            Merge(Child(resource, attribute.Name), ScimValues.Single(attribute, operation.Value!).AsObject());
        else
            resource[attribute.Name] = ScimValues.Single(attribute, operation.Value!);
    }

    /// <summary>The attribute to change; null when it is not kept here.</summary>
    public static ScimAttribute? Target(ScimPath path, bool named, ScimKind kind)
    {
        if (kind.Find(path) is not { } attribute || attribute.Name == "schemas") return null;
        if (attribute.Mutability == ScimMutability.ReadOnly)
        {
            // RFC 7644 section 3.5.2: a path to a read-only attribute is an error; inside a whole object it is passed over.
            return named ? throw ScimException.Bad(ScimErrors.Mutability, $"'{attribute.Name}' cannot be changed. {attribute.Description}") : null;
        }

        if (path.Selector is not null && !attribute.MultiValued)
            throw ScimException.Bad(ScimErrors.InvalidPath, $"'{attribute.Name}' has one value, so nothing is chosen in brackets.");
        if (path.Part is not null && attribute.Type != ScimType.Complex)
            throw ScimException.Bad(ScimErrors.InvalidPath, $"'{attribute.Name}' has no parts.");
        return path.Part is { } part && attribute.Part(part) is null ? null : attribute;
    }

    private static void Clear(JsonObject resource, ScimAttribute attribute)
    {
        // RFC 7644 section 3.5.2.2: a required attribute cannot be removed.
        if (attribute.Required)
            throw ScimException.Bad(ScimErrors.Mutability, $"'{attribute.Name}' is required and cannot be removed.");
        resource.Remove(attribute.Name);
    }

    private static void InPart(JsonObject resource, ScimAttribute attribute, string name, PatchOperation operation) =>
        SetPart(Child(resource, attribute.Name), attribute.Part(name)!, operation);

    private static void SetPart(JsonObject element, ScimAttribute part, PatchOperation operation)
    {
        if (operation.Clears) element.Remove(part.Name);
        else element[part.Name] = ScimValues.Single(part, operation.Value!);
    }

    private static void Many(JsonObject resource, ScimAttribute attribute, ScimPath path, PatchOperation operation)
    {
        var values = resource[attribute.Name] as JsonArray;
        if (values is null) resource[attribute.Name] = values = [];
        if (path.Selector is null && path.Part is null)
            Whole(values, attribute, operation);
        else
            Chosen(values, attribute, path, operation);
        if (values.Count == 0) Clear(resource, attribute);
    }

    private static void Whole(JsonArray values, ScimAttribute attribute, PatchOperation operation)
    {
        var sent = operation.Value is null ? [] : ScimValues.Coerce(attribute, operation.Value).AsArray();
        if (operation is { Verb: PatchVerb.Remove, Value: not null })
        {
            // The older flavour of Microsoft Entra ID names the values to remove in 'value'.
            var gone = sent.Select(Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
            values.RemoveAll(v => gone.Contains(Key(v)));
            return;
        }

        if (operation.Clears || operation.Verb == PatchVerb.Replace) values.Clear();
        foreach (var value in sent.Select(v => v!.DeepClone().AsObject()))
        {
            // Two addresses of one type cannot be told apart by a directory, so a new one takes the place of the old.
            var same = values.OfType<JsonObject>().FirstOrDefault(v =>
                Key(v) == Key(value) || (ScimValues.Text(value["type"]) is { } type && type == ScimValues.Text(v["type"])));
            if (same is null) values.Add(value);
            else Merge(same, value);
        }
    }

    private static void Chosen(JsonArray values, ScimAttribute attribute, ScimPath path, PatchOperation operation)
    {
        var chosen = values.OfType<JsonObject>()
            .Where(v => path.Selector is null || FilterEvaluator.MatchesValue(path.Selector, v, attribute))
            .ToList();
        if (operation.Clears && path.Part is null)
        {
            foreach (var value in chosen) values.Remove(value);
            return;
        }

        if (chosen.Count == 0 && !operation.Clears)
        {
            var made = new JsonObject();
            if (path.Selector is not null && !Demand(path.Selector, made, attribute))
                throw ScimException.Bad(ScimErrors.NoTarget, $"No value of '{attribute.Name}' fits '{FilterText.Short(path.ToString())}'.");
            values.Add(made);
            chosen.Add(made);
        }

        foreach (var value in chosen)
        {
            if (path.Part is { } part) SetPart(value, attribute.Part(part)!, operation);
            else Merge(value, ScimValues.Single(attribute, operation.Value!).AsObject());
        }
    }

    /// <summary>Makes a value that fits the selector, if it only demands equalities: a directory fills in an absent address so.</summary>
    private static bool Demand(ScimFilter selector, JsonObject value, ScimAttribute attribute)
    {
        switch (selector)
        {
            case ScimFilter.And and:
                return Demand(and.Left, value, attribute) && Demand(and.Right, value, attribute);
            case ScimFilter.Compare { Operator: ScimOperator.Eq, Path: { Schema: null, Part: null } path } compare
                when attribute.Part(path.Attribute) is { } part && compare.Literal.Value is string or bool:
                value[part.Name] = ScimValues.Single(part,
                    compare.Literal.Value is bool truth ? JsonValue.Create(truth) : JsonValue.Create((string)compare.Literal.Value!));
                return true;
            default:
                return false;
        }
    }

    private static JsonObject Child(JsonObject resource, string name)
    {
        if (resource[name] is JsonObject child) return child;
        child = [];
        resource[name] = child;
        return child;
    }

    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from) into[name] = value?.DeepClone();
    }

    private static string Key(JsonNode? value) => ScimValues.Text((value as JsonObject)?["value"]) ?? "";
}
