using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.Scim.Schemas;

namespace Watchhouse.Federation.Scim.Filters;

/// <summary>
/// What a filter demands that an index of the database answers. It narrows; where <see cref="Exact"/> is false the
/// filter itself is asked besides.
/// </summary>
internal sealed record FilterShape
{
    public string? UserName { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>Lower case, and of ASCII letters alone: databases disagree about the case of others.</summary>
    public string? DisplayName { get; init; }

    public PersonId? Id { get; init; }

    /// <summary>Nothing can fit: an id that no person can have.</summary>
    public bool Never { get; init; }

    /// <summary>The demands above are the whole filter.</summary>
    public bool Exact { get; init; } = true;

    public static FilterShape Of(ScimFilter? filter) => filter switch
    {
        null => new FilterShape(),
        ScimFilter.And and => Both(Of(and.Left), Of(and.Right)),
        ScimFilter.Compare { Operator: ScimOperator.Eq, Path: { Selector: null, Part: null } path, Literal.Value: string value }
            when ScimSchemas.User.Find(path) is { } attribute => Equal(attribute.Name, value),
        _ => new FilterShape { Exact = false },
    };

    private static FilterShape Equal(string attribute, string value) => attribute switch
    {
        // PostgreSQL takes neither as a parameter; nobody has such a value, and the filter finds that out.
        _ when value.Any(c => c == '\0' || char.IsSurrogate(c)) => new FilterShape { Exact = false },
#pragma warning disable CA1308 // Addresses are stored in lower case.
        "userName" => new FilterShape { UserName = value.ToLowerInvariant() },
        "displayName" when value.All(char.IsAscii) => new FilterShape { DisplayName = value.ToLowerInvariant() },
#pragma warning restore CA1308
        "externalId" => new FilterShape { ExternalId = value },
        "id" => Guid.TryParseExact(value, "D", out var id) && id.ToString() == value
            ? new FilterShape { Id = new PersonId(id) }
            : new FilterShape { Never = true },
        _ => new FilterShape { Exact = false },
    };

    private static FilterShape Both(FilterShape left, FilterShape right) => new()
    {
        UserName = left.UserName ?? right.UserName,
        ExternalId = left.ExternalId ?? right.ExternalId,
        DisplayName = left.DisplayName ?? right.DisplayName,
        Id = left.Id ?? right.Id,
        Never = left.Never || right.Never,
        // Two demands on one attribute: one of them is kept here, and the filter decides.
        Exact = left.Exact && right.Exact
            && (left.UserName is null || right.UserName is null) && (left.ExternalId is null || right.ExternalId is null)
            && (left.DisplayName is null || right.DisplayName is null) && (left.Id is null || right.Id is null),
    };
}
