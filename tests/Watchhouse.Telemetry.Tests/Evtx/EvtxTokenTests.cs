using System.Text.Json.Nodes;

namespace Watchhouse.Telemetry.Tests;

/// <summary>Each token and type of binary XML, in chunks that the test writes itself.</summary>
public sealed class EvtxTokenTests
{
    [Fact]
    public void Read_OrdinaryEvents_FieldsUnderTheNamesThatRulesUse()
    {
        var contents = EvtxFile.Read(EvtxFile.Of(EvtxFile.Events(41, 3).Finish()));

        Assert.Empty(contents.Rejected);
        Assert.Empty(contents.Source.Skipped);
        Assert.Equal([41, 42, 43], contents.Events.Select(each => each.Position));
        Assert.Equal(
            """{"Provider_Name":"Test-Provider","EventID":4688,"TimeCreated":"2026-01-02T03:04:06.000000000Z","EventRecordID":42,"Channel":"Security","ImageName":"C:\\Windows\\42.exe","LogonId":"0x3e7"}""",
            contents.Events[1].Json.ToJsonString());
    }

    [Fact]
    public void Read_OrdinaryEvents_NestedFormOfConverters()
    {
        var contents = EvtxFile.Read(EvtxFile.Of(EvtxFile.Events(41, 1).Finish()), nested: true);

        Assert.Equal(
            """{"Event":{"System":{"Provider":{"#attributes":{"Name":"Test-Provider"}},"EventID":4688,"TimeCreated":{"#attributes":{"SystemTime":"2026-01-02T03:04:05.000000000Z"}},"EventRecordID":41,"Channel":"Security","Security":null},"EventData":{"Image Name":"C:\\Windows\\41.exe","LogonId":"0x00000000000003e7"}}}""",
            contents.Events[0].Json.ToJsonString());
    }

    public static TheoryData<byte, string, string> Values => new()
    {
        { 0x00, "", "" },
        { 0x01, "480069000000", "Hi" },
        { 0x01, "3DD800DE", "\U0001F600" },
        { 0x01, "3DD8", "\uFFFD" },
        { 0x01, "61000D000A0062000D0063000100", "a\nb\nc" },
        { 0x02, "4193E900", "A\u201C\u00E9" },
        { 0x03, "FF", "-1" },
        { 0x04, "FF", "255" },
        { 0x05, "FEFF", "-2" },
        { 0x06, "FEFF", "65534" },
        { 0x07, "00000080", "-2147483648" },
        { 0x08, "00000080", "2147483648" },
        { 0x09, "FFFFFFFFFFFFFFFF", "-1" },
        { 0x0A, "FFFFFFFFFFFFFFFF", "18446744073709551615" },
        { 0x0B, "0000C03F", "1.5" },
        { 0x0C, "000000000000F8BF", "-1.5" },
        { 0x0D, "01000000", "true" },
        { 0x0D, "00000000", "false" },
        { 0x0E, "00ABFF", "00ABFF" },
        { 0x0F, "33221100554477668899AABBCCDDEEFF", "{00112233-4455-6677-8899-AABBCCDDEEFF}" },
        { 0x10, "EFBEADDE", "0xdeadbeef" },
        { 0x10, "1000000000000000", "0x10" },
        { 0x11, "00803ED5DEB19D01", "1970-01-01T00:00:00.000000000Z" },
        { 0x11, "FFFFFFFFFFFFFFFF", "0xffffffffffffffff" },
        { 0x12, "EA07010005000200030004000500060000", "EA07010005000200030004000500060000" },
        { 0x12, "EA070100050002000300040005000600", "2026-01-02T03:04:05.006000000Z" },
        { 0x13, "010200000000000520000000200200000000", "010200000000000520000000200200000000" },
        { 0x13, "01020000000000052000000020020000", "S-1-5-32-544" },
        { 0x14, "00000000", "0x0" },
        { 0x14, "10140000", "0x1410" },
        { 0x15, "E703000000000000", "0x3e7" },
        { 0x20, "0100", "0100" },
        { 0x23, "3C006100", "<a" },
        { 0x07, "0500", "5" },
        { 0x08, "0102", "513" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Read_ValueOfEachType_AsText(byte type, string hex, string expected)
    {
        var chunk = new EvtxChunk().Record(x => x.Instance(
            "one", () => Data(x, () => Field(x, "V", () => x.Slot(0, type))), new EvtxValue(type, Convert.FromHexString(hex))));

        Assert.Equal(expected, Flat(chunk)["V"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(0x81, "61000000620063000000", "[\"a\",\"bc\"]")]
    [InlineData(0x81, "61000000", "\"a\"")]
    [InlineData(0x81, "", "\"\"")]
    [InlineData(0x82, "610062635F00", "[\"a\",\"bc_\"]")]
    [InlineData(0x86, "01000200", "[\"1\",\"2\"]")]
    [InlineData(0x93, "010100000000000512000000010100000000000513000000", "[\"S-1-5-18\",\"S-1-5-19\"]")]
    [InlineData(0x94, "0100000002000000", "[\"0x1\",\"0x2\"]")]
    public void Read_Array_EachItemAValue(byte type, string hex, string expected)
    {
        var chunk = new EvtxChunk().Record(x => x.Instance(
            "one", () => Data(x, () => x.Element("Data", null, () => x.Slot(0, type))), new EvtxValue(type, Convert.FromHexString(hex))));

        Assert.Equal(expected, Flat(chunk)["Data"]!.ToJsonString());
    }

    [Theory]
    [InlineData(0x06, "5010", "4176")]
    [InlineData(0x06, "501000", "\"501000\"")]
    [InlineData(0x01, "34003600", "\"46\"")]
    [InlineData(0x0A, "FFFFFFFFFFFFFFFF", "18446744073709551615")]
    public void Read_FieldOfSystem_IsANumberWhereItsValueIs(byte type, string hex, string expected)
    {
        var chunk = new EvtxChunk().Record(x => x.Instance(
            "system",
            () => x.Element("Event", content: () => x.Element("System", content: () => x.Element("EventID", content: () => x.Slot(0, type)))),
            new EvtxValue(type, Convert.FromHexString(hex))));

        Assert.Equal(expected, Flat(chunk)["EventID"]!.ToJsonString());
    }

    [Fact]
    public void Read_PiecesOfText_AreOneValue()
    {
        var chunk = new EvtxChunk().Record(x => x.Instance(
            "pieces",
            () => Data(x, () =>
            {
                Field(x, "Mixed", () =>
                {
                    x.Text("a ").U8(0x09).Name("lt").U8(0x48).U16('b');
                    x.U8(0x07).Counted("<c>").U8(0x0A).Name("target").U8(0x0B).Counted("instruction").Slot(0).Text("!");
                });
                Field(x, "Entity", () => x.U8(0x49).Name("nbsp"));
                Field(x, "Fixed", () => x.U8(0x05).U8(0x07).U32(12));
                x.Element("Data", () => x.Attribute("Name", () => x.Text("Multi")), () => x.Slot(0).Slot(1));
            }),
            EvtxValue.Text("d"),
            EvtxValue.Text("e")));

        var flat = Flat(chunk);
        Assert.Equal("a <b<c>d!", flat["Mixed"]!.GetValue<string>());
        Assert.Equal("&nbsp;", flat["Entity"]!.GetValue<string>());
        Assert.Equal("12", flat["Fixed"]!.GetValue<string>());
        Assert.Equal("de", flat["Multi"]!.GetValue<string>());
    }

    [Fact]
    public void Read_TextInAttributes_WithAndWithoutMore()
    {
        // What other readers fail on: values of attributes given as text tokens, several of them, and none.
        var chunk = new EvtxChunk().Record(x => x.Element("Event", content: () =>
        {
            x.Element("System", content: () => x
                .Element("Provider", () => x.U8(0x46).Name("Name").U8(0x45).U8(1).Counted("Some").Text("one").U8(0x06).Name("Guid"))
                .Element("EventID", () => x.Attribute("Qualifiers", () => x.Text("16384")), () => x.Text("7045"))
                .Element("Keywords", content: () => x.Text("0x80")));
        }));

        Assert.Equal(
            """{"Provider_Name":"Someone","EventID_Qualifiers":"16384","EventID":7045,"Keywords":"0x80"}""", Flat(chunk).ToJsonString());
        Assert.Equal(
            """{"Event":{"System":{"Provider":{"#attributes":{"Name":"Someone","Guid":""}},"EventID":{"#attributes":{"Qualifiers":"16384"},"#text":7045},"Keywords":"0x80"}}}""",
            Nested(chunk).ToJsonString());
    }

    [Fact]
    public void Read_UserDataInAValue_ItsElementsAreFields()
    {
        var chunk = new EvtxChunk().Record(x => x.Instance("outer", () => x.Element("Event", content: () =>
        {
            x.Element("System", content: () => x.Element("Channel", content: () => x.Text("System")));
            x.Slot(0, 0x21);
        }), EvtxValue.BinXml(() => x.U8(0x0F).U8(1).U8(1).U8(0).Instance(
            "inner",
            () => x.Element("UserData", content: () => x.Element(
                "LogFileCleared",
                () => x.Attribute("xmlns", () => x.Text("urn:x")),
                () => x
                    .Element("Channel", content: () => x.Slot(0))
                    .Element("BackupPath", content: () => x.Slot(1))
                    .Element("Param", content: () => x.Text("one"))
                    .Element("Param", content: () => x.Text("two"))
                    .Element("Certificate", () => x.Attribute("fileRef", () => x.Text("c")), () => x.Element("Inner", content: () => x.Text("i"))))),
            EvtxValue.Text("Security"),
            EvtxValue.Null))));

        Assert.Equal(
            """{"Channel":"System","Channel_":"Security","BackupPath":null,"Param":["one","two"],"Certificate":{"#attributes":{"fileRef":"c"},"Inner":"i"}}""",
            Flat(chunk).ToJsonString());
        Assert.Equal(
            """{"Event":{"System":{"Channel":"System"},"UserData":{"LogFileCleared":{"Channel":"Security","BackupPath":null,"Param":["one","two"],"Certificate":{"#attributes":{"fileRef":"c"},"Inner":"i"}}}}}""",
            Nested(chunk).ToJsonString());
    }

    [Fact]
    public void Read_DependencyOnNull_ElementIsAbsent()
    {
        var chunk = new EvtxChunk().Record(x => x.Instance(
            "dependent",
            () => Data(x, () => x
                .Element("Data", () => x.Attribute("Name", () => x.Text("Gone")), () => x.Text("text"), dependency: 0)
                .Element("Data", () => x.Attribute("Name", () => x.Text("There")), () => x.Text("text"), dependency: 1)),
            EvtxValue.Null,
            EvtxValue.Text("x")));

        Assert.Equal("""{"There":"text"}""", Flat(chunk).ToJsonString());
        Assert.Equal("""{"Event":{"EventData":{"There":"text"}}}""", Nested(chunk).ToJsonString());
    }

    [Fact]
    public void Read_EndlessNesting_IsRejected()
    {
        var chunk = EvtxFile.Events(1, 1);
        chunk.Record(x => x.Instance("cycle", () => x.Element("Event", content: () =>
        {
            for (var each = 0; each < 8; each++) x.Instance("cycle", () => { });
        })));
        chunk.Record(x => x.Element("Event"));
        chunk.Record(x => x.Instance("deep", () => Deep(x, 50, () => x.Instance("deep", () => { }))));
        chunk.Record(x => Deep(x, 1000, () => { }));

        foreach (var nested in new[] { false, true })
        {
            var contents = EvtxFile.Read(EvtxFile.Of(chunk.Finish()), nested);
            Assert.Equal(2, contents.Events.Count);
            Assert.Equal(3, contents.Rejected.Count);
            Assert.All(contents.Rejected, each => Assert.Contains("nested more than", each.Reason, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Read_ManyRecordsThatDoubleAndDouble_EndSoon()
    {
        var chunk = new EvtxChunk();
        // Each template holds the next one twice: a few bytes that claim 2^20 elements.
        for (var each = 0; each < 800; each++) chunk.Record(x => Doubling(x, 0));

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var contents = EvtxFile.Read(EvtxFile.Of(chunk.Finish()), nested: true);

        Assert.Equal(800, contents.Events.Count + contents.Rejected.Count);
        Assert.Contains(contents.Rejected, each => each.Reason.Contains("more than", StringComparison.Ordinal));
        Assert.Contains("claim so much", contents.Rejected[^1].Reason, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20));
    }

    private static void Doubling(EvtxChunk x, int level)
    {
        x.Instance($"double{level}", () =>
        {
            if (level == 20)
            {
                x.Element("E");
                return;
            }

            x.Element("D", content: () =>
            {
                Doubling(x, level + 1);
                Doubling(x, level + 1);
            });
        });
    }

    private static void Deep(EvtxChunk x, int depth, Action inner)
    {
        if (depth == 0) inner();
        else x.Element("Deep", content: () => Deep(x, depth - 1, inner));
    }

    [Fact]
    public void Read_SmallRecordThatWouldBecomeHuge_IsRejected()
    {
        var chunk = new EvtxChunk().Record(x => x.Instance(
            "huge",
            () => Data(x, () =>
            {
                for (var each = 0; each < 1200; each++) x.Element("Data", null, () => x.Slot(0));
            }),
            EvtxValue.Text(new string('x', 20_000))));

        foreach (var nested in new[] { false, true })
        {
            var contents = EvtxFile.Read(EvtxFile.Of(chunk.Finish()), nested);
            Assert.Empty(contents.Events);
            Assert.Contains("longer than", Assert.Single(contents.Rejected).Reason, StringComparison.Ordinal);
        }
    }

    private static void Data(EvtxChunk x, Action content) => x.Element("Event", content: () => x.Element("EventData", content: content));

    private static void Field(EvtxChunk x, string name, Action value) => x.Element("Data", () => x.Attribute("Name", () => x.Text(name)), value);

    private static JsonObject Flat(EvtxChunk chunk) => Only(EvtxFile.Read(EvtxFile.Of(chunk.Finish())));

    private static JsonObject Nested(EvtxChunk chunk) => Only(EvtxFile.Read(EvtxFile.Of(chunk.Finish()), nested: true));

    private static JsonObject Only(EvtxContents contents)
    {
        Assert.Empty(contents.Rejected);
        return Assert.Single(contents.Events).Json;
    }
}
