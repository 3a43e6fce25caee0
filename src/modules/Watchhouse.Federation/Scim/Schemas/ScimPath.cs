using Watchhouse.Federation.Scim.Filters;

namespace Watchhouse.Federation.Scim.Schemas;

/// <summary>
/// Names an attribute in a filter or a patch: <c>userName</c>, <c>name.givenName</c>,
/// <c>emails[type eq "work"].value</c>, or the same behind a schema's URN (RFC 7644 section 3.10).
/// </summary>
/// <param name="Schema">The URN before the name; null when none was written.</param>
/// <param name="Attribute">The attribute; empty when a whole extension is named.</param>
/// <param name="Selector">What stands in brackets.</param>
/// <param name="Part">The sub-attribute.</param>
internal sealed record ScimPath(string? Schema, string Attribute, ScimFilter? Selector, string? Part)
{
    public override string ToString() =>
        (Schema is null ? "" : Attribute.Length == 0 ? Schema : Schema + ":") + Attribute
        + (Selector is null ? "" : $"[{Selector}]") + (Part is null ? "" : "." + Part);
}
