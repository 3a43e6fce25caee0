namespace Watchhouse.Telemetry.Tests;

public sealed class AccessLogTests
{
    [Fact]
    public void Read_CommonCombinedAndVirtualHost_NamesOfW3c()
    {
        var found = Found.In(
            """
            127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif?x=1 HTTP/1.0" 200 2326 "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; \"I\" ;Nav)"
            ::1 - - [10/Oct/2000:13:55:36 +0000] "POST /a HTTP/1.1" 404 -
            www.example.com:443 203.0.113.9 - - [10/Oct/2000:13:55:36 +0000] "\x16\x03\x01" 400 0 "-" "-"
            not a line of an access log
            """);

        var first = found[0];
        Assert.Equal(("127.0.0.1", "frank", "GET", "/apache_pb.gif", "x=1", "/apache_pb.gif?x=1"), (first["c-ip"], first["cs-username"], first["cs-method"], first["cs-uri-stem"], first["cs-uri-query"], first["cs-uri"]));
        Assert.Equal(("200", "2326", "http://www.example.com/start.html", "Mozilla/4.08 [en] (Win98; \"I\" ;Nav)"), (first["sc-status"], first["sc-bytes"], first["cs-referer"], first["cs-user-agent"]));
        Assert.Equal(new DateTimeOffset(2000, 10, 10, 20, 55, 36, TimeSpan.Zero), EventTime.Parse(System.Text.Encoding.UTF8.GetBytes(first["TimeCreated"]!)));
        Assert.Equal(("::1", null, "404", null, null), (found[1]["c-ip"], found[1]["cs-username"], found[1]["sc-status"], found[1]["cs-uri-query"], found[1]["sc-bytes"]));
        Assert.Equal(("www.example.com:443", "\u0016\u0003\u0001", null), (found[2]["cs-host"], found[2]["cs-uri"], found[2]["cs-user-agent"]));
        Assert.Equal("not a line of an access log", found[3]["message"]);
    }
}
