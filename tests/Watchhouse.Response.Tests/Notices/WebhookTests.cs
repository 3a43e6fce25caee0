using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Watchhouse.Response.Notices;

namespace Watchhouse.Response.Tests.Notices;

public sealed class WebhookTests
{
    private static readonly byte[] Secret = "a shared secret of the force"u8.ToArray();
    private static readonly DateTimeOffset At = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Sign_KnownBody_IsWhatTheDocumentedRuleGives()
    {
        var body = """{"kind":"approval"}"""u8.ToArray();
        var seconds = At.ToUnixTimeSeconds();
        var expected = System.Security.Cryptography.HMACSHA256.HashData(Secret, (byte[])[.. Encoding.ASCII.GetBytes($"{seconds}."), .. body]);
        Assert.Equal($"t={seconds},v1={Convert.ToHexStringLower(expected)}", WebhookSignature.Sign(Secret, body, At));
    }

    [Fact]
    public void Verify_AnyBody_HoldsForItAloneAndForMinutes() => Gen.Byte.Array[1, 200].Sample(body =>
    {
        var header = WebhookSignature.Sign(Secret, body, At);
        Assert.True(WebhookSignature.Verify(Secret, body, header, At.AddMinutes(4)));
        Assert.False(WebhookSignature.Verify(Secret, body, header, At.AddMinutes(6)));
        Assert.False(WebhookSignature.Verify(Secret, body, header, At.AddMinutes(-6)));
        Assert.False(WebhookSignature.Verify("another"u8, body, header, At));
        byte[] changed = [.. body];
        changed[0] ^= 1;
        Assert.False(WebhookSignature.Verify(Secret, changed, header, At));
        // A later time in front of an old signature is a replay.
        Assert.False(WebhookSignature.Verify(Secret, body, header.Replace($"t={At.ToUnixTimeSeconds()}", $"t={At.ToUnixTimeSeconds() + 60}", StringComparison.Ordinal), At));
    }, iter: 200);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("t=,v1=")]
    [InlineData("t=1795683600")]
    [InlineData("t=1795683600,v1=zz")]
    [InlineData("t=-1,v1=00")]
    [InlineData("t=99999999999999999999,v1=00")]
    public void Verify_BrokenHeader_IsRefused(string? header) => Assert.False(WebhookSignature.Verify(Secret, "body"u8, header, At));

    [Theory]
    [InlineData("https://hooks.example.org/one", null)]
    [InlineData("http://hooks.example.org/one", "https://")]
    [InlineData("hooks.example.org", "https://")]
    [InlineData("https://name:word@hooks.example.org/", "password")]
    [InlineData("https://hooks.example.org/#part", "#")]
    [InlineData("https://127.0.0.1/", "private")]
    [InlineData("https://2130706433/", "private")]
    [InlineData("https://[::1]/", "private")]
    [InlineData("https://[::ffff:10.0.0.1]/", "private")]
    public void Fault_Address_IsNamed(string address, string? words)
    {
        if (words is null) Assert.Null(WebhookDoor.Fault(address));
        else Assert.Contains(words, WebhookDoor.Fault(address), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("2a00:1450:4009::1", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2002:a00:1::1", false)]
    public void IsPublic_Address_IsTold(string address, bool expected) => Assert.Equal(expected, WebhookDoor.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task Handler_NameThatLeadsInside_ConnectsNowhereUnlessTheOperatorAllows()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = 0;
        Task<IPAddress[]> Resolve(string name, CancellationToken stop) => Task.FromResult<IPAddress[]>(Interlocked.Increment(ref asked) == 1 ? [IPAddress.Parse("8.8.8.8"), IPAddress.Loopback] : [IPAddress.Loopback]);
        var stop = TestContext.Current.CancellationToken;
        using (var closed = new HttpClient(WebhookDoor.Handler([], Resolve)))
        {
            for (var round = 0; round < 2; round++)
            {
                var refused = await Assert.ThrowsAsync<HttpRequestException>(() => closed.GetAsync(new Uri($"http://hooks.example.org:{port}/"), stop));
                Assert.Contains("public internet", refused.ToString(), StringComparison.Ordinal);
            }
        }

        Assert.False(listener.Pending());
        using var open = new HttpClient(WebhookDoor.Handler([IPNetwork.Parse("127.0.0.0/8")], Resolve));
        var answer = open.GetAsync(new Uri($"http://hooks.example.org:{port}/"), stop);
        using var peer = await listener.AcceptTcpClientAsync(stop);
        await peer.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), stop);
        using var done = await answer;
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
    }
}
