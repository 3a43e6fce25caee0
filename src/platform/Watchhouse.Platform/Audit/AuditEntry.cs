using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Audit;

/// <summary>
/// One entry of the audit trail, as it stands in the ledger: who, when, what, why, to whom (DPA 2018 s.62(2), (3)).
/// The JSON of it is the leaf of the Merkle tree, byte for byte, so its spelling never changes; new fields are added
/// at the end and left out when empty.
/// </summary>
public sealed record AuditEntry
{
    /// <summary>Version 7 UUID; a repeat of an id is the same entry delivered twice.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required AuditOperation Operation { get; init; }

    /// <summary>Key of the permission used, or name of the event.</summary>
    public required string Action { get; init; }

    /// <summary>The controllers whose records it touched.</summary>
    public required ImmutableArray<ForceId> Forces { get; init; }

    public required AuditActor Actor { get; init; }

    /// <summary>Kind and id of the thing, <c>person/0198…</c>; empty for a list.</summary>
    public string Subject { get; init; } = "";

    /// <summary>One sentence for people, without content of the record.</summary>
    public required string Summary { get; init; }

    /// <summary>Field to old and new value, for alterations.</summary>
    public ImmutableSortedDictionary<string, FieldChange>? Changes { get; init; }

    public string? Reason { get; init; }

    /// <summary>To whom it was disclosed.</summary>
    public ImmutableArray<string>? Recipients { get; init; }

    /// <summary>The delegations under which another force's records were reached.</summary>
    public ImmutableArray<Guid>? Under { get; init; }

    /// <summary>Ties the entries of one request together.</summary>
    public string? Correlation { get; init; }

    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, AuditJson.Default.AuditEntry);

    public static AuditEntry? FromUtf8(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, AuditJson.Default.AuditEntry);
}

/// <summary>Who did it.</summary>
public sealed record AuditActor(PrincipalKind Kind, string Id, string Name, ForceId Home)
{
    public static AuditActor Of(ActingPrincipal principal) =>
        new(principal.Kind, principal.Subject, principal.Name, principal.Home);
}

/// <summary>A changed field. Secrets are never written; say that they changed.</summary>
public sealed record FieldChange(string? From, string? To);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
