namespace Watchhouse.Sigma;

/// <summary>A part of a condition in words, with the parts that it joins.</summary>
/// <param name="Words">Such as "all of", "not", or "Image ends with '\cmd.exe'".</param>
/// <param name="Parts">What it joins; none for a test.</param>
public sealed record ConditionWords(string Words, IReadOnlyList<ConditionWords> Parts);

/// <summary>Something that is watched for in events.</summary>
/// <param name="Field">The field; null for any value of the event.</param>
/// <param name="How">is, starts with, ends with, contains, or is there.</param>
/// <param name="Text">The text, in small letters as it is compared; empty where presence is enough.</param>
/// <param name="SharedBy">Number of other rules that watch for the same.</param>
public sealed record WatchedText(string? Field, string How, string Text, int SharedBy);

/// <summary>Where one field of a rule is found in the records of one entry of the log-source table.</summary>
/// <param name="Entry">Name of the entry.</param>
/// <param name="Field">The rule's name.</param>
/// <param name="Paths">Names and dotted paths that are looked at.</param>
/// <param name="Carried">Whether the table says that such records carry it; null where the table claims nothing.</param>
public sealed record FieldPlace(string Entry, string Field, IReadOnlyList<string> Paths, bool? Carried);

/// <summary>How a rule was understood and what it costs.</summary>
public sealed record RuleExplanation
{
    /// <summary>The condition.</summary>
    public required ConditionWords Condition { get; init; }

    /// <summary>The condition is evaluated only for events in which one of these was seen; null: for every event of its log source.</summary>
    public required IReadOnlyList<WatchedText>? Watched { get; init; }

    /// <summary>Guess of the share of events in which one of them is seen, 0 to 1; only its order says something.</summary>
    public required double Likelihood { get; init; }

    /// <summary>Whether it can match what arrives, and the entries that bring its events.</summary>
    public required RuleArrival Arrival { get; init; }

    /// <summary>Fields by entry.</summary>
    public required IReadOnlyList<FieldPlace> Fields { get; init; }

    /// <summary>Regular expressions as they are used.</summary>
    public required IReadOnlyList<string> Expressions { get; init; }

    /// <summary>Number of different tests.</summary>
    public required int Tests { get; init; }

    /// <summary>Of them, those that other rules make too, and which are then made once.</summary>
    public required int SharedTests { get; init; }

    /// <summary>Number of rules that the last two were counted against.</summary>
    public required int OtherRules { get; init; }
}
