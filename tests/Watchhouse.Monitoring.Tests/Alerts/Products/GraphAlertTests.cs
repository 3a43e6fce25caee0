using System.Text;
using CsCheck;
using Watchhouse.Monitoring.Alerts.Products;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Alerts.Products;

public sealed class GraphAlertTests
{
    internal const string Sample = """
        {"@odata.type":"#microsoft.graph.security.alert","id":"da1","providerAlertId":"da1","incidentId":28,"status":"new","severity":"high",
         "classification":"unknown","determination":"unknown","serviceSource":"microsoftDefenderForEndpoint","detectorId":"d-7",
         "title":"Credential dumping","description":"Memory of the security process was read.","recommendedActions":"Isolate the device.",
         "category":"CredentialAccess","alertWebUrl":"https://security.microsoft.com/alerts/da1","mitreTechniques":["T1003.001","x"],
         "createdDateTime":"2026-11-10T08:00:00Z","lastUpdateDateTime":"2026-11-10T08:05:00.1234567Z","firstActivityDateTime":"2026-11-10T07:59:00Z",
         "lastActivityDateTime":"2026-11-10T08:01:00Z","evidence":[
          {"@odata.type":"#microsoft.graph.security.processEvidence","verdict":"malicious","remediationStatus":"blocked","processCommandLine":"rundll32 comsvcs.dll",
           "imageFile":{"fileName":"rundll32.exe"}},
          {"@odata.type":"#microsoft.graph.security.deviceEvidence","deviceDnsName":"ws-7.kent.example","osPlatform":"Windows11"},
          {"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"accountName":"jo","domainName":"KENT","userPrincipalName":null}}]}
        """;

    [Fact]
    public void Read_AnAlertOfDefender_IsInTheWordsOfTheQueue()
    {
        var alert = GraphAlert.Read(Encoding.UTF8.GetBytes(Sample), "defender")!;

        Assert.Equal(("da1", "Microsoft Defender for Endpoint", "microsoftDefenderForEndpoint/d-7", "high"), (alert.Id, alert.Product, alert.Rule, alert.Level));
        Assert.Equal(new("user", @"KENT\jo"), alert.Entity);
        Assert.Equal(["attack.credential-access", "attack.t1003.001"], alert.Tags);
        Assert.Equal(("28", "https://security.microsoft.com/alerts/da1"), (alert.Incident, alert.Link));
        Assert.Equal(new ProductEvidence("process", "rundll32.exe", "rundll32 comsvcs.dll", "malicious", "blocked"), alert.Evidence[0]);
        Assert.Equal(new DateTimeOffset(2026, 11, 10, 7, 59, 0, TimeSpan.Zero), alert.FirstAt);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"title\":\"no id\",\"lastUpdateDateTime\":\"2026-11-10T08:05:00Z\"}")]
    [InlineData("{\"id\":\"1\"}")]
    [InlineData("{\"id\":\"1\",")]
    public void Read_WhatIsNoAlert_IsNone(string text) => Assert.Null(GraphAlert.Read(Encoding.UTF8.GetBytes(text), "defender"));

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://security.microsoft.com.attacker.example/alerts/da1")]
    [InlineData("http://security.microsoft.com/alerts/da1")]
    public void Read_LinkToElsewhere_IsLeftOut(string link) => Assert.Equal(
        "", GraphAlert.Read(Encoding.UTF8.GetBytes(Sample.Replace("https://security.microsoft.com/alerts/da1", link, StringComparison.Ordinal)), "defender")!.Link);

    [Fact]
    public void Read_WithoutWhomAndWithUnknownWords_IsAboutItsSourceAndNotRankedAway()
    {
        var alert = GraphAlert.Read("""{"id":"1","severity":"unknown","createdDateTime":"2026-11-10T08:00:00Z","evidence":[7,{}]}"""u8.ToArray(), "defender")!;

        Assert.Equal((new("source", "defender"), "medium", "Alert without a title"), (alert.Entity, alert.Level, alert.Title));
        Assert.Empty(alert.Evidence);
    }

    [Fact]
    public void Read_HalfACharacter_IsKeptAsItIsWritten() => Assert.Equal(
        @"Cre\ud800", GraphAlert.Read(Encoding.UTF8.GetBytes(Sample.Replace("Credential dumping", @"Cre\ud800", StringComparison.Ordinal)), "defender")!.Title);

    [Fact]
    public void Read_BytesAnywhereChanged_IsAnAlertOrNone() => Gen.Select(Gen.Int[0, Sample.Length - 1], Gen.Byte).Array[1, 6].Sample(changes =>
    {
        var bytes = Encoding.UTF8.GetBytes(Sample);
        foreach (var (at, value) in changes) bytes[at] = value;
        var alert = GraphAlert.Read(bytes, "defender");
        Assert.True(alert is null || (alert.Title.Length is > 0 and <= 300 && alert.Entity.Value.Length <= 200 && alert.LastAt >= alert.FirstAt));
    });

    [Fact]
    public void Read_MicrosoftsOwnSample_HasItsEvidence()
    {
        var lines = File.ReadLines(SharedData.Path("m365/msgraph-security-alert-v2.jsonl"));

        foreach (var line in lines)
        {
            var alert = GraphAlert.Read(Encoding.UTF8.GetBytes(line), "defender");
            Assert.NotNull(alert);
            Assert.StartsWith("https://security.microsoft.com/", alert.Link, StringComparison.Ordinal);
            Assert.Contains(alert.Evidence, each => each is { Kind: "device", Name: "tempDns" });
        }
    }
}
