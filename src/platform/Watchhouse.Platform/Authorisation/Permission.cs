using System.Collections.Immutable;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Audit;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Authorisation;

/// <summary>Whether a permission works on another force's records under a delegation.</summary>
public enum Reach
{
    /// <summary>Only on records of the principal's own organisation; no delegation widens it (law 2).</summary>
    OwnOnly,

    /// <summary>Also on records of forces that delegated the permission's scope.</summary>
    OwnAndDelegated,
}

/// <summary>One row of the permission table: who may do what to which records, and how it is logged.</summary>
public sealed record Permission
{
    /// <summary>What it is about, in the plural: <c>people</c>, <c>delegations</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>The verb: <c>read</c>, <c>manage</c>, <c>grant</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The sentence on the permission page.</summary>
    public required string Meaning { get; init; }

    /// <summary>The purpose of the records; null when they are national facts that belong to no force.</summary>
    public DelegationScope? Scope { get; init; }

    public Reach Reach { get; init; } = Reach.OwnOnly;

    /// <summary>Which of the operations of DPA 2018 s.62(1) a use of it is.</summary>
    public AuditOperation Operation { get; init; } = AuditOperation.Consultation;

    public required ImmutableArray<Role> Roles { get; init; }

    /// <summary>The key in the API, in audit entries and in tests.</summary>
    public string Key => $"{Resource}.{Action}";

    public override string ToString() => Key;
}
