using System.Collections.Frozen;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Pages;

/// <summary>What an address says of the list of rules.</summary>
internal sealed record ShelfAddress
{
    public string? State { get; init; }

    public string? Level { get; init; }

    /// <summary>national, own, or null for both.</summary>
    public string? Owner { get; init; }

    /// <summary>changed, unusable, noisy or untested; null for all.</summary>
    public string? Show { get; init; }

    public string? Text { get; init; }

    /// <summary>How the tree is made: tactic; by log source otherwise.</summary>
    public string? By { get; init; }

    /// <summary>The branch of the tree that was chosen.</summary>
    public string? In { get; init; }

    public string? Sort { get; init; }

    public int Page { get; init; } = 1;
}

/// <summary>A branch of the tree of rules.</summary>
/// <param name="Key">As in the address: windows, windows/process_creation, credential-access.</param>
internal sealed record ShelfBranch(string Key, string Name, int Count, IReadOnlyList<ShelfBranch> Branches);

/// <summary>A rule in the list.</summary>
/// <param name="Said">Alerts of the last 30 days in the reader's sight; of a rule in testing, its matches.</param>
internal sealed record ShelfRule(RuleRow Row, long Said);

/// <summary>The rules in sight as a page lists them: filtered, sorted, counted, in a tree. Pure.</summary>
internal sealed class RuleShelf
{
    public const int PageSize = 100;

    /// <summary>Alerts of 30 days from which on a rule is called noisy: five a day.</summary>
    public const int Noisy = 150;

    public const string NoBranch = "none";

    private static readonly FrozenDictionary<string, string> Tactics = new Dictionary<string, string>
    {
        ["reconnaissance"] = "Reconnaissance",
        ["resource-development"] = "Resource development",
        ["initial-access"] = "Initial access",
        ["execution"] = "Execution",
        ["persistence"] = "Persistence",
        ["privilege-escalation"] = "Privilege escalation",
        ["stealth"] = "Stealth",
        ["defense-evasion"] = "Defence evasion",
        ["defense-impairment"] = "Defence impairment",
        ["credential-access"] = "Credential access",
        ["discovery"] = "Discovery",
        ["lateral-movement"] = "Lateral movement",
        ["collection"] = "Collection",
        ["command-and-control"] = "Command and control",
        ["exfiltration"] = "Exfiltration",
        ["impact"] = "Impact",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // The order in which an attack goes, as ATT&CK lists them.
    private static readonly string[] TacticOrder =
    [
        "reconnaissance", "resource-development", "initial-access", "execution", "persistence", "privilege-escalation", "stealth", "defense-evasion",
        "defense-impairment", "credential-access", "discovery", "lateral-movement", "collection", "command-and-control", "exfiltration", "impact",
    ];

    private static readonly string[] Levels = ["informational", "low", "medium", "high", "critical"];

    private readonly IReadOnlyList<ShelfRule> _all;
    private readonly List<(string Name, Func<ShelfRule, bool> Fits)> _filters = [];

    public RuleShelf(IReadOnlyList<RuleRow> rules, IReadOnlyDictionary<string, long> said, ShelfAddress address)
    {
        _all = [.. rules.Select(row => new ShelfRule(row, said.GetValueOrDefault(row.Key)))];
        if (RuleEndpoints.Word<RuleStage>(address.State, out var state) && state is not null) _filters.Add(("state", each => each.Row.State == state));
        if (address.Level is { } level) _filters.Add(("level", each => IsOfLevel(each.Row, level)));
        if (address.Owner is { } owner) _filters.Add(("owner", each => IsOf(each.Row, owner)));
        if (address.Show is { } show) _filters.Add(("show", each => Shows(each, show)));
        var words = address.Text?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (words.Length > 0) _filters.Add(("text", each => Holds(each.Row, words)));
        var isByTactic = address.By == "tactic";
        if (address.In is { } branch) _filters.Add(("in", each => BranchesOf(each.Row, isByTactic).Contains(branch)));
        var fitting = _all.Where(each => _filters.TrueForAll(filter => filter.Fits(each))).ToList();
        Total = fitting.Count;
        Pages = Math.Max(1, (Total + PageSize - 1) / PageSize);
        Page = Math.Clamp(address.Page, 1, Pages);
        Rows = [.. Sorted(fitting, address.Sort).Skip((Page - 1) * PageSize).Take(PageSize)];
        Tree = isByTactic ? ByTactic() : BySource();
        Within = address.In is null ? Total : _all.Count(each => _filters.TrueForAll(filter => filter.Name == "in" || filter.Fits(each)));
        HasOwn = _all.Any(each => each.Row.Owner != ForceId.Centre);
    }

    /// <summary>The rows of the page.</summary>
    public IReadOnlyList<ShelfRule> Rows { get; }

    /// <summary>Rules that fit, over all pages.</summary>
    public int Total { get; }

    /// <summary>Rules that fit, whatever branch was chosen.</summary>
    public int Within { get; }

    public int Page { get; }

    public int Pages { get; }

    /// <summary>Rules in sight.</summary>
    public int All => _all.Count;

    /// <summary>Whether a force's own are among them.</summary>
    public bool HasOwn { get; }

    public IReadOnlyList<ShelfBranch> Tree { get; }

    /// <summary>Rules in sight that raise alerts.</summary>
    public int Live => _all.Count(each => each.Row.State == RuleStage.Live);

    public int Unusable => _all.Count(each => IsUnusable(each.Row));

    public int State(RuleStage? state) => Count("state", each => state is null || each.Row.State == state);

    public int Level(string? level) => Count("level", each => level is null || IsOfLevel(each.Row, level));

    public int Owner(string? owner) => Count("owner", each => owner is null || IsOf(each.Row, owner));

    public int Show(string? show) => Count("show", each => show is null || Shows(each, show));

    /// <summary>The name of a branch: 'windows / process_creation', 'Credential access'.</summary>
    public static string NameOf(string branch) => branch == NoBranch ? "Without" : Tactics.GetValueOrDefault(branch) ?? branch.Replace("/", " / ", StringComparison.Ordinal);

    /// <summary>Tactics of a rule, in the order of ATT&amp;CK.</summary>
    public static IReadOnlyList<string> TacticsOf(IEnumerable<string> tags)
    {
        var own = tags.Select(TacticOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return [.. TacticOrder.Where(own.Contains)];
    }

    public static bool IsUnusable(RuleRow row) => RuleLifeCycle.Runs(row.State) && row.Health is { State: not ("live" or "testing") };

    private int Count(string filter, Func<ShelfRule, bool> chosen) =>
        _all.Count(each => chosen(each) && _filters.TrueForAll(other => other.Name == filter || other.Fits(each)));

    private List<ShelfBranch> BySource()
    {
        var counted = CountBranches(row => BranchesOf(row, isByTactic: false));
        return [.. counted.Where(each => !each.Key.Contains('/', StringComparison.Ordinal)).OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal)
            .Select(top => new ShelfBranch(top.Key, NameOf(top.Key), top.Value,
                [.. counted.Where(each => each.Key.StartsWith(top.Key + "/", StringComparison.Ordinal)).OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal)
                    .Select(each => new ShelfBranch(each.Key, each.Key[(top.Key.Length + 1)..], each.Value, []))]))];
    }

    private List<ShelfBranch> ByTactic()
    {
        var counted = CountBranches(row => BranchesOf(row, isByTactic: true));
        return [.. TacticOrder.Append(NoBranch).Where(counted.ContainsKey).Select(key => new ShelfBranch(key, key == NoBranch ? "Without a tactic" : NameOf(key), counted[key], []))];
    }

    private Dictionary<string, int> CountBranches(Func<RuleRow, IEnumerable<string>> branches)
    {
        var counted = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var rule in _all.Where(each => _filters.TrueForAll(filter => filter.Name == "in" || filter.Fits(each))))
            foreach (var branch in branches(rule.Row)) counted[branch] = counted.GetValueOrDefault(branch) + 1;
        return counted;
    }

    private static IEnumerable<string> BranchesOf(RuleRow row, bool isByTactic)
    {
        if (isByTactic) return TacticsOf(row.Tags) is { Count: > 0 } tactics ? tactics : [NoBranch];
        var parts = row.LogSource.Split('/');
        if (parts is not [var product, var category, var service]) return [NoBranch];
        var top = product == "*" ? "any product" : product;
        var under = category != "*" ? category : service != "*" ? service : null;
        return under is null ? [top] : [top, $"{top}/{under}"];
    }

    // Tags of older rules have underscores.
    private static string? TacticOf(string tag)
    {
        if (!tag.StartsWith("attack.", StringComparison.OrdinalIgnoreCase)) return null;
        var name = tag[7..].ToLowerInvariant().Replace('_', '-');
        return Tactics.ContainsKey(name) ? name : null;
    }

    private static IEnumerable<ShelfRule> Sorted(IEnumerable<ShelfRule> rules, string? sort) => sort switch
    {
        "-title" => rules.OrderByDescending(each => each.Row.Title, StringComparer.OrdinalIgnoreCase).ThenBy(each => each.Row.Id),
        "level" => rules.OrderBy(each => Array.IndexOf(Levels, each.Row.Level)).ThenBy(each => each.Row.Title, StringComparer.OrdinalIgnoreCase),
        "-level" => rules.OrderByDescending(each => Array.IndexOf(Levels, each.Row.Level)).ThenBy(each => each.Row.Title, StringComparer.OrdinalIgnoreCase),
        "said" => rules.OrderBy(each => each.Said).ThenBy(each => each.Row.Title, StringComparer.OrdinalIgnoreCase),
        "-said" => rules.OrderByDescending(each => each.Said).ThenBy(each => each.Row.Title, StringComparer.OrdinalIgnoreCase),
        "changed" => rules.OrderBy(each => each.Row.ChangedAt).ThenBy(each => each.Row.Title, StringComparer.OrdinalIgnoreCase),
        "-changed" => rules.OrderByDescending(each => each.Row.ChangedAt).ThenBy(each => each.Row.Title, StringComparer.OrdinalIgnoreCase),
        _ => rules.OrderBy(each => each.Row.Title, StringComparer.OrdinalIgnoreCase).ThenBy(each => each.Row.Id),
    };

    private static bool IsOfLevel(RuleRow row, string level) => level == "low" ? row.Level is "low" or "informational" : row.Level == level;

    private static bool IsOf(RuleRow row, string owner) => owner == "national" == (row.Owner == ForceId.Centre);

    private static bool Shows(ShelfRule rule, string show) => show switch
    {
        "changed" => rule.Row.HasDifference,
        "unusable" => IsUnusable(rule.Row),
        "noisy" => rule.Said >= Noisy,
        "untested" => rule.Row is { State: RuleStage.Testing or RuleStage.Draft, IsTested: false },
        _ => true,
    };

    private static bool Holds(RuleRow row, string[] words) => Array.TrueForAll(words, word =>
        row.Title.Contains(word, StringComparison.OrdinalIgnoreCase) || row.Key.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.LogSource.Contains(word, StringComparison.OrdinalIgnoreCase) || row.SourceName.Contains(word, StringComparison.OrdinalIgnoreCase)
        || row.Level.Equals(word, StringComparison.OrdinalIgnoreCase) || row.Owner.Value.Equals(word, StringComparison.OrdinalIgnoreCase)
        || row.Tags.Any(tag => tag.Contains(word, StringComparison.OrdinalIgnoreCase)));
}
