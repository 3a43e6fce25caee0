using System.Globalization;
using System.Text;
using System.Text.Json;
using Watchhouse.Monitoring.Detection;

namespace Watchhouse.Monitoring.Alerts.Products;

/// <summary>
/// An alert of Microsoft Graph (<c>microsoft.graph.security.alert</c>, version 2) in the words of this house. Texts are cut to what the
/// queue stores. Pure.
/// </summary>
internal sealed record GraphAlert
{
    public const int MostEvidence = 100;
    private const int LongestDetail = 1000;
    private const int MostTechniques = 40;

    // Names of serviceSource (Microsoft Graph reference, alert resource type).
    private static readonly Dictionary<string, string> Products = new(StringComparer.OrdinalIgnoreCase)
    {
        ["microsoftDefenderForEndpoint"] = "Microsoft Defender for Endpoint",
        ["microsoftDefenderForIdentity"] = "Microsoft Defender for Identity",
        ["microsoftDefenderForCloudApps"] = "Microsoft Defender for Cloud Apps",
        ["microsoftDefenderForOffice365"] = "Microsoft Defender for Office 365",
        ["microsoft365Defender"] = "Microsoft Defender XDR",
        ["azureAdIdentityProtection"] = "Microsoft Entra ID Protection",
        ["microsoftAppGovernance"] = "Microsoft app governance",
        ["dataLossPrevention"] = "Microsoft Purview Data Loss Prevention",
        ["microsoftDefenderForCloud"] = "Microsoft Defender for Cloud",
        ["microsoftSentinel"] = "Microsoft Sentinel",
        ["microsoftInsiderRiskManagement"] = "Microsoft Purview Insider Risk Management",
        ["microsoftThreatIntelligence"] = "Microsoft Threat Intelligence",
        ["microsoftDefenderForDatabases"] = "Microsoft Defender for Databases",
        ["microsoftDefenderForContainers"] = "Microsoft Defender for Containers",
    };

    // ATT&CK's tactics as the product's categories write them, without hyphens.
    private static readonly Dictionary<string, string> Tactics = new[]
    {
        "reconnaissance", "resource-development", "initial-access", "execution", "persistence", "privilege-escalation", "defense-evasion",
        "credential-access", "discovery", "lateral-movement", "collection", "command-and-control", "exfiltration", "impact",
    }.ToDictionary(tactic => tactic.Replace("-", "", StringComparison.Ordinal), tactic => tactic, StringComparer.OrdinalIgnoreCase);

    public required string Id { get; init; }

    public required string Product { get; init; }

    /// <summary>What one queue groups by: the product's detector, or the title where it names none.</summary>
    public required string Rule { get; init; }

    public required string Title { get; init; }

    public required string Level { get; init; }

    public required AlertEntity Entity { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public string Recommendation { get; init; } = "";

    public string Description { get; init; } = "";

    public string Incident { get; init; } = "";

    public string Status { get; init; } = "";

    public string Classification { get; init; } = "";

    public string Determination { get; init; } = "";

    public string Link { get; init; } = "";

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required IReadOnlyList<ProductEvidence> Evidence { get; init; }

    /// <summary>Reads an alert; null where it is none: no object, without an id, or without a time of its last change.</summary>
    /// <param name="json">The alert as the API gives it.</param>
    /// <param name="source">Name of the source that it came by: what it is about where it names no user, device or address.</param>
    public static GraphAlert? Read(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            // Bytes that are no UTF-8 are shown as replacement characters, as everywhere else.
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(json.Span), new JsonDocumentOptions { MaxDepth = 64 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, source) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static GraphAlert? Read(JsonElement alert, string source)
    {
        var id = Text(alert, "id");
        if (id.Length == 0 || (Time(alert, "lastUpdateDateTime") ?? Time(alert, "createdDateTime")) is not { } updated) return null;
        var service = Text(alert, "serviceSource");
        var title = Text(alert, "title") is { Length: > 0 } given ? given : "Alert without a title";
        var first = Time(alert, "firstActivityDateTime") ?? Time(alert, "createdDateTime") ?? updated;
        var last = Time(alert, "lastActivityDateTime") ?? first;
        var evidence = GraphEvidence.Of(alert, MostEvidence, LongestDetail);
        return new GraphAlert
        {
            Id = Cut(id, ProductAlert.LongestName),
            Product = Cut(Products.GetValueOrDefault(service, service.Length > 0 ? service : "Microsoft security product"), ProductAlert.LongestName),
            Rule = Cut($"{(service.Length > 0 ? service : "microsoft")}/{(Text(alert, "detectorId") is { Length: > 0 } detector ? detector : title)}", 200),
            Title = Cut(title, 300),
            Level = LevelOf(Text(alert, "severity")),
            Entity = GraphEvidence.Subject(evidence) ?? AlertEntity.OfSource(source),
            Tags = TagsOf(alert),
            Recommendation = Cut(Text(alert, "recommendedActions"), 8000),
            Description = Cut(Text(alert, "description"), ProductAlert.LongestDescription),
            Incident = Cut(Text(alert, "incidentId"), ProductAlert.LongestName),
            Status = Cut(Text(alert, "status"), 40),
            Classification = Cut(Text(alert, "classification"), 60),
            Determination = Cut(Text(alert, "determination"), 60),
            Link = LinkOf(Text(alert, "alertWebUrl")),
            UpdatedAt = updated,
            FirstAt = first,
            LastAt = last < first ? first : last,
            Evidence = evidence,
        };
    }

    // What a product cannot rank is not ranked away.
    private static string LevelOf(string severity) => severity switch
    {
        "informational" or "low" or "medium" or "high" => severity,
        _ => "medium",
    };

    private static string[] TagsOf(JsonElement alert)
    {
        var tags = new List<string>();
        if (Tactics.TryGetValue(Text(alert, "category"), out var tactic)) tags.Add($"attack.{tactic}");
        if (alert.TryGetProperty("mitreTechniques", out var techniques) && techniques.ValueKind == JsonValueKind.Array)
        {
            foreach (var each in techniques.EnumerateArray().Take(MostTechniques))
            {
                if (each.ValueKind == JsonValueKind.String && each.GetString() is { Length: >= 5 and <= 9 } name && name[0] is 'T' or 't')
                    tags.Add($"attack.{name.ToLowerInvariant()}");
            }
        }

        return [.. tags.Distinct()];
    }

    // A person follows this from a page of trust: nowhere but to Microsoft.
    private static string LinkOf(string text) =>
        text.Length <= ProductAlert.LongestLink && Uri.TryCreate(text, UriKind.Absolute, out var link) && link.Scheme == Uri.UriSchemeHttps
        && (link.Host.EndsWith(".microsoft.com", StringComparison.OrdinalIgnoreCase) || link.Host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase))
            ? text : "";

    internal static string Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value)
            ? value.ValueKind switch
            {
                JsonValueKind.String => Unescaped(value),
                JsonValueKind.Number => value.GetRawText(),
                _ => "",
            }
            : "";

    // An escape of half a character (\ud800) is valid JSON and no text.
    private static string Unescaped(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText().Trim('"');
        }
    }

    internal static string Cut(string text, int most) => text.Length <= most ? text : text[..most];

    private static DateTimeOffset? Time(JsonElement of, string name) =>
        DateTimeOffset.TryParse(Text(of, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : null;
}
