using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Watchhouse.Monitoring.Contracts;

namespace Watchhouse.Monitoring.Alerts.Feed;

/// <summary>
/// What an event names by which the same hand is known again elsewhere: addresses of the internet, domains of links, mail addresses,
/// SHA-256 and SHA-1 hashes, applications that were consented to. What every estate has (its own addresses, the application that one signs in to)
/// is none. Bounded in depth, texts and findings, since events are written by others. Pure.
/// </summary>
internal static partial class IndicatorReader
{
    private const int MostDepth = 24;
    private const int MostTexts = 2_000;
    private const int LongestText = 4_096;
    private const int LongestValue = 200;

    /// <summary>Adds what an event names to what is found, up to a bound.</summary>
    public static void Read(ReadOnlySpan<byte> raw, HashSet<AlertIndicator> found, int most)
    {
        var texts = 0;
        try
        {
            var reader = new Utf8JsonReader(raw, new JsonReaderOptions { MaxDepth = 64 });
            using var document = JsonDocument.ParseValue(ref reader);
            Walk(document.RootElement, "", 0, ref texts, found, most);
        }
        catch (JsonException)
        {
            // A line of text, or a text that was cut: it is searched as it stands.
            var line = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, LongestText)]);
            Search(line, found, most);
            foreach (Match match in AddressIn().Matches(line)) Address(match.Value, found, most);
        }
    }

    /// <summary>Adds what an alert is about.</summary>
    public static void OfEntity(string kind, string entity, HashSet<AlertIndicator> found, int most)
    {
        if (kind == "app" && entity.Length <= LongestValue) Add("app", entity, found, most);
        else if (kind is "address" or "group") Address(entity, found, most);
    }

    /// <summary>Adds the groups that a rule's tags name: <c>attack.g0016</c>, as ATT&amp;CK numbers them.</summary>
    public static void OfTags(IEnumerable<string> tags, HashSet<AlertIndicator> found, int most)
    {
        foreach (var tag in tags)
        {
            if (GroupTag().IsMatch(tag)) Add("actor", tag[7..].ToUpperInvariant(), found, most, keepCase: true);
        }
    }

    private static void Walk(JsonElement at, string name, int depth, ref int texts, HashSet<AlertIndicator> found, int most)
    {
        if (depth > MostDepth || texts > MostTexts || found.Count >= most) return;
        switch (at.ValueKind)
        {
            case JsonValueKind.Object:
                if (IsApplication(at)) Application(at, found, most);
                foreach (var each in at.EnumerateObject()) Walk(each.Value, each.Name, depth + 1, ref texts, found, most);
                break;
            case JsonValueKind.Array:
                foreach (var each in at.EnumerateArray()) Walk(each, name, depth + 1, ref texts, found, most);
                break;
            case JsonValueKind.String:
                texts++;
                Text(name, at.GetString()!, found, most);
                break;
        }
    }

    private static void Text(string name, string text, HashSet<AlertIndicator> found, int most)
    {
        if (text.Length is < 4 or > LongestText) return;
        Address(text, found, most);
        Search(text, found, most);
        // SHA-1 is as long as many other numbers: only where its name says so.
        if (text.Length == 40 && name.Contains("sha1", StringComparison.OrdinalIgnoreCase) && text.All(char.IsAsciiHexDigit)) Add("hash", text, found, most);
    }

    private static void Search(string text, HashSet<AlertIndicator> found, int most)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            foreach (Match match in Link().Matches(text))
            {
                var host = match.Groups[1].Value.TrimEnd('.');
                if (IPAddress.TryParse(host, out _)) Address(host, found, most);
                else if (host.Contains('.', StringComparison.Ordinal)) Add("domain", host, found, most);
            }
        }

        if (text.Contains('@', StringComparison.Ordinal))
        {
            foreach (Match match in Mail().Matches(text)) Add("mail", match.Value, found, most);
        }

        if (text.Length >= 40)
        {
            foreach (Match match in Hash().Matches(text)) Add("hash", match.Groups["hash"].Value, found, most);
        }
    }

    // 203.0.113.7, 203.0.113.7:443, [2001:db8::1]:443: only what can be met from outside.
    private static void Address(string text, HashSet<AlertIndicator> found, int most)
    {
        if (text.Length > 60 || !(text[0] == '[' || char.IsAsciiHexDigit(text[0]) || text[0] == ':')) return;
        if (!IPEndPoint.TryParse(text, out var end) || (!text.Contains('.', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal))) return;
        var address = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
        if (address.AddressFamily == AddressFamily.InterNetwork && text.Count(each => each == '.') != 3) return;
        if (IsOutside(address)) Add("address", address.ToString(), found, most);
    }

    private static bool IsOutside(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return !(IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6SiteLocal || address.IsIPv6Multicast || address.IsIPv6UniqueLocal || address.Equals(IPAddress.IPv6Any));
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        // Private use (RFC 1918), shared space (RFC 6598), loopback, link-local (RFC 3927), 0/8, and multicast and above.
        return bytes switch
        {
            [0 or 10 or 127, ..] or [169, 254, ..] or [192, 168, ..] or [>= 224, ..] => false,
            [172, >= 16 and <= 31, ..] or [100, >= 64 and <= 127, ..] => false,
            _ => true,
        };
    }

    // targetResources of a directory audit, and evidence of a Graph alert.
    private static bool IsApplication(JsonElement at) =>
        (at.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() is "ServicePrincipal" or "Application")
        || (at.TryGetProperty("@odata.type", out var odata) && odata.ValueKind == JsonValueKind.String && odata.GetString()!.EndsWith("oauthApplicationEvidence", StringComparison.Ordinal));

    private static void Application(JsonElement at, HashSet<AlertIndicator> found, int most)
    {
        foreach (var name in new[] { "displayName", "appId" })
        {
            if (at.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 2 and <= LongestValue } text) Add("app", text, found, most);
        }

        if (!at.TryGetProperty("modifiedProperties", out var changed) || changed.ValueKind != JsonValueKind.Array) return;
        foreach (var each in changed.EnumerateArray())
        {
            // The id that an application has in every tenant; its object's id differs from one to the next.
            if (each.ValueKind == JsonValueKind.Object && each.TryGetProperty("displayName", out var named) && named.ValueKind == JsonValueKind.String
                && named.GetString() == "TargetId.ServicePrincipalNames" && each.TryGetProperty("newValue", out var value) && value.ValueKind == JsonValueKind.String
                && Guid.TryParse(value.GetString()!.Trim('"'), out var id))
                Add("app", id.ToString(), found, most);
        }
    }

    private static void Add(string kind, string value, HashSet<AlertIndicator> found, int most, bool keepCase = false)
    {
        value = value.Trim();
        if (found.Count >= most || value.Length is < 2 or > LongestValue) return;
        found.Add(new(kind, keepCase ? value : value.ToLower(CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"^attack\.g[0-9]{4}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GroupTag();

    [GeneratedRegex(@"\b[a-zA-Z][a-zA-Z0-9+.-]{1,15}://(?:[^\s/@""'<>]{1,100}@)?([a-zA-Z0-9.-]{3,200})", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"[a-zA-Z0-9._%+'-]{1,64}@[a-zA-Z0-9-]{1,63}(?:\.[a-zA-Z0-9-]{1,63}){1,6}", RegexOptions.CultureInvariant)]
    private static partial Regex Mail();

    [GeneratedRegex(@"(?:^|[^0-9A-Za-z])(?<hash>[0-9A-Fa-f]{64})(?:$|[^0-9A-Za-z])|SHA1=(?<hash>[0-9A-Fa-f]{40})(?:$|[^0-9A-Za-z])", RegexOptions.CultureInvariant)]
    private static partial Regex Hash();

    [GeneratedRegex(@"\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b", RegexOptions.CultureInvariant)]
    private static partial Regex AddressIn();
}
