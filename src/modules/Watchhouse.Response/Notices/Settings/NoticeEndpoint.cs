using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Notices.Sending;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>Where notices of a force are posted to: a webhook of its own, or a workflow of Teams.</summary>
internal sealed class NoticeEndpoint : IOwnedByForce, IVersioned
{
    public const int LongestName = 100;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary><see cref="NoticeChannel.Webhook"/> or <see cref="NoticeChannel.Teams"/>.</summary>
    public required NoticeChannel Channel { get; init; }

    public required string Name { get; set; }

    /// <summary>The whole address, sealed for this force: that of a workflow is a secret in itself.</summary>
    public required string SealedAddress { get; set; }

    /// <summary>The host, which is all that is shown of the address.</summary>
    public required string Host { get; set; }

    /// <summary>What a webhook is signed with, sealed; null for Teams.</summary>
    public string? SealedSecret { get; set; }

    /// <summary>The secret before, which signs too until <see cref="BeforeUntil"/>.</summary>
    public string? SealedBefore { get; set; }

    public DateTimeOffset? BeforeUntil { get; set; }

    public required Severity LeastSeverity { get; set; }

    public bool IsOn { get; set; } = true;

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public uint Version { get; set; }
}
