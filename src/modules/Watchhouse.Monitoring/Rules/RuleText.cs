using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Rules;

/// <summary>What is wrong with a rule's text.</summary>
/// <param name="Line">Line in the text, from 1.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Do">What to do.</param>
internal sealed record RuleFault(int Line, string What, string Do)
{
    public override string ToString() => $"Line {Line}: {What} {Do}";
}

/// <summary>What a rule's text says of itself.</summary>
internal sealed record RuleSheet(
    string Key, IReadOnlyList<string> Names, string Title, string Level, string LogSource, IReadOnlyList<string> Tags,
    IReadOnlyList<string> Placeholders);

/// <summary>Reads the text of a rule. Pure.</summary>
internal static partial class RuleText
{
    /// <summary>Greatest length of a rule's text in characters. The longest rule that is published, a list of drivers, has 295,078.</summary>
    public const int Longest = 1024 * 1024;

    private const string Here = "(this)";

    /// <summary>The sheet, or what is wrong. Rules around it may be referred to, and are not looked at themselves.</summary>
    public static (RuleSheet? Sheet, RuleFault? Fault) Read(string text, IEnumerable<string>? around = null)
    {
        if (text.Length > Longest) return (null, new(1, $"The text has {text.Length} characters; the limit is {Longest}.", "Split it into several rules."));
        if (Refused(text) is { } refused) return (null, refused);
        var set = Parse(text, around);
        var reports = set.Reports.Where(report => report.File == Here).ToList();
        if (reports.Count == 0) return (null, new(1, "There is no document in the text.", "Write a Sigma rule with title, logsource and detection."));
        if (reports.FirstOrDefault(report => report.State is not (RuleState.Live or RuleState.Applied)) is { } bad) return (null, Fault(bad));
        var rules = set.Rules.Where(rule => rule.File == Here).ToList();
        var correlations = set.Correlations.Where(correlation => correlation.File == Here).ToList();
        var main = Main(rules, correlations);
        return (main is null ? Filter(reports[0]) : Sheet(main, rules, correlations, set), null);
    }

    /// <summary>The documents of a text, and of those around it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="around">Texts that it may refer to.</param>
    /// <param name="lists">Value lists; what is missing is taken as a value that nothing has.</param>
    public static SigmaRuleSet Parse(string text, IEnumerable<string>? around = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? lists = null)
    {
        // Which lists there are differs from force to force, so that one is missing is no fault of the text.
        var known = Placeholders().Matches(text).Select(match => match.Groups[1].Value).Distinct()
            .ToDictionary(name => name, name => lists?.GetValueOrDefault(name) ?? ["0"], StringComparer.Ordinal);
        return SigmaLoader.Parse([(text, Here), .. (around ?? []).Select((each, at) => (each, $"(around {at})"))], new() { ValueLists = known, Threads = 1 });
    }

    /// <summary>Whether a document is of the text itself, and not of those around it.</summary>
    public static bool IsOwn(SigmaDocument document) => document.File == Here;

    /// <summary>The hash by which a shipped text is known again.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Whether a text holds a correlation.</summary>
    public static bool HasCorrelation(string text) => CorrelationKey().IsMatch(text);

    /// <summary>Whether a text holds a filter.</summary>
    public static bool HasFilter(string text) => FilterKey().IsMatch(text);

    // A correlation that nothing else in the text looks at says what the text is for.
    private static SigmaDocument? Main(List<SigmaRule> rules, List<SigmaCorrelation> correlations)
    {
        var lookedAt = correlations.SelectMany(correlation => correlation.Rules).ToHashSet(StringComparer.Ordinal);
        return correlations.Find(correlation => !(Is(correlation.Id) || Is(correlation.Name))) ?? rules.FirstOrDefault() as SigmaDocument;

        bool Is(string? name) => name is not null && lookedAt.Contains(name);
    }

    private static RuleSheet Sheet(SigmaDocument main, List<SigmaRule> rules, List<SigmaCorrelation> correlations, SigmaRuleSet set)
    {
        SigmaDocument[] documents = [.. rules, .. correlations];
        var source = main is SigmaRule own ? own
            : rules.FirstOrDefault() ?? set.Rules.FirstOrDefault(rule => ((SigmaCorrelation)main).Rules.Any(name => name == rule.Id || name == rule.Name));
        return new(
            Cut(KeyOf(main), 200),
            [.. documents.SelectMany(document => new[] { document.Id, document.Name }).OfType<string>().Append(KeyOf(main)).Distinct()],
            Cut(main.Title, 300),
            main.Level.ToString().ToLowerInvariant(),
            source?.LogSource.ToString() ?? "",
            [.. documents.SelectMany(document => document.Tags).Select(tag => tag.ToLowerInvariant()).Distinct()],
            [.. rules.SelectMany(rule => rule.Placeholders).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static RuleSheet Filter(RuleReport report)
    {
        var key = Cut(report.Id ?? report.Title ?? "filter", 200);
        return new(key, [key], Cut(report.Title ?? key, 300), "informational", "", [], []);
    }

    private static string KeyOf(SigmaDocument document) => document.Id ?? document.Name ?? document.Title;

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];

    private static RuleFault? Refused(string text)
    {
        var at = text.IndexOf('\0', StringComparison.Ordinal);
        return at < 0 ? null : new(text.AsSpan(0, at).Count('\n') + 1, "There is a zero character in the text.", "Save it as UTF-8 text.");
    }

    private static RuleFault Fault(RuleReport report) => new(report.Line, report.Reason ?? "It cannot be used.", report.Reason switch
    {
        { } reason when reason.Contains("not among the rules", StringComparison.Ordinal) =>
            "Write the rules that it names into the same text, or make them rules of the same owner first.",
        { } reason when reason.Contains("look", StringComparison.Ordinal) && reason.Contains("around", StringComparison.Ordinal) =>
            "Write the regular expression without look-around and back-references.",
        { } reason when reason.Contains("title", StringComparison.Ordinal) => "Add 'title: ' with a short name.",
        { } reason when reason.Contains("logsource", StringComparison.Ordinal) => "Add 'logsource: ' with product, category or service.",
        _ => "Change the line; 'watchhouse rules explain' shows how a text is understood.",
    });

    [GeneratedRegex(@"%([\p{L}\p{N}_.\-]{1,100})%", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholders();

    [GeneratedRegex(@"^correlation\s*:", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex CorrelationKey();

    [GeneratedRegex(@"^filter\s*:", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex FilterKey();
}
