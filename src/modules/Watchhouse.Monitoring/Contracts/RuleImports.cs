using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>Rules from a release or a folder.</summary>
public sealed record RuleImportRequest
{
    /// <summary>Name by which a later release is known to follow this one: sigmahq.</summary>
    public required string Name { get; init; }

    /// <summary>What the release calls itself, for the revisions; empty where it does not say.</summary>
    public string Release { get; init; } = "";

    /// <summary>draft, testing or live: where new rules begin.</summary>
    public string State { get; init; } = "testing";

    /// <summary>Whether rules of the same name that the release no longer has are retired.</summary>
    public bool RetireRemoved { get; init; } = true;

    /// <summary>Why; needed where new rules go live untested.</summary>
    public string? Why { get; init; }

    /// <summary>The token of the difference that was looked at; null only tells of the difference.</summary>
    public string? Apply { get; init; }

    /// <summary>Told how far the reading of the package is, 0 to 1, from any thread.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Takes the difference as it is, without having been looked at.</summary>
    public bool ApplyUnseen { get; init; }
}

/// <summary>A rule in a difference.</summary>
/// <param name="Path">Its file in the release.</param>
/// <param name="Key">What alerts name it by.</param>
/// <param name="Title">Its title.</param>
/// <param name="Difference">What changes in the text, line by line; null for a rule that is new or removed.</param>
public sealed record RuleImportRow(string Path, string Key, string Title, string? Difference);

/// <summary>A file that cannot be used, and why.</summary>
public sealed record RuleImportFault(string Path, int Line, string Reason);

/// <summary>What an import does, or did.</summary>
/// <param name="Token">Names this difference; applying it takes the same package and this token.</param>
/// <param name="Applied">Whether it was done.</param>
/// <param name="New">Rules that there were not.</param>
/// <param name="Changed">Rules that get another text and keep their state.</param>
/// <param name="KeptEdits">Rules that changed in the release and were edited here: the edit stands, and the difference is shown with the rule.</param>
/// <param name="Unchanged">Number of rules that stay as they are.</param>
/// <param name="Removed">Rules that the release no longer has.</param>
/// <param name="Unusable">Files that cannot be used.</param>
public sealed record RuleImportReport(
    string Token, bool Applied, IReadOnlyList<RuleImportRow> New, IReadOnlyList<RuleImportRow> Changed, IReadOnlyList<RuleImportRow> KeptEdits,
    int Unchanged, IReadOnlyList<RuleImportRow> Removed, IReadOnlyList<RuleImportFault> Unusable);

/// <summary>Brings rules of a release into the house, with a difference to look at first.</summary>
public interface IRuleImports
{
    /// <summary>Tells of the difference, or applies it.</summary>
    /// <param name="actor">Who: the Centre's rules become national, a force's own run over its events alone.</param>
    /// <param name="package">A zip or tar.gz file.</param>
    /// <param name="request">How.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<Outcome<RuleImportReport>> RunAsync(ActingPrincipal actor, Stream package, RuleImportRequest request, CancellationToken cancellationToken);

    /// <summary>As above, with the rule files below a folder, or one file.</summary>
    Task<Outcome<RuleImportReport>> RunAsync(ActingPrincipal actor, string path, RuleImportRequest request, CancellationToken cancellationToken);
}
