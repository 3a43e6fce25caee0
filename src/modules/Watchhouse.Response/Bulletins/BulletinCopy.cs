using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Bulletins;

/// <summary>
/// A bulletin as a force was sent it, and what the force says to it. It is the force's own record: no other force and no delegation opens
/// it. What the force says goes to the Centre too, as a <see cref="BulletinReceipt"/>, because it is said to the Centre.
/// </summary>
internal sealed class BulletinCopy : BulletinContent, IOwnedByForce, IVersioned
{
    public const int LongestWords = 2_000;

    public required Guid Id { get; init; }

    /// <summary>The force, or since it ended its successor.</summary>
    public required ForceId ForceId { get; set; }

    public required Guid BulletinId { get; init; }

    /// <summary>The force that it was sent to.</summary>
    public required ForceId To { get; init; }

    /// <summary>Whether it was sent to all forces.</summary>
    public bool ToAll { get; init; }

    public BulletinReply Reply { get; set; }

    public DateTimeOffset? SeenAt { get; set; }

    public string SeenBy { get; set; } = "";

    public DateTimeOffset? AcknowledgedAt { get; set; }

    public string AcknowledgedBy { get; set; } = "";

    /// <summary>When the force first gave the answer that was asked for; null while that is missing.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>Who said last what the force did.</summary>
    public string AnsweredBy { get; set; } = "";

    /// <summary>What was done, or why it does not affect the force.</summary>
    public string Words { get; set; } = "";

    /// <summary>Whether <see cref="AnsweredAt"/> was after the time that held then.</summary>
    public bool IsLate { get; set; }

    public uint Version { get; set; }
}

/// <summary>What a force said to a bulletin, one after another; also before a correction that asked anew. Never changed.</summary>
internal sealed class BulletinStep : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid BulletinId { get; init; }

    /// <summary>The copy that it was said to.</summary>
    public required Guid CopyId { get; init; }

    public required int Revision { get; init; }

    public required int Round { get; init; }

    public required BulletinReply Reply { get; init; }

    public required string Words { get; init; }

    public required string By { get; init; }

    public required DateTimeOffset At { get; init; }

    public required bool IsLate { get; init; }
}

/// <summary>What a force said to the Centre's bulletin, as the Centre received it: the Centre's own record.</summary>
internal sealed class BulletinReceipt : IOwnedByForce, IVersioned
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid BulletinId { get; init; }

    /// <summary>The force that the bulletin was sent to.</summary>
    public required ForceId From { get; init; }

    public int Round { get; set; } = 1;

    public BulletinReply Reply { get; set; }

    public DateTimeOffset? SeenAt { get; set; }

    public DateTimeOffset? AcknowledgedAt { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>Who of the force said it last.</summary>
    public string By { get; set; } = "";

    public string Words { get; set; } = "";

    public bool IsLate { get; set; }

    /// <summary>How often the force was chased in this round.</summary>
    public int Chases { get; set; }

    public DateTimeOffset? ChasedAt { get; set; }

    public uint Version { get; set; }
}

/// <summary>How far a force is with a bulletin.</summary>
internal enum BulletinReply
{
    /// <summary>Nobody of the force who may answer has opened it.</summary>
    Unseen,
    Seen,

    /// <summary>The force has taken note and has not said yet what it does.</summary>
    Acknowledged,

    /// <summary>What was asked for is done.</summary>
    Acted,

    /// <summary>It does not concern the force, for a stated reason.</summary>
    NotAffected,
}
