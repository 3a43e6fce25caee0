using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules;

/// <summary>Where a rule stands in its life.</summary>
internal enum RuleStage
{
    /// <summary>Being written; it does not run.</summary>
    Draft,

    /// <summary>It runs and its matches are counted, but it raises no alert.</summary>
    Testing,

    /// <summary>It runs and raises alerts.</summary>
    Live,

    /// <summary>It does not run any more and is kept for the record.</summary>
    Retired,
}

/// <summary>Where a rule came from.</summary>
internal enum RuleOrigin
{
    /// <summary>The nation's own detections, which the program brings.</summary>
    National,

    /// <summary>An imported release or folder, such as SigmaHQ's.</summary>
    Release,

    /// <summary>The folder <c>rules</c> of the data directory.</summary>
    Folder,

    /// <summary>Written by hand.</summary>
    Hand,
}

/// <summary>
/// A rule: a text of Sigma with one document, or several that belong together (a correlation and the rules that it looks
/// at). A rule of the Centre is national and runs over every force's events; a force's own runs over that force's alone.
/// </summary>
internal sealed class DetectionRule : IOwnedByForce, IVersioned
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    /// <summary>What alerts name it by: the main document's id, or its name or title where it has none.</summary>
    public required string Key { get; set; }

    /// <summary>Ids and names of all its documents.</summary>
    public required List<string> Names { get; set; }

    public required string Title { get; set; }

    public required string Level { get; set; }

    /// <summary>As product/category/service; of a correlation, that of the first rule that it looks at.</summary>
    public required string LogSource { get; set; }

    public required List<string> Tags { get; set; }

    /// <summary>Value lists that it needs.</summary>
    public required List<string> Placeholders { get; set; }

    public required RuleStage Stage { get; set; }

    public required RuleOrigin Origin { get; set; }

    /// <summary>Name of the release that it came with; empty otherwise.</summary>
    public string OriginName { get; set; } = "";

    /// <summary>Its file within the nation's data, the folder or the release; empty where it was written by hand.</summary>
    public string Path { get; set; } = "";

    public required string Text { get; set; }

    /// <summary>SHA-256 of the text that was shipped last; empty where it was written by hand.</summary>
    public string ShippedHash { get; set; } = "";

    /// <summary>The text that was shipped last, where it is not the rule's: it was edited here, and the edit stands.</summary>
    public string? ShippedText { get; set; }

    /// <summary>Number of its latest revision, from 1.</summary>
    public int Revision { get; set; }

    /// <summary>The revision that was tested last on what had arrived; 0 where none was.</summary>
    public int TestedRevision { get; set; }

    public DateTimeOffset? TestedAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; set; }

    public required string ChangedBy { get; set; }

    public uint Version { get; set; }
}

/// <summary>A change of a rule: its text or its stage, with who made it, when and why.</summary>
internal sealed class RuleRevision : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid RuleId { get; init; }

    /// <summary>From 1, without gaps.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    public required string Why { get; init; }

    /// <summary>The stage after the change.</summary>
    public required RuleStage Stage { get; init; }

    /// <summary>The text after the change; null where it stayed the same.</summary>
    public string? Text { get; init; }
}

/// <summary>Matches of a rule in testing on one day about one entity: seen, and no alert.</summary>
internal sealed class TestingHit : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Rule { get; init; }

    public required DateOnly Day { get; init; }

    public required string EntityKind { get; init; }

    public required string Entity { get; init; }

    public long Events { get; set; }

    public DateTimeOffset LastAt { get; set; }
}

/// <summary>A test of a rule on what had arrived, as it ended.</summary>
internal sealed class RuleTrialRecord : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required Guid RuleId { get; init; }

    public required int Revision { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }

    public required int Days { get; init; }

    public required long Events { get; init; }

    public required long Matches { get; init; }

    /// <summary>Whether it ended at its bound and not at the end of the days.</summary>
    public required bool Cut { get; init; }

    public required double Seconds { get; init; }
}

/// <summary>Values for a placeholder (|expand) of rules: the Centre's hold for all forces, a force's own go before them.</summary>
internal sealed class ValueList : IOwnedByForce, IVersioned
{
    public const int MostValues = 5_000;
    public const int LongestValue = 500;

    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Name { get; init; }

    public required List<string> Values { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public required string ChangedBy { get; set; }

    public uint Version { get; set; }
}
