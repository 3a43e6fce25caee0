using System.Text;
using CsCheck;
using Watchhouse.Monitoring.Detection;

namespace Watchhouse.Monitoring.Tests.Detection;

public sealed class PayloadEventsTests
{
    [Theory]
    [InlineData("ndjson", "{\"a\":1}\n{\"a\":2}", "{\"a\":1}|{\"a\":2}")]
    [InlineData("elastic-document", "{\"a\":1}", "{\"a\":1}")]
    [InlineData("hec-event", "{\"host\":\"h\",\"event\":{\"a\":1}}\n{\"event\":{\"a\":2},\"fields\":{}}", "{\"a\":1}|{\"a\":2}")]
    [InlineData("hec-event", "{\"event\":\"type=USER_CMD msg=audit(1.2:3): cmd=6C73\"}", "type=USER_CMD msg=audit(1.2:3): cmd=6C73")]
    [InlineData("hec-raw; sourcetype=syslog", "<13>Nov  2 09:00:00 h sudo: x\n<13>Nov  2 09:00:01 h sudo: y", "<13>Nov  2 09:00:00 h sudo: x|<13>Nov  2 09:00:01 h sudo: y")]
    [InlineData("syslog; peer=192.0.2.1", "<13>1 2026-11-02T09:00:00Z h a - - - x\n{\"a\":1}", "<13>1 2026-11-02T09:00:00Z h a - - - x|{\"a\":1}")]
    [InlineData("file-line; form=Auditd", "type=USER_CMD msg=audit(1.2:3): cmd=6C73\nother", "type=USER_CMD msg=audit(1.2:3): cmd=6C73|other")]
    [InlineData("file-line; form=Evtx", "a\nb", "a|b")]
    [InlineData("otlp-record", "{\"body\":{\"a\":1},\"attributes\":{}}\n{\"attributes\":{\"b\":2}}", "{\"a\":1}|{\"attributes\":{\"b\":2}}")]
    public void Read_EachFormat_GivesWhatWasLogged(string format, string payload, string expected)
    {
        var found = new List<string>();

        new PayloadEvents().Read(format, Encoding.UTF8.GetBytes(payload), DateTimeOffset.UnixEpoch, record => found.Add(Encoding.UTF8.GetString(record.Raw)));

        Assert.Equal(expected.Split('|'), found);
    }

    [Theory]
    [InlineData("hec-event", """{"time":1793610000.25,"host":"fw1","event":"link down"}""", "2026-11-02T09:00:00.2500000Z fw1")]
    [InlineData("hec-event", """{"event":"link down","host":"fw1","time":"1793610000"}""", "2026-11-02T09:00:00.0000000Z fw1")]
    [InlineData("hec-event", """{"time":1,"host":"relay","event":"<13>1 2026-11-02T09:00:00Z fw2 app - - - up"}""", "2026-11-02T09:00:00Z fw2")]
    [InlineData("hec-event", """{"time":-5,"host":" ","event":"link down"}""", " ")]
    [InlineData("hec-event", """{"time":1e40,"host":7,"event":"link down"}""", " ")]
    [InlineData("hec-raw; host=fw1; time=1793610000", "link down", "2026-11-02T09:00:00.0000000Z fw1")]
    [InlineData("hec-raw; host=relay", "<13>1 2026-11-02T09:00:00Z fw2 app - - - up", "2026-11-02T09:00:00Z fw2")]
    [InlineData("hec-raw", "link down", " ")]
    public void Read_LineThatSaysNoTimeOrHost_HasThoseOfItsEnvelope(string format, string payload, string expected)
    {
        string Text(Watchhouse.Telemetry.EventRecord record, string name) =>
            record.Find(Encoding.UTF8.GetBytes(name)) is >= 0 and var at ? Encoding.UTF8.GetString(record.ValueOf(record[at])) : "";
        var found = new List<string>();

        new PayloadEvents().Read(format, Encoding.UTF8.GetBytes(payload), DateTimeOffset.UnixEpoch, record => found.Add($"{Text(record, "TimeCreated")} {Text(record, "hostname")}"));

        Assert.Equal([expected], found);
    }

    [Fact]
    public void Read_AnyBytes_NeverThrows() => Gen.Select(
        Gen.Int[0, 6], Gen.Int[0, 11].Array[0, 12]).Sample((format, pieces) =>
    {
        string[] parts = ["{", "}", "\"event\":", "\"body\":", "\"a\\ud800\"", "1", "\n", "[", "]", ",", "\0", "é"];
        var payload = string.Concat(pieces.Select(piece => parts[piece]));
        new PayloadEvents().Read(new[] { "ndjson", "hec-event", "hec-raw", "otlp-record", "elastic-document", "syslog; peer=::1", "file-line; form=Leef; reference=no" }[format], Encoding.UTF8.GetBytes(payload), DateTimeOffset.UnixEpoch, _ => { });
    });

    [Fact]
    public void OfLine_SameLine_SameIdAndOthersDiffer()
    {
        var raw = "{\"a\":1}"u8.ToArray();
        var at = DateTimeOffset.UnixEpoch;
        var id = DerivedId.OfLine("KNT", "s", at, 0, raw);

        Assert.Equal(id, DerivedId.OfLine("KNT", "s", at, 0, raw));
        Assert.Equal(8, id.Version);
        Guid[] others =
        [
            DerivedId.OfLine("ESX", "s", at, 0, raw), DerivedId.OfLine("KNT", "t", at, 0, raw), DerivedId.OfLine("KNTs", "", at, 0, raw),
            DerivedId.OfLine("KNT", "s", at, 0, "{\"a\":2}"u8), DerivedId.OfLine("KNT", "s", at.AddTicks(1), 0, raw), DerivedId.OfLine("KNT", "s", at, 1, raw),
        ];
        Assert.DoesNotContain(id, others);
        Assert.Equal(others.Length, others.Distinct().Count());
    }

    [Fact]
    public void Of_EventsOfDifferentKinds_NamesWhomTheyAreAbout()
    {
        AlertEntity Entity(params (string Name, string Value)[] fields) =>
            AlertEntity.Of(name => fields.FirstOrDefault(field => field.Name == name).Value, "firewall");

        Assert.Equal(new("user", "a@b"), Entity(("Computer", "h"), ("UserId", "a@b")));
        Assert.Equal(new("host", "h"), Entity(("Computer", "h"), ("TargetUserName", "-")));
        Assert.Equal(new("address", "192.0.2.1"), Entity(("SourceIp", "192.0.2.1")));
        Assert.Equal(new("source", "firewall"), Entity());
    }
}
