namespace Watchhouse.Sigma;

/// <summary>Level of a rule (Sigma specification 2.1, "level"), ordered by severity.</summary>
public enum SigmaLevel
{
    /// <summary>For information; never an alert by itself.</summary>
    Informational,

    /// <summary>Notable, rarely an incident.</summary>
    Low,

    /// <summary>To be reviewed by a person.</summary>
    Medium,

    /// <summary>To be reviewed soon.</summary>
    High,

    /// <summary>To be reviewed at once.</summary>
    Critical,
}

/// <summary>Where a rule's events come from. Each part that is null fits every event.</summary>
/// <param name="Product">Such as windows, linux, azure, m365.</param>
/// <param name="Category">Such as process_creation, webserver.</param>
/// <param name="Service">Such as sysmon, security, auditlogs.</param>
public sealed record SigmaLogSource(string? Product, string? Category, string? Service)
{
    /// <summary>Text of the parts that are set, as product/category/service with * for any.</summary>
    public override string ToString() => $"{Product ?? "*"}/{Category ?? "*"}/{Service ?? "*"}";
}

/// <summary>What every kind of Sigma document says about itself.</summary>
public abstract record SigmaDocument
{
    /// <summary>The title; never empty.</summary>
    public required string Title { get; init; }

    /// <summary>The id as written (a UUID by the specification), or null.</summary>
    public string? Id { get; init; }

    /// <summary>The name by which correlations and filters refer to the rule, or null.</summary>
    public string? Name { get; init; }

    /// <summary>stable, test, experimental, deprecated or unsupported; null where the rule does not say.</summary>
    public string? Status { get; init; }

    /// <summary>Day of making as written (YYYY-MM-DD), or null.</summary>
    public string? Date { get; init; }

    /// <summary>Day of the last change as written, or null.</summary>
    public string? Modified { get; init; }

    /// <summary>What the rule detects.</summary>
    public string? Description { get; init; }

    /// <summary>Who wrote the rule: to be named where a match is shown (Detection Rule License 1.1).</summary>
    public string? Author { get; init; }

    /// <summary>Severity; informational where the rule does not say.</summary>
    public SigmaLevel Level { get; init; }

    /// <summary>Tags such as attack.t1059.001.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Known causes of false alarms.</summary>
    public IReadOnlyList<string> FalsePositives { get; init; } = [];

    /// <summary>Fields worth showing with a match.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Sources of the rule.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Top-level keys that the specification does not know, with their text; for a house's own attributes.</summary>
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();

    /// <summary>Path of the file that the document was read from.</summary>
    public required string File { get; init; }

    /// <summary>Line of the document's first key, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The document's own text.</summary>
    public string Text { get; init; } = "";
}

/// <summary>A detection rule: matches single events.</summary>
public sealed record SigmaRule : SigmaDocument
{
    /// <summary>Where its events come from.</summary>
    public required SigmaLogSource LogSource { get; init; }

    /// <summary>The condition with every identifier put in and every modifier applied.</summary>
    public required SigmaExpression Condition { get; init; }

    /// <summary>Names of value lists that the rule needs (|expand), without percent signs.</summary>
    public IReadOnlyList<string> Placeholders { get; init; } = [];
}
