using System.Text.Json;
using Watchhouse.Monitoring.Detection;
using static Watchhouse.Monitoring.Alerts.Products.GraphAlert;

namespace Watchhouse.Monitoring.Alerts.Products;

/// <summary>The evidence of an alert of Microsoft Graph (<c>alertEvidence</c> and what derives from it). Pure.</summary>
internal static class GraphEvidence
{
    public static IReadOnlyList<ProductEvidence> Of(JsonElement alert, int most, int longest)
    {
        var found = new List<ProductEvidence>();
        if (!alert.TryGetProperty("evidence", out var evidence) || evidence.ValueKind != JsonValueKind.Array) return found;
        foreach (var each in evidence.EnumerateArray().Take(most))
        {
            if (each.ValueKind != JsonValueKind.Object) continue;
            var (kind, name, detail) = Named(each);
            if (name.Length == 0 && detail.Length == 0) continue;
            found.Add(new(kind, Cut(name, longest), Cut(detail, longest), Cut(Text(each, "verdict"), 40), Cut(Text(each, "remediationStatus"), 40)));
        }

        return found;
    }

    /// <summary>Whom the alert is about: a user before a device before an address, as for every other alert.</summary>
    public static AlertEntity? Subject(IReadOnlyList<ProductEvidence> evidence)
    {
        foreach (var (kind, words) in new[] { ("user", "user mailbox"), ("host", "device"), ("address", "address"), ("app", "application") })
        {
            if (evidence.FirstOrDefault(each => words.Split(' ').Contains(each.Kind) && each.Name.Length > 0) is { } first)
                return new AlertEntity(kind, Cut(first.Name, AlertEntity.Longest));
        }

        return null;
    }

    private static (string Kind, string Name, string Detail) Named(JsonElement each)
    {
        var type = Text(each, "@odata.type");
        var word = type[(type.LastIndexOf('.') + 1)..];
        if (word.EndsWith("Evidence", StringComparison.Ordinal)) word = word[..^"Evidence".Length];
        return word switch
        {
            "device" => ("device", First(Text(each, "deviceDnsName"), Text(each, "hostName"), Text(each, "mdeDeviceId")), Text(each, "osPlatform")),
            "user" => ("user", Account(In(each, "userAccount")), ""),
            "mailbox" => ("mailbox", First(Text(each, "primaryAddress"), Account(In(each, "userAccount"))), Text(each, "displayName")),
            "ip" => ("address", Text(each, "ipAddress"), Text(each, "countryLetterCode")),
            "process" => ("process", Text(In(each, "imageFile"), "fileName"), First(Text(each, "processCommandLine"), Text(In(each, "imageFile"), "sha256"))),
            "file" => ("file", Text(In(each, "fileDetails"), "fileName"), First(Text(In(each, "fileDetails"), "sha256"), Text(In(each, "fileDetails"), "filePath"))),
            "url" => ("url", Text(each, "url"), ""),
            "oauthApplication" => ("application", First(Text(each, "appId"), Text(each, "objectId")), Text(each, "displayName")),
            "cloudApplication" => ("application", First(Text(each, "displayName"), Text(each, "appId")), Text(each, "instanceName")),
            "registryKey" => ("registry key", Text(each, "registryKey"), Text(each, "registryHive")),
            "registryValue" => ("registry value", Text(each, "registryKey"), Text(each, "registryValueName")),
            "analyzedMessage" => ("message", First(Text(each, "subject"), Text(each, "networkMessageId")), First(Text(each, "p1Sender"), Text(In(each, "p1Sender"), "emailAddress"))),
            "mailCluster" => ("mail cluster", Text(each, "networkMessageIds"), Text(each, "query")),
            _ => (word.Length > 0 ? Cut(word, 40) : "other", First(Text(each, "displayName"), Text(each, "name"), Text(each, "resourceName")), Text(each, "resourceId")),
        };
    }

    private static string Account(JsonElement account)
    {
        if (Text(account, "userPrincipalName") is { Length: > 0 } principal) return principal;
        var (name, domain) = (Text(account, "accountName"), Text(account, "domainName"));
        return name.Length == 0 || domain.Length == 0 ? name : $"{domain}\\{name}";
    }

    private static JsonElement In(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value : default;

    private static string First(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Length > 0) return text;
        }

        return "";
    }
}
