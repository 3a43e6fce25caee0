using Watchhouse.Testing;

namespace Watchhouse.Tests.Faults;

/// <summary>Damage stops the start, in words that say what to do.</summary>
public sealed class DamageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_OverADamagedDatabase_StopsAndSaysWhatToDo()
    {
        using var directory = await UsedAsync();
        var database = Path.Combine(directory.FullName, "watchhouse.db");
        var bytes = await File.ReadAllBytesAsync(database, Cancelled);
        Array.Fill(bytes, (byte)0x5A, 4096, bytes.Length - 4096);
        await File.WriteAllBytesAsync(database, bytes, Cancelled);

        var result = await ServeAsync(directory);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("is damaged", result.Error, StringComparison.Ordinal);
        Assert.Contains("restore", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OverADamagedLedger_StopsAndNamesTheByte()
    {
        using var directory = await UsedAsync();
        FlipByte(Path.Combine(directory.FullName, "ledger", "entries.log"), 200);

        var result = await ServeAsync(directory);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("entries.log, byte", result.Error, StringComparison.Ordinal);
        Assert.Contains("audit verify", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_WithTheLedgerRemoved_StopsInsteadOfBeginningANewHistory()
    {
        using var directory = await UsedAsync();
        Directory.Delete(Path.Combine(directory.FullName, "ledger"), recursive: true);

        var result = await ServeAsync(directory);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("ledger", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuditVerify_OfOneChangedByte_LocatesIt()
    {
        using var directory = await UsedAsync();
        var whole = await WatchhouseProgram.RunAsync(["audit", "verify", "--data", directory.FullName], Cancelled);
        FlipByte(Path.Combine(directory.FullName, "ledger", "entries.log"), 200);

        var damaged = await WatchhouseProgram.RunAsync(["audit", "verify", "--data", directory.FullName], Cancelled);

        Assert.Equal(0, whole.ExitCode);
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains("entries.log, byte", damaged.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OfARealCentre_InADemonstrationsDirectory_IsRefused()
    {
        using var directory = await UsedAsync();

        var result = await WatchhouseProgram.RunAsync(["serve", "--data", directory.FullName, "--urls", "http://127.0.0.1:0"], Cancelled);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--demo", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OfADemonstration_BeyondThisMachine_IsRefused()
    {
        using var directory = new TempDirectory();

        var result = await WatchhouseProgram.RunAsync(["serve", "--demo", "--data", directory.FullName, "--urls", "http://0.0.0.0:0"], Cancelled);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("this machine only", result.Error, StringComparison.Ordinal);
    }

    private static async Task<TempDirectory> UsedAsync()
    {
        var directory = new TempDirectory();
        await using var house = await WatchhouseProcess.StartAsync(directory, demo: true, Cancelled);
        await house.StopAsync();
        return directory;
    }

    private static Task<WatchhouseResult> ServeAsync(TempDirectory directory) =>
        WatchhouseProgram.RunAsync(["serve", "--demo", "--data", directory.FullName, "--urls", "http://127.0.0.1:0"], Cancelled);

    private static void FlipByte(string path, long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        var value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ 1));
    }
}
