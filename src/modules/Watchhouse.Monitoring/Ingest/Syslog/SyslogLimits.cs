namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>How much of syslog is taken at once. Its senders cannot be answered, so each bound says what is lost by it.</summary>
internal sealed record SyslogLimits
{
    /// <summary>Most bytes of a message that are kept; what is longer is cut and counted (RFC 5424, section 6.1).</summary>
    public int MaxMessageBytes { get; init; } = 64 * 1024;

    /// <summary>Most bytes of a frame. A sender that goes on beyond it sends no syslog, and is hung up on.</summary>
    public int MaxFrameBytes { get; init; } = 1 << 20;

    /// <summary>A batch goes to the journal when it has so many messages, so many bytes, or is so old.</summary>
    public int BatchMessages { get; init; } = 1000;

    public int BatchBytes { get; init; } = 256 * 1024;

    public TimeSpan BatchAge { get; init; } = TimeSpan.FromMilliseconds(200);

    public int MaxConnectionsOfListener { get; init; } = 512;

    public int MaxConnections { get; init; } = 2000;

    /// <summary>Connections of a port whose TLS handshake is not done: they belong to nobody yet.</summary>
    public int MaxHandshakes { get; init; } = 64;

    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a message may take from its first byte to its last.</summary>
    public TimeSpan SlowestMessage { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A connection without a message for so long is closed. Generous, because a sender notices only at its next message
    /// but one, and loses the first.
    /// </summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long what was read may take to be written down when the house closes.</summary>
    public TimeSpan LastWrite { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Batches of datagrams that wait for the journal; beyond it datagrams are dropped and counted.</summary>
    public int DatagramBatches { get; init; } = 8;

    /// <summary>Senders of datagrams that are told apart within one batch.</summary>
    public int MaxPeers { get; init; } = 32;

    /// <summary>Most bytes that all connections together hold.</summary>
    public long MaxBytes { get; init; } = 96L << 20;
}
