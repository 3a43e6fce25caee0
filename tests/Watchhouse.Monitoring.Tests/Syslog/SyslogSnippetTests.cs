using Watchhouse.Monitoring.Ingest.Syslog;

namespace Watchhouse.Monitoring.Tests.Syslog;

public sealed class SyslogSnippetTests
{
    [Theory]
    [InlineData("tls", "0.0.0.0", "watchhouse.example")]
    [InlineData("tls", "::", "watchhouse.example")]
    [InlineData("tls", "10.0.0.5", "watchhouse.example")]
    [InlineData("tls", "127.0.0.1", "127.0.0.1")]
    [InlineData("tcp", "10.0.0.5", "10.0.0.5")]
    [InlineData("udp", "0.0.0.0", "watchhouse.example")]
    public void Target_OfAListener_IsWhereItIsReached(string transport, string address, string expected) =>
        Assert.Equal(expected, SyslogSnippets.Target(transport, address, "watchhouse.example"));

    [Fact]
    public void Snippets_WithoutCertificatesOfSenders_NameNone()
    {
        var rsyslog = SyslogSnippets.Rsyslog("tls", "watchhouse.example", 6514, "AB:CD", isNamed: false);
        var syslogNg = SyslogSnippets.SyslogNg("tls", "watchhouse.example", 6514, isNamed: false);

        Assert.Contains("StreamDriverPermittedPeers=\"SHA256:AB:CD\"", rsyslog, StringComparison.Ordinal);
        Assert.DoesNotContain("client", rsyslog + syslogNg, StringComparison.Ordinal);
        Assert.Contains("client.key", SyslogSnippets.Rsyslog("tls", "w", 6514, "AB:CD", isNamed: true), StringComparison.Ordinal);
    }
}
