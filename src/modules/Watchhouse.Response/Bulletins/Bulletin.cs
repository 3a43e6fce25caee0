using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Bulletins;

/// <summary>What a bulletin says. The Centre holds it once, and every force that it is for holds it as it was sent.</summary>
internal abstract class BulletinContent
{
    public const int LongestTitle = 200;
    public const int LongestText = 16_000;
    public const int LongestAction = 500;
    public const int MostActions = 20;

    /// <summary>What people call it by: <c>B-260314-7KQ2</c>.</summary>
    public required string Number { get; init; }

    public required string Title { get; set; }

    /// <summary>Markdown, of which <see cref="MarkdownText"/> knows a part.</summary>
    public required string Text { get; set; }

    /// <summary>What is to be done. Where nothing is, acknowledging is the answer.</summary>
    public required List<string> Actions { get; set; }

    public required Severity Severity { get; set; }

    public required IncidentHandling Handling { get; set; }

    /// <summary>Handling instructions, such as who may be told.</summary>
    public required string Instructions { get; set; }

    public required DateTimeOffset AnswerBy { get; set; }

    /// <summary>From 1; each correction is one more.</summary>
    public int Revision { get; set; } = 1;

    /// <summary>From 1; each correction that asks for a new answer begins another.</summary>
    public int Round { get; set; } = 1;

    public BulletinState State { get; set; }

    /// <summary>What the last correction put right; empty before one.</summary>
    public string Correction { get; set; } = "";

    public DateTimeOffset? PublishedAt { get; set; }

    public DateTimeOffset? WithdrawnAt { get; set; }

    public string WithdrawnBecause { get; set; } = "";
}

/// <summary>A bulletin as the Centre's own record.</summary>
internal sealed class Bulletin : BulletinContent, IOwnedByForce, IVersioned
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>Tags of the forces that it is for; empty for all that exist when it is published.</summary>
    public required List<string> Addressed { get; set; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; set; }

    /// <summary>When those who have not answered are chased next by the program; null where they are not.</summary>
    public DateTimeOffset? NextChaseAt { get; set; }

    /// <summary>When they were chased last, by hand or by the program.</summary>
    public DateTimeOffset? ChasedAt { get; set; }

    /// <summary>How often they were chased.</summary>
    public int Chases { get; set; }

    public uint Version { get; set; }
}

/// <summary>What the Centre did with a bulletin. Never changed.</summary>
internal sealed class BulletinEntry : IOwnedByForce
{
    public const int LongestWords = 2_000;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid BulletinId { get; init; }

    /// <summary>written, published, corrected, chased or withdrawn.</summary>
    public required string Kind { get; init; }

    public required string Words { get; init; }

    public required string By { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal enum BulletinState
{
    Draft,
    Published,
    Withdrawn,
}
