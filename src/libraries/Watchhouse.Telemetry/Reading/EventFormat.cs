namespace Watchhouse.Telemetry;

/// <summary>The formats in which events are read. Each name says what one record is.</summary>
public enum EventFormat
{
    /// <summary>Windows event log files.</summary>
    Evtx,

    /// <summary>One JSON object a line.</summary>
    JsonLines,

    /// <summary>JSON objects in an array or one after the other, over any number of lines.</summary>
    Json,

    /// <summary>Windows events as XML: Event elements, alone or inside Events.</summary>
    Xml,

    /// <summary>Rows under a header line, parted by comma, semicolon or tab (RFC 4180).</summary>
    Csv,

    /// <summary>W3C extended log file format, as IIS and Exchange write it: columns are named by #Fields.</summary>
    W3c,

    /// <summary>Logs of Zeek in its own form: columns are named by #fields.</summary>
    Zeek,

    /// <summary>Lines of syslog: RFC 5424, RFC 3164 and the forms of files in /var/log.</summary>
    Syslog,

    /// <summary>Syslog messages with their length in front (RFC 6587, section 3.4.1).</summary>
    SyslogFramed,

    /// <summary>ArcSight common event format.</summary>
    Cef,

    /// <summary>QRadar log event extended format.</summary>
    Leef,

    /// <summary>Records of the Linux audit daemon.</summary>
    Auditd,

    /// <summary>Common or combined access logs of web servers.</summary>
    AccessLog,

    /// <summary>Lines of no known form; each is an event with a message.</summary>
    TextLines,
}
