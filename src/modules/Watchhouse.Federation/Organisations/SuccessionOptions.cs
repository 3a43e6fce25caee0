using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Organisations;

/// <summary>A new organisation that a merger or split creates.</summary>
internal sealed record NewOrganisation(ForceId Id, string OfficialName, string ShortName, string? WelshName = null);

/// <summary>Several organisations end and one new organisation follows, or an existing one absorbs them.</summary>
internal sealed record MergeOptions
{
    public required IReadOnlyList<ForceId> Predecessors { get; init; }

    /// <summary>The new organisation; null when <see cref="Into"/> takes the others over.</summary>
    public NewOrganisation? Successor { get; init; }

    /// <summary>The existing organisation that absorbs the others.</summary>
    public ForceId? Into { get; init; }

    public required DateOnly EffectiveOn { get; init; }

    public required string Basis { get; init; }
}

/// <summary>One part of a split.</summary>
/// <param name="Organisation">The new organisation.</param>
/// <param name="Areas">ONS codes of the districts that it polices.</param>
internal sealed record SplitPart(NewOrganisation Organisation, IReadOnlyList<string> Areas);

/// <summary>
/// One organisation ends and several follow. Records cannot be divided by machine, since who a case belongs to is a
/// decision; the first part receives them all and is their controller until it hands some over.
/// </summary>
internal sealed record SplitOptions
{
    public required ForceId Predecessor { get; init; }

    public required IReadOnlyList<SplitPart> Parts { get; init; }

    public required DateOnly EffectiveOn { get; init; }

    public required string Basis { get; init; }
}

/// <summary>The organisation stays and bears another name from a day on.</summary>
internal sealed record RenameOptions
{
    public required ForceId Organisation { get; init; }

    public required string OfficialName { get; init; }

    public required string ShortName { get; init; }

    public required DateOnly EffectiveOn { get; init; }

    public required string Basis { get; init; }
}
