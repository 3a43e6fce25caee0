using System.Globalization;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Telemetry;

namespace Watchhouse.Monitoring.Contracts;

/// <summary>Words for how imported lines read.</summary>
public static class ImportFormats
{
    /// <summary>A JSON object a line.</summary>
    public static string Json => PayloadFormat.Ndjson;

    /// <summary>A line as it stands in the file.</summary>
    /// <param name="format">The file's format, one whose events are single lines.</param>
    /// <param name="reference">A moment not long before which the lines were written, such as the file's last change.</param>
    public static string Line(EventFormat format, DateTimeOffset reference) => new PayloadFormat(PayloadFormat.FileLine,
    [
        KeyValuePair.Create(PayloadFormat.Form, format.ToString()),
        KeyValuePair.Create(PayloadFormat.Reference, reference.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
    ]).ToString();

    /// <summary>Whether a name can be that of a source; <paramref name="rule"/> says what a name is.</summary>
    public static bool IsSourceName(string name, out string rule)
    {
        rule = SourceName.Rule;
        return SourceName.IsValid(name);
    }
}
