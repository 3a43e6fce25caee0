using System.Collections.Immutable;

namespace Watchhouse.Federation.Scim.Schemas;

/// <summary>The data types of RFC 7643 section 2.3 that are in use here.</summary>
internal enum ScimType
{
    String,
    Boolean,
    DateTime,
    Reference,
    Complex,
}

/// <summary>Who may write an attribute (RFC 7643 section 7).</summary>
internal enum ScimMutability
{
    ReadWrite,
    ReadOnly,
    Immutable,
}

/// <summary>One attribute of a schema, with the characteristics of RFC 7643 section 7.</summary>
internal sealed record ScimAttribute(string Name, ScimType Type, string Description)
{
    public bool MultiValued { get; init; }

    public bool Required { get; init; }

    /// <summary>Whether upper and lower case differ in comparisons.</summary>
    public bool CaseExact { get; init; }

    public ScimMutability Mutability { get; init; }

    /// <summary>True when it is returned even if a client asks for other attributes only.</summary>
    public bool Always { get; init; }

    /// <summary>True when no two resources of one organisation have the same value.</summary>
    public bool Unique { get; init; }

    public ImmutableArray<ScimAttribute> Parts { get; init; } = [];

    public ScimAttribute? Part(string name) => Find(Parts, name);

    /// <summary>Attribute names are compared without regard to case (RFC 7643 section 2.1).</summary>
    public static ScimAttribute? Find(ImmutableArray<ScimAttribute> among, string name) =>
        among.FirstOrDefault(a => a.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A kind of resource: its addresses, its schema, and the attributes that every resource has.</summary>
internal sealed record ScimKind(string Name, string Plural, string Urn, string Description, ImmutableArray<ScimAttribute> Own)
{
    /// <summary>Common attributes (RFC 7643 section 3.1) and those of the schema.</summary>
    public ImmutableArray<ScimAttribute> Attributes { get; } = [.. ScimSchemas.Common, .. Own];

    /// <summary>The attribute and part that a path names; null when nothing of it is kept here.</summary>
    public ScimAttribute? Find(ScimPath path) =>
        path.Schema is null || path.Schema.Equals(Urn, StringComparison.OrdinalIgnoreCase)
            ? ScimAttribute.Find(Attributes, path.Attribute)
            : null;
}
