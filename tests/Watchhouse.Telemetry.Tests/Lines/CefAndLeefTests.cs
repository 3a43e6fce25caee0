namespace Watchhouse.Telemetry.Tests;

public sealed class CefAndLeefTests
{
    [Fact]
    public void Read_CefWithEscapes_HeaderAndExtension()
    {
        var found = Found.In(
            """CEF:0|Secu\|rity|threat\\manager|1.0|100|detected a \| in message|10|src=10.0.0.1 act=blocked a \= dst=1.1.1.1 msg=two words and\na line cs1Label=Rule Name cs1=Web Policy rt=1700000000000 request=http://x/?a=b&c=d""")[0];

        Assert.Equal(("Secu|rity", "threat\\manager", "100", "detected a | in message", "10"), (found["DeviceVendor"], found["DeviceProduct"], found["DeviceEventClassID"], found["Activity"], found["LogSeverity"]));
        Assert.Equal(("blocked a =", "1.1.1.1", "two words and\na line"), (found["act"], found["dst"], found["msg"]));
        Assert.Equal(("Web Policy", "Web Policy", "1700000000000"), (found["cs1"], found["Rule Name"], found["TimeCreated"]));
        Assert.Equal("http://x/?a=b&c=d", found["request"]);
    }

    [Theory]
    [InlineData("LEEF:1.0|Microsoft|MSExchange|4.0 SP1|15345|src=192.0.2.0\tdst=172.50.123.1\tsev=5\tmsg=a b=c", "a b=c")]
    [InlineData("LEEF:2.0|Vendor|Product|1|id|^|src=192.0.2.0^dst=172.50.123.1^msg=a b=c", "a b=c")]
    [InlineData("LEEF:2.0|Vendor|Product|1|id|x5E|src=192.0.2.0^dst=172.50.123.1^msg=a b=c", "a b=c")]
    [InlineData("LEEF:2.0|Vendor|Product|1|id|0x7C|src=192.0.2.0|dst=172.50.123.1|msg=a b=c", "a b=c")]
    [InlineData("LEEF:2.0|Vendor|Product|1|id||src=192.0.2.0\tdst=172.50.123.1\tmsg=a b=c", "a b=c")]
    [InlineData("LEEF:2.0|Vendor|Product|1|id|src=192.0.2.0\tdst=172.50.123.1\tmsg=a b=c", "a b=c")]
    public void Read_LeefWithAnyDelimiter_Attributes(string line, string message)
    {
        var found = Assert.Single(Found.In(line));

        Assert.Equal(("192.0.2.0", "172.50.123.1", message), (found["src"], found["dst"], found["msg"]));
    }

    [Fact]
    public void Read_CefCutOffInItsHeader_IsAnEventWithItsMessage()
    {
        var found = Found.In("CEF:0|a|b|c|d|e|5|src=1.1.1.1\nCEF:0|only|three\n");

        Assert.Equal("CEF:0|only|three", found[1]["message"]);
    }
}
