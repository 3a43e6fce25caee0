namespace Watchhouse.Federation.Scim;

/// <summary>The words of RFC 7644 section 3.12 that tell a client what kind of mistake it made.</summary>
internal static class ScimErrors
{
    public const string InvalidFilter = "invalidFilter";
    public const string InvalidPath = "invalidPath";
    public const string InvalidSyntax = "invalidSyntax";
    public const string InvalidValue = "invalidValue";
    public const string Mutability = "mutability";
    public const string NoTarget = "noTarget";
    public const string Uniqueness = "uniqueness";
}

/// <summary>
/// A request that is answered with a SCIM error. The pure parts throw it and nothing else; the endpoints' filter writes
/// it out.
/// </summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">The word of RFC 7644 section 3.12; null where it has none.</param>
/// <param name="detail">A sentence for people.</param>
internal sealed class ScimException(int status, string? type, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string? Type { get; } = type;

    public static ScimException Bad(string type, string detail) => new(400, type, detail);

    /// <summary>The same for what never was, what is gone and what another force owns.</summary>
    public static ScimException NotFound() => new(404, null, "There is nothing at this address. Check the id.");

    public static ScimException Stale() => new(412, null,
        "The resource is not at the version that If-Match names. Get it again and repeat the change.");
}
