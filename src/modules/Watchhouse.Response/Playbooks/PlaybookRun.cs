using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Playbooks;

/// <summary>A playbook that is carried out for one force. It keeps the playbook as it was when it began.</summary>
internal sealed class PlaybookRun : IOwnedByForce, IVersioned
{
    public const int MostText = 1024 * 1024;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid PlaybookId { get; init; }

    public required string Name { get; init; }

    /// <summary>The playbook's JSON.</summary>
    public required string Playbook { get; init; }

    /// <summary>The interpreter's state as JSON.</summary>
    public required string State { get; set; }

    public required RunStatus Status { get; set; }

    public required Severity Severity { get; init; }

    public Guid? AlertId { get; init; }

    public Guid? IncidentId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string StartedBy { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public uint Version { get; set; }
}

internal enum RunStatus
{
    Running,
    Ended,
    Failed,
    Stopped,
}

/// <summary>What somebody did in a run, or what became of it. Never changed.</summary>
internal sealed class RunEntry : IOwnedByForce
{
    public const int LongestWords = 2_000;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid RunId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    /// <summary>The step's id; empty where it is about the run.</summary>
    public required string Step { get; init; }

    /// <summary>done, failed, decided, set, asked, approved, refused, action, started, ended or stopped.</summary>
    public required string Kind { get; init; }

    public required string Words { get; init; }
}
