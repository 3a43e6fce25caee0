using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Watchhouse.Testing;

namespace Watchhouse.Tests.Faults;

/// <summary>An https address without a certificate that can be used stops the start before anything is opened, in words that say what to do.</summary>
public sealed class CertificateTests
{
    private const string Name = "ASPNETCORE_Kestrel__Certificates__Default__";
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_WithACertificateThatCannotBeUsed_StopsAndSaysWhatToDo()
    {
        using var directory = new TempDirectory();
        var (data, rubbish) = (directory.File("data"), directory.File("rubbish.pfx"));
        await File.WriteAllTextAsync(rubbish, "no certificate", Cancelled);

        // A machine of a developer has one of the SDK's, which is taken; its home is left out here.
        await StopsAsync(data, "none is named", new() { ["HOME"] = directory.FullName });
        await StopsAsync(data, "is not there", new() { [Name + "Path"] = directory.File("nowhere.pfx") });
        await StopsAsync(data, "cannot be used", new() { [Name + "Path"] = rubbish });
        var good = directory.File("good.pfx");
        using (var key = RSA.Create(2048))
        using (var made = new CertificateRequest("CN=watchhouse.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)))
            await File.WriteAllBytesAsync(good, made.Export(X509ContentType.Pfx, "right"), Cancelled);
        await StopsAsync(data, "cannot be used", new() { [Name + "Path"] = good, [Name + "Password"] = "wrong" });
        Assert.False(Directory.Exists(data));

        using var busy = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        busy.Start();
        // With the right password it goes on, as far as to an address that another program has.
        await StopsAsync(data, "Another program listens", new() { [Name + "Path"] = good, [Name + "Password"] = "right" }, ((System.Net.IPEndPoint)busy.LocalEndpoint).Port);
    }

    private static async Task StopsAsync(string data, string words, Dictionary<string, string> environment, int port = 0)
    {
        var result = await WatchhouseProgram.RunAsync(["serve", "--data", data, "--urls", $"https://127.0.0.1:{port}"], environment, Cancelled);
        Assert.True(result.ExitCode == 1 && result.Error.Contains(words, StringComparison.Ordinal), $"{words}: {result.ExitCode} {result.Error}");
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
