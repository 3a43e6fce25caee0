using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Watchhouse.Monitoring.Demonstration.Lines;

/// <summary>How records are written down. Pure.</summary>
internal static class DemoJson
{
    /// <summary>The field that says what a record is, where the format has room for one more.</summary>
    public const string Label = "Demonstration";

    /// <summary>What it says.</summary>
    public const string Made = "made up: no person, device or event in it is real";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(JsonObject record) => record.ToJsonString(Plain);

    /// <summary>2026-11-02T10:15:00.1234567Z, as Entra and Defender write it.</summary>
    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>2026-11-02T10:15:00.123Z, as Beats and syslog write it.</summary>
    public static string Millis(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>2026-11-02T10:15:00, as the Office 365 Management Activity API writes it.</summary>
    public static string Seconds(DateTimeOffset at) => at.UtcDateTime.ToString("s", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
