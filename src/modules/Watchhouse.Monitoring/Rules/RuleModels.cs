using Watchhouse.Monitoring.Rules.Programs;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules;

/// <summary>Which rules are wanted, in the order of their titles.</summary>
internal sealed record RuleFilter
{
    public const int MostTaken = 500;

    public RuleStage? State { get; init; }

    /// <summary>Where the rule came from.</summary>
    public RuleOrigin? Source { get; init; }

    /// <summary>ATT&amp;CK tactic, as in tags: credential-access.</summary>
    public string? Tactic { get; init; }

    /// <summary>Words that title, id, tags or log source hold, all of them.</summary>
    public string? Text { get; init; }

    /// <summary>Whose rules: the Centre's, or those of a force in sight.</summary>
    public ForceId? Owner { get; init; }

    /// <summary>Only rules that can match nothing at present, with the reason.</summary>
    public bool NotInUse { get; init; }

    public int Skip { get; init; }

    public int Take { get; init; } = 100;

    public string? Reason { get; init; }
}

/// <summary>A rule in a list.</summary>
/// <param name="Owner">The Centre, whose rules are for all forces, or the force whose own it is.</param>
/// <param name="IsTested">Whether its present text was tested on what had arrived.</param>
/// <param name="HasDifference">Whether what was shipped last differs from its text, because it was edited here.</param>
/// <param name="Health">What becomes of it; null where it does not run, or is not compiled yet.</param>
internal sealed record RuleRow(
    Guid Id, ForceId Owner, string Key, string Title, string Level, string LogSource, IReadOnlyList<string> Tags,
    RuleStage State, RuleOrigin Source, string SourceName, int Revision, uint Version, DateTimeOffset ChangedAt, string ChangedBy,
    IReadOnlyList<string> Lists, bool IsTested, bool HasDifference, RuleHealth? Health);

/// <summary>A page of rules and how many there are in all.</summary>
internal sealed record RulePage(int Total, IReadOnlyList<RuleRow> Rules);

/// <summary>A test of a rule on what had arrived.</summary>
internal sealed record RuleTrialRow(DateTimeOffset At, string By, int Revision, int Days, long Events, long Matches, bool Cut, double Seconds);

/// <summary>A rule whole.</summary>
/// <param name="ShippedText">The text that was shipped last, where the rule was edited here.</param>
/// <param name="Difference">From the shipped text to the rule's, line by line.</param>
/// <param name="Moves">States that it can go to.</param>
internal sealed record RuleDetail(
    RuleRow Rule, string Path, string Text, string? ShippedText, string? Difference, IReadOnlyList<RuleStage> Moves, IReadOnlyList<RuleTrialRow> Tests);

/// <summary>A change of a rule.</summary>
/// <param name="Difference">What changed in the text, line by line; null where the text stayed the same.</param>
internal sealed record RevisionRow(
    int Number, DateTimeOffset At, string By, string Why, RuleStage State, string? Text, string? Difference);

/// <summary>Whether a text can be used.</summary>
internal sealed record RuleCheckAnswer(bool Usable, RuleFault? Fault, RuleSheet? Rule);
