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
    ImmutableDictionary<string, ImmutableArray<string>> Fields)
{
    /// <summary>
    /// Every field that records of this entry ever carry, by the record's own names; null where nothing is claimed. A
    /// rule that needs another one can never match them (<see cref="RuleCoverage"/>); detection itself pays no heed to it.
    /// </summary>
    public ImmutableHashSet<string>? Carries { get; init; }

    /// <summary>Whether records of this entry may carry what rules call by this name. A path inside a carried field may always be there.</summary>
    public bool MayCarry(string field)
    {
        if (Carries is null || Has(field)) return true;
        return Fields.TryGetValue(field, out var others) && others.Any(Has);
    }

    private bool Has(string path)
    {
        if (Carries!.Contains(path)) return true;
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (Carries.Contains(path[..dot])) return true;
        }

        return false;
    }
}
