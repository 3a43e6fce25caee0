using System.Globalization;
using Microsoft.AspNetCore.Http;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Scim.Groups;
using Watchhouse.Platform.Acting;

namespace Watchhouse.Federation.Scim.Web;

/// <summary>Absolute addresses of resources, as the client reached the service.</summary>
/// <param name="Base">Such as <c>https://watchhouse.example/scim/v2</c>.</param>
internal sealed record ScimAddresses(string Base)
{
    public static ScimAddresses Of(HttpRequest request) =>
        new($"{request.Scheme}://{request.Host}{request.PathBase}{ScimEndpoints.Root}");

    public string User(PersonId id) => $"{Base}/Users/{id}";

    public string Group(Role role) => $"{Base}/Groups/{ScimRoles.Word(role)}";
}

/// <summary>Versions as weak entity tags (RFC 7644 section 3.14).</summary>
internal static class ETags
{
    public static string Of(uint version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    /// <summary>Whether a list of tags of If-Match or If-None-Match names this one; weak and strong tags are compared alike.</summary>
    public static bool Names(string header, string tag) =>
        header.Split(',', StringSplitOptions.TrimEntries).Any(t => t == "*" || Bare(t) == Bare(tag));

    private static string Bare(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}
