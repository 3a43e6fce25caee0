using System.Net;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Ingest.Syslog;

/// <summary>
/// Where a force's syslog comes in. What it takes is of its force and its source, whatever a message says of itself
/// (law 1). When the force ends it passes to the successor: its devices go on sending.
/// </summary>
internal sealed class SyslogListener : IOwnedByForce
{
    public required Guid Id { get; init; }

    public required ForceId ForceId { get; set; }

    public required string Source { get; init; }

    /// <summary>One of <see cref="SyslogTransport"/>.</summary>
    public required string Transport { get; init; }

    /// <summary>The address of this machine that it listens on.</summary>
    public required string Address { get; init; }

    public required int Port { get; init; }

    /// <summary>Networks that may send, as CIDR blocks parted by blanks; empty: any, which only certificates allow.</summary>
    public required string Networks { get; init; }

    /// <summary>
    /// SHA-256 of the client certificates that may send, in lower-case hex and parted by blanks (RFC 5425, section 4.2.2).
    /// </summary>
    public required string Thumbprints { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>How messages travel.</summary>
internal static class SyslogTransport
{
    /// <summary>RFC 6587.</summary>
    public const string Tcp = "tcp";

    /// <summary>RFC 5425.</summary>
    public const string Tls = "tls";

    /// <summary>RFC 5426.</summary>
    public const string Udp = "udp";
}

/// <summary>A listener as it is used; two are alike when everything in them is.</summary>
internal sealed record ListenerPlan(
    Guid Id, ForceId Force, string Source, string Transport, string Address, int Port, string Networks, string Thumbprints)
{
    private readonly IPNetwork[] _networks = [.. SyslogRules.Parts(Networks).Select(IPNetwork.Parse)];

    public static ListenerPlan Of(SyslogListener row) =>
        new(row.Id, row.ForceId, row.Source, row.Transport, row.Address, row.Port, row.Networks, row.Thumbprints);

    public bool Equals(ListenerPlan? other) => other is not null
        && (Id, Force, Source, Transport, Address, Port, Networks, Thumbprints)
            == (other.Id, other.Force, other.Source, other.Transport, other.Address, other.Port, other.Networks, other.Thumbprints);

    public override int GetHashCode() => Id.GetHashCode();

    public bool Admits(IPAddress peer) => _networks.Length == 0 || Array.Exists(_networks, network => network.Contains(peer));

    public IEnumerable<string> Certificates => SyslogRules.Parts(Thumbprints);
}
