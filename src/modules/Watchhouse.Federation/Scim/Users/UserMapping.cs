using System.Text.Json.Nodes;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Users;

/// <summary>What a directory says of a person, in the words of the house.</summary>
internal sealed record UserState
{
    public required string UserName { get; init; }

    public required string Name { get; init; }

    public string? GivenName { get; init; }

    public string? FamilyName { get; init; }

    /// <summary>Null when it is the user name.</summary>
    public string? WorkEmail { get; init; }

    public string? Title { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>Null when the directory did not say.</summary>
    public bool? Active { get; init; }
}

/// <summary>Reads a user resource. Pure.</summary>
internal static class UserMapping
{
    /// <param name="document">The resource in canonical form.</param>
    /// <param name="before">What it was before a patch; null for a new or replaced resource.</param>
    public static UserState Read(JsonObject document, JsonObject? before = null)
    {
        var userName = Text(document, "userName")
            ?? throw ScimException.Bad(ScimErrors.InvalidValue, "'userName' is missing: the address the person signs in with.");
        var work = WorkEmail(document["emails"] as JsonArray);
        return new UserState
        {
            UserName = userName,
            Name = Name(document, before) ?? userName,
            GivenName = Text(document["name"], "givenName"),
            FamilyName = Text(document["name"], "familyName"),
            WorkEmail = userName.Equals(work, StringComparison.OrdinalIgnoreCase) ? null : work,
            Title = Text(document, "title"),
            ExternalId = Text(document, "externalId"),
            Active = document["active"]?.GetValue<bool>(),
        };
    }

    /// <summary>
    /// The house keeps one whole name, which displayName and name.formatted both show. A patch of either sets it; a patch
    /// of the parts alone does when the whole was made of them.
    /// </summary>
    private static string? Name(JsonObject document, JsonObject? before)
    {
        var (display, formatted, parts) = Names(document);
        if (before is null) return display ?? formatted ?? parts;
        var (oldDisplay, oldFormatted, oldParts) = Names(before);
        if (display is not null && display != oldDisplay) return display;
        if (formatted is not null && formatted != oldFormatted) return formatted;
        if (parts is not null && parts != oldParts && oldDisplay == oldParts) return parts;
        return display ?? formatted ?? parts;
    }

    private static (string? Display, string? Formatted, string? Parts) Names(JsonObject document)
    {
        var (given, family) = (Text(document["name"], "givenName"), Text(document["name"], "familyName"));
        var parts = string.Join(' ', new[] { given, family }.Where(p => p is not null));
        return (Text(document, "displayName"), Text(document["name"], "formatted"), parts.Length == 0 ? null : parts);
    }

    private static string? WorkEmail(JsonArray? emails)
    {
        var all = emails?.OfType<JsonObject>().Where(e => Text(e, "value") is not null).ToList() ?? [];
        var work = all.Find(e => "work".Equals(Text(e, "type"), StringComparison.OrdinalIgnoreCase))
            ?? all.Find(e => e["primary"]?.GetValue<bool>() == true)
            ?? all.Find(e => Text(e, "type") is null);
        return work is null ? null : Text(work, "value");
    }

    private static string? Text(JsonNode? node, string name) =>
        ScimValues.Text((node as JsonObject)?[name])?.Trim() is { Length: > 0 } text ? text : null;
}
