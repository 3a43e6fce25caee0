using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>How a person is told. Without one it is by mail for everything, and at any hour.</summary>
internal sealed class NoticePreference : IOwnedByForce, IVersioned
{
    public required Guid Id { get; init; }

    /// <summary>The organisation that the person works for; at another they choose anew.</summary>
    public required ForceId ForceId { get; set; }

    public required Guid PersonId { get; init; }

    /// <summary>The least severity that is told by mail; null for none.</summary>
    public Severity? EmailFrom { get; set; } = Severity.Low;

    /// <summary>The least severity that is told by text; null for none.</summary>
    public Severity? TextFrom { get; set; }

    /// <summary>The number, sealed with the house's key ring for this person.</summary>
    public string? SealedPhone { get; set; }

    /// <summary>What is shown of it: '… 456'.</summary>
    public string? PhoneHint { get; set; }

    /// <summary>Minutes since midnight in London; both or none.</summary>
    public int? QuietFrom { get; set; }

    public int? QuietUntil { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public uint Version { get; set; }

    public QuietHours? Quiet => QuietFrom is { } from && QuietUntil is { } until ? new(from, until) : null;
}
