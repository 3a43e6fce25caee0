using System.Text;

namespace Watchhouse.Monitoring.Alerts.Products;

/// <summary>Words of Microsoft's alerts in English. Pure.</summary>
internal static class ProductWords
{
    public static string Status(string status) => status switch
    {
        "new" => "New",
        "inProgress" => "Somebody works on it there",
        "resolved" => "Resolved there",
        _ => "Not said",
    };

    public static string Judged(string classification, string determination)
    {
        var judged = classification switch
        {
            "truePositive" => "True positive",
            "falsePositive" => "False positive",
            "informationalExpectedActivity" => "Expected activity",
            _ => "Not judged there",
        };
        return determination is "" or "unknown" or "unknownFutureValue" ? judged : $"{judged}: {Spaced(determination)}";
    }

    /// <summary>'noThreatsFound' as 'no threats found'.</summary>
    public static string Spaced(string word)
    {
        var text = new StringBuilder(word.Length + 4);
        for (var at = 0; at < word.Length; at++)
        {
            if (at > 0 && char.IsUpper(word[at]) && char.IsLower(word[at - 1])) text.Append(' ').Append(char.ToLowerInvariant(word[at]));
            else text.Append(word[at]);
        }

        return text.ToString();
    }
}
