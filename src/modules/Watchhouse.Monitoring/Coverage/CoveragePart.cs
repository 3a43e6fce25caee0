using System.Globalization;
using Watchhouse.Sigma;

namespace Watchhouse.Monitoring.Coverage;

/// <summary>Parts of an estate by which the matrix can be cut, by the log source of the rules. Pure.</summary>
internal static class CoveragePart
{
    /// <summary>Word in the address, and title.</summary>
    public static IReadOnlyList<(string Word, string Title)> All { get; } =
    [
        ("microsoft", "Entra, Office, Azure"), ("windows", "Windows"), ("linux", "Linux and macOS"), ("network", "Network and web"), ("other", "Other services"),
    ];

    public static string Of(SigmaLogSource source) => source.Product?.ToLowerInvariant() switch
    {
        "azure" or "m365" => "microsoft",
        "windows" => "windows",
        "linux" or "macos" => "linux",
        "zeek" or "cisco" or "fortinet" or "fortigate" or "paloalto" or "juniper" or "huawei" or "f5" or "apache" or "nginx" or "modsecurity" or "opencanary" => "network",
        null => source.Category is "process_creation" or "antivirus" or "file_event" ? "windows" : "network",
        _ => "other",
    };

    /// <summary>A log source in words: 'Windows process creation'.</summary>
    public static string Words(SigmaLogSource source)
    {
        var kind = source.Category ?? source.Service;
        var product = source.Product?.ToLowerInvariant() switch
        {
            null => "",
            "azure" => "Entra ID and Azure",
            "m365" => "Microsoft 365",
            "aws" => "AWS",
            "gcp" => "Google Cloud",
            "macos" => "macOS",
            var name => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(name),
        };
        if (kind is null) return product.Length == 0 ? "Any source" : product;
        // Of one category several services may bring the same.
        var words = kind.Replace('_', ' ').Replace('-', ' ');
        return product.Length == 0 ? char.ToUpperInvariant(words[0]) + words[1..] : $"{product}: {words}";
    }
}
