using Watchhouse.Federation.Scim.Filters;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Patching;

/// <summary>What a patch or replacement means for a group, so that a large group need not be loaded to change it.</summary>
internal sealed class GroupChange
{
    /// <summary>The name that was sent; null when none was.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Whether <see cref="ExternalId"/> is to be written.</summary>
    public bool Links { get; set; }

    public string? ExternalId { get; set; }

    /// <summary>True when nobody remains but those added.</summary>
    public bool OnlyAdded { get; private set; }

    public HashSet<string> Added { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Removed { get; } = new(StringComparer.Ordinal);

    public bool ChangesMembers => OnlyAdded || Added.Count > 0 || Removed.Count > 0;

    public void Add(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            Added.Add(id);
            Removed.Remove(id);
        }
    }

    public void Remove(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            Added.Remove(id);
            Removed.Add(id);
        }
    }

    public void Empty()
    {
        OnlyAdded = true;
        Added.Clear();
        Removed.Clear();
    }
}

/// <summary>Works out a patch of a group (RFC 7644 section 3.5.2), in both flavours of Microsoft Entra ID.</summary>
internal static class GroupPatch
{
    public static GroupChange Read(IEnumerable<PatchOperation> operations)
    {
        var change = new GroupChange();
        foreach (var (operation, named) in PatchRequest.WithPaths(operations, ScimSchemas.Group))
        {
            switch (PatchEngine.Target(operation.Path!, named, ScimSchemas.Group))
            {
                case { Name: "members" } members:
                    Members(change, members, operation);
                    break;
                case { Name: "externalId" } externalId:
                    change.Links = true;
                    change.ExternalId = operation.Clears ? null : ScimValues.Text(ScimValues.Single(externalId, operation.Value!));
                    break;
                case { Name: "displayName" } displayName:
                    if (operation.Clears)
                        throw ScimException.Bad(ScimErrors.Mutability, "'displayName' is required and cannot be removed.");
                    change.DisplayName = ScimValues.Text(ScimValues.Single(displayName, operation.Value!));
                    break;
            }
        }

        return change;
    }

    /// <summary>The ids in a list of members.</summary>
    public static IEnumerable<string> Ids(ScimAttribute members, System.Text.Json.Nodes.JsonNode value) =>
        ScimValues.Coerce(members, value).AsArray().Select(member => ScimValues.Text(member?["value"])
            ?? throw ScimException.Bad(ScimErrors.InvalidValue, "A member has a 'value': the id of a person."));

    private static void Members(GroupChange change, ScimAttribute members, PatchOperation operation)
    {
        var path = operation.Path!;
        if (path.Selector is { } selector)
        {
            if (operation.Verb != PatchVerb.Remove || path.Part is not null)
                throw ScimException.Bad(ScimErrors.InvalidPath, "Chosen members are only removed; add members with the path 'members'.");
            change.Remove(Chosen(selector));
            return;
        }

        if (path.Part is not null)
            throw ScimException.Bad(ScimErrors.InvalidPath, "Members are added and removed whole; use the path 'members'.");
        var ids = operation.Value is null ? [] : Ids(members, operation.Value).ToList();
        switch (operation.Verb)
        {
            case PatchVerb.Add:
                change.Add(ids);
                break;
            case PatchVerb.Replace:
                change.Empty();
                change.Add(ids);
                break;
            // An empty list names nobody; only an absent one means everybody (RFC 7644 section 3.5.2.2).
            case PatchVerb.Remove when operation.Value is not null:
                change.Remove(ids);
                break;
            default:
                change.Empty();
                break;
        }
    }

    private static IEnumerable<string> Chosen(ScimFilter selector) => selector switch
    {
        ScimFilter.Or or => Chosen(or.Left).Concat(Chosen(or.Right)),
        ScimFilter.Compare { Operator: ScimOperator.Eq, Literal.Value: string id, Path: { Schema: null, Part: null } path }
            when path.Attribute.Equals("value", StringComparison.OrdinalIgnoreCase) => [id],
        _ => throw ScimException.Bad(ScimErrors.InvalidFilter, "Members are chosen by their id: members[value eq \"id\"]."),
    };
}
