using System.Collections.Immutable;

namespace Watchhouse.Sigma;

/// <summary>A question to an event that decides where it came from.</summary>
/// <param name="Path">Field name, or dotted path, in the record.</param>
/// <param name="Values">Accepted values, compared case-insensitively as whole text; none: the field need only be present.</param>
public sealed record LogSourceCondition(string Path, ImmutableArray<string> Values)
{
    /// <inheritdoc/>
    public bool Equals(LogSourceCondition? other) =>
        other is not null && Path == other.Path && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Path, Values.Length);
}

/// <summary>
/// One line of the table: an event that meets all conditions belongs to these log sources. An event may meet several
/// entries and then belongs to all of their sources.
/// </summary>
/// <param name="Name">For people and error messages, such as "Sysmon process creation".</param>
/// <param name="Sources">The log sources, such as windows/process_creation/sysmon; a null part is "none", not "any".</param>
/// <param name="When">All must be met.</param>
/// <param name="Fields">Name that rules use to other paths under which records of this entry carry the same; their values count beside those of the name itself.</param>
public sealed record LogSourceEntry(
    string Name,
    ImmutableArray<SigmaLogSource> Sources,
    ImmutableArray<LogSourceCondition> When,
    ImmutableDictionary<string, ImmutableArray<string>> Fields);
