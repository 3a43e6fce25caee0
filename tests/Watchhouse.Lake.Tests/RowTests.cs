using System.Text.Json;
using System.Text.Json.Nodes;

namespace Watchhouse.Lake.Tests;

/// <summary>What goes into the lake comes out of it.</summary>
public sealed class RowTests
{
    [Fact]
    public async Task Find_EveryType_ComesBackAsItWas()
    {
        await using var lake = await TestLake.CreateAsync();
        var columns = """{"UserPrincipalName":"zoë@force.example","CreatedDateTime":"2026-03-14T11:59:58.123456Z","ResultCode":-50126,"RecordId":9007199254740993,"RiskScore":0.125,"IsInteractive":true,"LocationDetails":{"city":"Łódź","geo":[51.5,null]}}""";
        var row = TestLake.Row("one", columns: columns, unknown: """ {"extra": [1, 2]} """, raw: "raw\0bytes\r\n", computer: "HOST-1")
            with { Account = TestLake.Utf8("zoë"), SourceIp = TestLake.Utf8("192.0.2.7"), TargetIp = TestLake.Utf8("198.51.100.1"), Activity = TestLake.Utf8("Sign-in") };

        var found = await lake.RoundTripAsync(row);

        Assert.Equal(("force-1", TestLake.Table, TestLake.Noon, "entra"), (found.Owner, found.Table, found.Time, found.Source));
        Assert.Equal((TestLake.Noon.AddSeconds(3), "HOST-1", "zoë"), (found.ReceivedAt, found.Computer, found.Account));
        Assert.Equal(("192.0.2.7", "198.51.100.1", "Sign-in"), (found.SourceIp, found.TargetIp, found.Activity));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(columns), JsonNode.Parse(found.Columns.Span)), TestLake.Text(found.Columns));
        Assert.Equal("""{"extra": [1, 2]}""", TestLake.Text(found.UnknownFields));
        Assert.Equal(row.Raw.ToArray(), found.Raw.ToArray());
    }

    [Fact]
    public async Task Find_NothingButTheNecessary_HasNoTextsAndNoColumns()
    {
        await using var lake = await TestLake.CreateAsync();

        var found = await lake.RoundTripAsync(TestLake.Row("bare", raw: ""));

        Assert.Null(found.Computer ?? found.Account ?? found.SourceIp ?? found.TargetIp ?? found.Activity);
        Assert.Equal("{}", TestLake.Text(found.Columns));
        Assert.True(found.UnknownFields.IsEmpty && found.Raw.IsEmpty);
    }

    [Theory]
    [InlineData("""{"ResultCode":"0"}""", """{"ResultCode":0}""", "")]
    [InlineData("""{"ResultCode":99999999999}""", "{}", """{"ResultCode":99999999999}""")]
    [InlineData("""{"ResultCode":"n/a","RiskScore":1e999}""", "{}", """{"ResultCode":"n/a","RiskScore":1e999}""")]
    [InlineData("""{"ResultCode":{"a":[1]}}""", "{}", """{"ResultCode":{"a":[1]}}""")]
    [InlineData("""{"RecordId":12.5,"IsInteractive":"TRUE"}""", """{"IsInteractive":true}""", """{"RecordId":12.5}""")]
    [InlineData("""{"UserPrincipalName":{"a":1},"AppDisplayName":7}""", """{"UserPrincipalName":"{\"a\":1}","AppDisplayName":"7"}""", "")]
    [InlineData("""{"LocationDetails":"plain","NoSuchColumn":[true]}""", """{"LocationDetails":"plain"}""", """{"NoSuchColumn":[true]}""")]
    [InlineData("""{"CreatedDateTime":"2026-03-14T13:00:00\u002B01:00"}""", """{"CreatedDateTime":"2026-03-14T12:00:00Z"}""", "")]
    [InlineData("""{"CreatedDateTime":"2026-03-14T12:00:00"}""", """{"CreatedDateTime":"2026-03-14T12:00:00Z"}""", "")]
    [InlineData("""{"CreatedDateTime":"9999-12-31T23:59:59.9999999Z"}""", """{"CreatedDateTime":"9999-12-31T23:59:59.999999Z"}""", "")]
    [InlineData("""{"CreatedDateTime":"1601-01-01T00:00:00Z"}""", """{"CreatedDateTime":"1601-01-01T00:00:00Z"}""", "")]
    [InlineData("""{"CreatedDateTime":"yesterday"}""", "{}", """{"CreatedDateTime":"yesterday"}""")]
    [InlineData("""{"UserPrincipalName":null,"ResultCode":null}""", "{}", "")]
    [InlineData("""{"UserPrincipalName":"a\u0000b\"\\\n\ud83d\ude80"}""", """{"UserPrincipalName":"a\u0000b\"\\\n\ud83d\ude80"}""", "")]
    [InlineData("""{"UserPrincipalName":"lone \ud800 end"}""", """{"UserPrincipalName":"lone \ufffd end"}""", "")]
    [InlineData("""{"\u0055serPrincipalName":"escaped name"}""", """{"UserPrincipalName":"escaped name"}""", "")]
    [InlineData("""{"ResultCode":5} trailing""", "{}", """{"_Columns":"{\"ResultCode\":5} trailing"}""")]
    [InlineData("""{"ResultCode":5,"UserPrincipalName":""", "{}", """{"_Columns":"{\"ResultCode\":5,\"UserPrincipalName\":"}""")]
    [InlineData("[1]", "{}", """{"_Columns":"[1]"}""")]
    public async Task Find_ValuesOfAnyForm_AreColumnsOrUnknownFields(string given, string columns, string unknown)
    {
        await using var lake = await TestLake.CreateAsync();

        var found = await lake.RoundTripAsync(TestLake.Row("one", columns: given));

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(columns), JsonNode.Parse(found.Columns.Span)), TestLake.Text(found.Columns));
        Assert.Equal(unknown, TestLake.Text(found.UnknownFields));
    }

    [Theory]
    [InlineData("{}", """{"ResultCode":"x"}""")]
    [InlineData("""{"a":1}""", """{"a":1,"ResultCode":"x"}""")]
    [InlineData("not json", """{"_UnknownFields":"not json","ResultCode":"x"}""")]
    public async Task Find_UnknownFieldsAndAMisfit_AreOneObject(string unknown, string expected)
    {
        await using var lake = await TestLake.CreateAsync();

        var found = await lake.RoundTripAsync(TestLake.Row("one", columns: """{"ResultCode":"x"}""", unknown: unknown));

        Assert.Equal(expected, TestLake.Text(found.UnknownFields));
    }

    [Fact]
    public async Task Find_BytesThatAreNoUtf8_AreRepairedInTextsAndKeptInRaw()
    {
        await using var lake = await TestLake.CreateAsync();
        byte[] broken = [(byte)'a', 0xFF, 0xC3, (byte)'b'];
        byte[] columns = [.. """{"UserPrincipalName":"x"""u8, 0xFE, .. "\"}"u8];

        var found = await lake.RoundTripAsync(
            TestLake.Row("one") with { Computer = broken, Columns = columns, Raw = broken });

        Assert.Equal("a\uFFFD\uFFFDb", found.Computer);
        using var document = JsonDocument.Parse(found.Columns);
        Assert.Equal("x\uFFFD", document.RootElement.GetProperty("UserPrincipalName").GetString());
        Assert.Equal(broken, found.Raw.ToArray());
    }

    [Fact]
    public async Task Find_VeryLongValues_AreWhole()
    {
        await using var lake = await TestLake.CreateAsync();
        var value = new string('ä', 2_000_000);
        var raw = new byte[7_000_000];
        Random.Shared.NextBytes(raw);

        var found = await lake.RoundTripAsync(
            TestLake.Row("long", columns: $$"""{"UserPrincipalName":"{{value}}"}""") with { Raw = raw });

        using var document = JsonDocument.Parse(found.Columns);
        Assert.Equal(value, document.RootElement.GetProperty("UserPrincipalName").GetString());
        Assert.Equal(raw, found.Raw.ToArray());
    }

    [Fact]
    public async Task Find_TableThatTheSchemaLacks_KeepsItsColumnsAsUnknownFields()
    {
        await using var lake = await TestLake.CreateAsync();

        var found = await lake.RoundTripAsync(TestLake.Row("one", table: "Own_CL", columns: """{"a":1}"""));

        Assert.Equal(("Own_CL", "{}", """{"a":1}"""), (found.Table, TestLake.Text(found.Columns), TestLake.Text(found.UnknownFields)));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59.9999990Z")]
    [InlineData("9999-12-31T23:59:59.9999990Z")]
    public async Task Find_TimesAtTheEdges_ComeBack(string time)
    {
        await using var lake = await TestLake.CreateAsync();
        var at = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

        var found = await lake.RoundTripAsync(TestLake.Row("edge", time: at) with { ReceivedAt = at });

        Assert.Equal((at, at), (found.Time, found.ReceivedAt));
    }

    [Theory]
    [InlineData("../force-2", "SigninLogs")]
    [InlineData("", "SigninLogs")]
    [InlineData("force 1", "SigninLogs")]
    [InlineData("_spill", "SigninLogs")]
    [InlineData("force-1", "Signin;DROP")]
    [InlineData("force-1", "../SigninLogs")]
    [InlineData("force-1", "1st")]
    public async Task Append_NamesThatAreNoNames_AreRefusedAndNothingIsTaken(string owner, string table)
    {
        await using var lake = await TestLake.CreateAsync();
        var writer = await lake.WriterAsync();

        await Assert.ThrowsAsync<ArgumentException>(() =>
            writer.AppendAsync(1, new[] { TestLake.Row("good"), TestLake.Row("bad", owner, table) }));

        Assert.Equal((0, 0), (await writer.FlushAsync(), writer.Counts.Taken));
    }

    [Fact]
    public async Task Append_RowBeyondTheLimit_IsRefusedWithItsSize()
    {
        await using var lake = await TestLake.CreateAsync();
        lake.Options = lake.Options with { MaxRowBytes = 2000 };
        var writer = await lake.WriterAsync();

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => writer.AppendAsync(1, new[] { TestLake.Row("x", raw: new string('x', 2000)) }));

        Assert.Contains("has 2005 bytes; 2000 is the limit", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LakeTable_ColumnsThatDifferByCaseOrTakeTheLakesNames_AreToldApart()
    {
        var table = new LakeTable("T", [new LakeColumn("Type", LakeType.Text), new LakeColumn("type", LakeType.Text)]);

        Assert.Equal(["Type"], table.Columns.Select(column => column.Name));
        Assert.Throws<ArgumentException>(() => new LakeTable("T", [new LakeColumn("_raw", LakeType.Text)]));
        Assert.Throws<ArgumentException>(() => new LakeTable("T", [new LakeColumn("a\"b", LakeType.Text)]));
    }
}
