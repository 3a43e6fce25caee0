using System.Text;
using Watchhouse.Telemetry;

namespace Watchhouse.Telemetry.Tests;

public sealed class JsonEventParserTests
{
    [Fact]
    public void Parse_NestedObject_NodesInDocumentOrder()
    {
        var record = new EventRecord();
        var json = """{"a":1,"b":{"c":"x\\y","d":[true,null]},"a":"last"}"""u8.ToArray();

        Assert.Null(JsonEventParser.Parse(record, json, 0, json.Length, 7, ReadLimits.Default));

        Assert.Equal(7, record.Position);
        Assert.Equal("last", record.Text("a"));
        Assert.Equal(@"x\y", record.Text("b", "c"));
        Assert.Equal("[true,null]", record.Text("b", "d"));
        Assert.Equal(record.NodeCount, record[0].End);
    }

    [Theory]
    [InlineData("[1]", "array")]
    [InlineData("1", "single value")]
    [InlineData("", "JSON")]
    [InlineData("{\"a\":}", "byte 5")]
    [InlineData("{\"a\":1} {", "JSON")]
    public void Parse_NotAnObject_SaysWhy(string text, string reason)
    {
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.Contains(
            reason,
            JsonEventParser.Parse(new EventRecord(), bytes, 0, bytes.Length, 1, ReadLimits.Default),
            StringComparison.Ordinal);
    }
}
