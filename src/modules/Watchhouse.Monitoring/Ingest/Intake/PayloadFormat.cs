using System.Text;

namespace Watchhouse.Monitoring.Ingest.Intake;

/// <summary>
/// The word in the journal that says how a line of a payload reads, with what the request said of all its lines:
/// <c>hec-raw; sourcetype=cisco%3Aasa; host=fw1</c>. Values are percent-encoded. Pure.
/// </summary>
internal sealed record PayloadFormat(string Word, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    /// <summary>A JSON object a line, as sent.</summary>
    public const string Ndjson = "ndjson";

    /// <summary>An event envelope of Splunk's HTTP Event Collector a line, as sent.</summary>
    public const string HecEvent = "hec-event";

    /// <summary>A line of text, as sent; bytes, not always UTF-8.</summary>
    public const string HecRaw = "hec-raw";

    /// <summary>A document of a bulk request a line, as sent.</summary>
    public const string ElasticDocument = "elastic-document";

    /// <summary>A log record of OpenTelemetry with its resource and scope a line, as JSON.</summary>
    public const string OtlpRecord = "otlp-record";

    /// <summary>A message of syslog a line, without its frame; bytes, not always UTF-8.</summary>
    public const string Syslog = "syslog";

    /// <summary>A line of a file, as it stands there; <see cref="Form"/> says of which kind.</summary>
    public const string FileLine = "file-line";

    /// <summary>The address that lines of syslog came from.</summary>
    public const string Peer = "peer";

    /// <summary>The name of the lines' format as <c>EventFormat</c> has it.</summary>
    public const string Form = "form";

    /// <summary>A moment not long before which lines were written; gives the year to times that lack one.</summary>
    public const string Reference = "reference";

    // The journal takes names of 254 bytes.
    private const int Longest = 240;

    /// <summary>What the request said of all lines under a name; null where it said nothing.</summary>
    public string? this[string name] => Parameters.FirstOrDefault(each => each.Key == name).Value;

    public override string ToString()
    {
        var text = new StringBuilder(Word);
        foreach (var (name, value) in Parameters)
        {
            var more = $"; {name}={Uri.EscapeDataString(value)}";
            if (text.Length + more.Length <= Longest) text.Append(more);
        }

        return text.ToString();
    }

    public static PayloadFormat Parse(string text)
    {
        var parts = text.Split("; ");
        return new PayloadFormat(parts[0], [.. parts.Skip(1).Select(static part => part.Split('=', 2))
            .Where(static pair => pair.Length == 2).Select(static pair => KeyValuePair.Create(pair[0], Uri.UnescapeDataString(pair[1])))]);
    }
}
