using System.Collections.Immutable;

namespace Watchhouse.Federation.Scim.Schemas;

/// <summary>The identifiers of RFC 7643 and RFC 7644.</summary>
internal static class ScimUrns
{
    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    public const string EnterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    public const string Schema = "urn:ietf:params:scim:schemas:core:2.0:Schema";
    public const string ResourceType = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    public const string Configuration = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    public const string List = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    public const string Search = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
    public const string Patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
    public const string Error = "urn:ietf:params:scim:api:messages:2.0:Error";
}

/// <summary>
/// What is kept of people and groups, as data: it answers /Schemas, guides filters and patches, and says what is
/// read-only. Attributes that directories send and that are not here are taken without complaint and dropped.
/// </summary>
internal static class ScimSchemas
{
    public static readonly ImmutableArray<ScimAttribute> Common =
    [
        new("schemas", ScimType.Reference, "The schemas of the resource.") { MultiValued = true, CaseExact = true, Always = true },
        new("id", ScimType.String, "The permanent id.") { CaseExact = true, Mutability = ScimMutability.ReadOnly, Always = true },
        new("externalId", ScimType.String, "The directory's own id.") { CaseExact = true },
        new("meta", ScimType.Complex, "When it was made and changed, and where it is.")
        {
            Mutability = ScimMutability.ReadOnly,
            Parts =
            [
                new("resourceType", ScimType.String, "User or Group.") { CaseExact = true },
                new("created", ScimType.DateTime, "When the person joined."),
                new("lastModified", ScimType.DateTime, "When what is known of the person last changed."),
                new("location", ScimType.Reference, "The address.") { CaseExact = true },
                new("version", ScimType.String, "The entity tag.") { CaseExact = true },
            ],
        },
    ];

    public static readonly ScimKind User = new("User", "Users", ScimUrns.User, "A person of the organisation.",
    [
        new("userName", ScimType.String, "The address the person signs in with, such as name@force.example.") { Required = true, Unique = true },
        new("name", ScimType.Complex, "The parts of the person's name.")
        {
            Parts =
            [
                new("formatted", ScimType.String, "The whole name; the same as displayName."),
                new("familyName", ScimType.String, "The family name."),
                new("givenName", ScimType.String, "The given name."),
            ],
        },
        new("displayName", ScimType.String, "The name that others see."),
        new("title", ScimType.String, "The post."),
        new("active", ScimType.Boolean, "False keeps the person out."),
        new("emails", ScimType.Complex, "Where to write to. One work address is kept.")
        {
            MultiValued = true,
            Parts =
            [
                new("value", ScimType.String, "The address."),
                new("type", ScimType.String, "Always 'work'."),
                new("primary", ScimType.Boolean, "Always true."),
            ],
        },
        new("groups", ScimType.Complex, "The role groups the person is in; changed at the groups.")
        {
            MultiValued = true,
            Mutability = ScimMutability.ReadOnly,
            Parts =
            [
                new("value", ScimType.String, "The group's id."),
                new("$ref", ScimType.Reference, "The group's address.") { CaseExact = true },
                new("display", ScimType.String, "The role's title."),
            ],
        },
        new("roles", ScimType.Complex, "The roles the person holds; given by membership of groups.")
        {
            MultiValued = true,
            Mutability = ScimMutability.ReadOnly,
            Parts =
            [
                new("value", ScimType.String, "The role, such as securityOfficer."),
                new("display", ScimType.String, "The role's title."),
            ],
        },
    ]);

    public static readonly ScimKind Group = new("Group", "Groups", ScimUrns.Group, "The people who hold one role.",
    [
        new("displayName", ScimType.String, "The role's title.") { Required = true, Unique = true },
        new("members", ScimType.Complex, "The people who hold the role.")
        {
            MultiValued = true,
            Parts =
            [
                new("value", ScimType.String, "The person's id.") { Mutability = ScimMutability.Immutable },
                new("$ref", ScimType.Reference, "The person's address.") { CaseExact = true, Mutability = ScimMutability.Immutable },
                new("type", ScimType.String, "Always 'User'.") { Mutability = ScimMutability.Immutable },
                new("display", ScimType.String, "The person's name.") { Mutability = ScimMutability.ReadOnly },
            ],
        },
    ]);

    public static IReadOnlyList<ScimKind> Kinds { get; } = [User, Group];
}
