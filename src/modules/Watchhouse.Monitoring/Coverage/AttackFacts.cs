using System.Collections.Frozen;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>A tactic: a column of the matrix.</summary>
/// <param name="Id">Such as TA0006.</param>
/// <param name="Tag">As rules write it: credential-access.</param>
internal sealed record AttackTactic(string Id, string Tag, string Name);

/// <summary>A technique or sub-technique.</summary>
/// <param name="Id">Such as T1110 or T1110.003.</param>
/// <param name="Tactics">Tags of its tactics, in the order of the matrix.</param>
internal sealed record AttackTechnique(string Id, string Name, IReadOnlyList<string> Tactics)
{
    /// <summary>The technique that it is a part of; null for a technique itself.</summary>
    public string? Parent => Id.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? Id[..dot] : null;
}

/// <summary>Names of MITRE ATT&amp;CK for Enterprise, from <c>national/attack</c>. Immutable.</summary>
internal sealed class AttackFacts
{
    /// <summary>The version that the files are of.</summary>
    public const string Version = "19";

    private const string Tag = "attack.";
    private readonly FrozenDictionary<string, AttackTechnique> _byId;
    private readonly FrozenDictionary<string, string> _moved;

    private AttackFacts(IReadOnlyList<AttackTactic> tactics, IReadOnlyList<AttackTechnique> techniques, IEnumerable<(string Id, string Now)> moved)
    {
        Tactics = tactics;
        Techniques = techniques;
        _byId = techniques.ToFrozenDictionary(technique => technique.Id, StringComparer.OrdinalIgnoreCase);
        _moved = moved.ToFrozenDictionary(each => each.Id, each => each.Now, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A matrix without anything, before the files are read.</summary>
    public static AttackFacts Empty { get; } = new([], [], []);

    /// <summary>In the order of the matrix.</summary>
    public IReadOnlyList<AttackTactic> Tactics { get; }

    /// <summary>In the order of their ids, sub-techniques after their technique.</summary>
    public IReadOnlyList<AttackTechnique> Techniques { get; }

    public AttackTechnique? Find(string id) => _byId.GetValueOrDefault(_moved.GetValueOrDefault(id, id));

    /// <summary>What a rule's tags name; ids that were revoked count as what took their place.</summary>
    /// <param name="tags">Tags such as attack.t1110.003; others are passed over.</param>
    /// <param name="unknown">Takes ids that this version does not have.</param>
    public IReadOnlyList<AttackTechnique> Named(IEnumerable<string> tags, ISet<string>? unknown = null)
    {
        var named = new List<AttackTechnique>();
        foreach (var tag in tags)
        {
            if (!tag.StartsWith(Tag, StringComparison.OrdinalIgnoreCase) || tag.Length < Tag.Length + 5) continue;
            if (tag[Tag.Length] is not ('t' or 'T') || !char.IsAsciiDigit(tag[Tag.Length + 1])) continue;
            var id = tag[Tag.Length..].ToUpperInvariant();
            if (Find(id) is not { } technique) unknown?.Add(id);
            else if (!named.Contains(technique)) named.Add(technique);
        }

        return named;
    }

    /// <summary>Reads the files.</summary>
    /// <exception cref="FormatException">A file is not as it should be; the message names file and line.</exception>
    public static AttackFacts Read(string nationalData)
    {
        var directory = Path.Combine(nationalData, "attack");
        var tactics = Rows(directory, "tactics.csv", 3).Select(row => new AttackTactic(row.Parts[0], row.Parts[1], row.Parts[2])).ToList();
        var tags = tactics.Select(tactic => tactic.Tag).ToHashSet(StringComparer.Ordinal);
        var techniques = new List<AttackTechnique>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (line, parts) in Rows(directory, "techniques.csv", 3))
        {
            var technique = new AttackTechnique(parts[0], parts[1], parts[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            if (!ids.Add(technique.Id)) throw Wrong("techniques.csv", line, $"{technique.Id} stands there twice.");
            if (technique.Parent is { } parent && !ids.Contains(parent)) throw Wrong("techniques.csv", line, $"{technique.Id} comes before {parent}, or {parent} is missing.");
            if (technique.Tactics.Count == 0 || technique.Tactics.FirstOrDefault(tag => !tags.Contains(tag)) is { } tag)
                throw Wrong("techniques.csv", line, $"{technique.Id} has a tactic that tactics.csv does not have, or none.");
            techniques.Add(technique);
        }

        var moved = Rows(directory, "moved.csv", 2).Select(row => ids.Contains(row.Parts[1]) ? (row.Parts[0], row.Parts[1])
            : throw Wrong("moved.csv", row.Line, $"There is no {row.Parts[1]} in techniques.csv.")).ToList();
        return new(tactics, techniques, moved);
    }

    private static IEnumerable<(int Line, string[] Parts)> Rows(string directory, string file, int columns)
    {
        var line = 0;
        foreach (var text in File.ReadLines(Path.Combine(directory, file)))
        {
            if (++line == 1 || text.Length == 0) continue;
            var parts = text.Split(',');
            if (parts.Length != columns || text.Contains('"', StringComparison.Ordinal))
                throw Wrong(file, line, $"A row has {columns} columns, without quotes or further commas.");
            yield return (line, parts);
        }
    }

    private static FormatException Wrong(string file, int line, string what) => new($"national/attack/{file}, line {line}: {what}");
}

/// <summary>Holds the facts that were read at the start.</summary>
internal sealed class AttackBook
{
    public AttackFacts Facts { get; private set; } = AttackFacts.Empty;

    public void Open(string nationalData) => Facts = AttackFacts.Read(nationalData);
}
