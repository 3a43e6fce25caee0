using System.Text;
using Watchhouse.Monitoring.Alerts;
using Watchhouse.Monitoring.Alerts.Explaining;
using Watchhouse.Sigma;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Alerts;

public sealed class ExplainingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private const string Rules = """
        title: Forwarding rule
        id: 0b1f1d52-0001-4000-8000-000000000001
        logsource: {product: m365, service: exchange}
        detection:
          selection:
            Operation:
              - 'New-InboxRule'
              - 'Set-InboxRule'
            ResultStatus: 'True'
            Parameters|re: '(?i)"Name":\s*"ForwardTo",\s*"Value":\s*"[^"]*@'
          filter:
            UserId: 'service@force.example'
          condition: selection and not filter
        level: high
        """;

    private const string Event = """{"CreationTime":"2026-11-02T09:05:00","Operation":"New-InboxRule","RecordType":1,"Workload":"Exchange","UserId":"officer1@force.example","ClientIP":"203.0.113.77","ResultStatus":"True","Parameters":[{"Name":"Name","Value":"x"},{"Name":"ForwardTo","Value":"collector@mail.example"}]}""";

    [Fact]
    public void Explain_EventThatMatches_NamesTheTestsItMetAndNoOther()
    {
        var shown = Explain(Event);

        var parts = Assert.Single(shown.Events).Parts!;
        Assert.Equal([("Operation", "New-InboxRule"), ("Parameters", "\"Name\":\"ForwardTo\",\"Value\":\"collector@"), ("ResultStatus", "True")], parts.Select(part => (part.Field!, part.Value)).Order());
        Assert.Equal(["- 'New-InboxRule'", "ResultStatus", "Parameters|re"], shown.RuleLines.Where(line => line.Marked).Select(line => line.Text.Trim().Split(':')[0]));
        Assert.Contains(shown.Entities, entity => entity is { Kind: "address", Value: "203.0.113.77" });
    }

    [Theory]
    [InlineData("""{"Operation":"Remove-InboxRule","RecordType":1,"Workload":"Exchange","ResultStatus":"True"}""")]
    [InlineData("""{"Operation":"New-Inbox""")]
    [InlineData("")]
    public void Explain_EventThatDoesNotMatchOrCannotBeRead_SaysSoByNull(string raw) => Assert.Null(Assert.Single(Explain(raw).Events).Parts);

    [Fact]
    public void Explain_RuleThatIsGone_ShowsTheEventsWithoutIt()
    {
        var shown = AlertExplanation.Of(Detail("another", Event), new() { Rules = [], Correlations = [], Reports = [] });

        Assert.Null(shown.Rule);
        Assert.Null(Assert.Single(shown.Events).Parts);
        Assert.Empty(shown.RuleLines);
    }

    [Theory]
    [InlineData("abc DEF abc", "abc", "[abc] DEF [abc]")]
    [InlineData("abcdef", "ABC|cde", "[abcde]f")]
    [InlineData("a\\\\cmd.exe", "\\cmd.exe", "a[\\\\cmd.exe]")]
    [InlineData("nothing", "xy", "nothing")]
    [InlineData("", "abc", "")]
    public void Marks_OfTexts_CoverThemAndKeepTheRest(string text, string sought, string expected)
    {
        var stretches = Marks.In(text, sought.Split('|'));

        Assert.Equal(expected, string.Concat(stretches.Select(each => each.Marked ? $"[{each.Text}]" : each.Text)));
        Assert.Equal(text, string.Concat(stretches.Select(each => each.Text)));
    }

    private static AlertExplanation Explain(string raw)
    {
        using var folder = new TempDirectory();
        File.WriteAllText(Path.Combine(folder.FullName, "rule.yml"), Rules, Encoding.UTF8);
        return AlertExplanation.Of(Detail("0b1f1d52-0001-4000-8000-000000000001", raw), SigmaLoader.Load([folder.FullName], new()));
    }

    private static AlertDetail Detail(string rule, string raw) => new(
        new(Guid.CreateVersion7(Noon), Ingest.IngestHouse.Kent, "high", "Forwarding rule", rule, "user", "officer1@force.example", Noon, Noon, Noon, 1, []),
        [], "", [], "", [new(Guid.CreateVersion7(Noon), Noon, "microsoft-365", raw, false, "", null, null)], [], [], 0);
}
