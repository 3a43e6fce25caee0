using System.Diagnostics;
using System.Globalization;
using Watchhouse.Testing;

namespace Watchhouse.Lake.Tests;

/// <summary>A writer and keeper that are killed at any moment, and the replay after it.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Replay_AfterKills_HasEachEventOfEveryDurablePositionExactlyOnce()
    {
        using var directory = new TempDirectory();
        var durable = 0L;
        for (var round = 0; round < 6; round++)
            durable = Math.Max(durable, await RunAndKillAsync(directory.FullName, linesToSee: 2 + round, round * 17));
        Assert.True(durable > 100);

        await using var manifest = await SqliteLakeManifest.OpenAsync(directory.File("manifest.db"));
        var options = CrashingLake.Options(directory.FullName);
        long last;
        await using (var writer = await LakeWriter.OpenAsync(options, manifest, TestLake.Schema))
        {
            Assert.True(writer.DurablePosition >= durable, $"{durable} was acknowledged, {writer.DurablePosition} is there.");
            // Groups that were full went to disk ahead of the durable position.
            last = (await manifest.ListAsync(new LakeFileQuery())).Max(file => file.ToPosition) + 20;
            for (var position = writer.DurablePosition + 1; position <= last; position++)
                await writer.AppendAsync(position, CrashingLake.Entry(position));
            Assert.Equal(last, await writer.FlushAsync());
        }

        await using var keeper = await LakeKeeper.OpenAsync(options, manifest);
        var report = await keeper.VerifyAsync();
        Assert.True(report.IsOk, report.IsOk ? "" : report.Faults[0].Message);
        var expected = new HashSet<(string, Guid)>();
        for (var position = 1L; position <= last; position++)
        {
            foreach (var row in CrashingLake.Entry(position)) expected.Add((row.Owner, row.EventId));
        }

        Assert.Equal(expected.Count, report.Rows);
        using var reader = new LakeReader(options, manifest, TestLake.Schema);
        foreach (var owner in new[] { "force-0", "force-1", "force-2" })
        {
            using var session = await reader.OpenAsync([owner]);
            foreach (var table in new[] { TestLake.Table, "Syslog" })
            {
                var from = await session.FromAsync(table, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
                await session.QueryAsync($"SELECT _EventId FROM {from}", [], rows =>
                {
                    while (rows.Read())
                        Assert.True(expected.Remove((owner, rows.GetGuid(0))), "An event is there twice, or was never given.");
                    return 0;
                });
            }
        }

        Assert.Empty(expected);
    }

    private static async Task<long> RunAndKillAsync(string directory, int linesToSee, int thenMilliseconds)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(CrashTests).Assembly.Location);
        start.ArgumentList.Add(CrashingLake.Command);
        start.ArgumentList.Add(directory);
        using var process = Process.Start(start)!;
        var (durable, seen, killed) = (0L, 0, false);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            // A line that the kill cut was not acknowledged to anybody; positions only rise, so a cut one is lower.
            if (long.TryParse(line, CultureInfo.InvariantCulture, out var position)) durable = Math.Max(durable, position);
            if (++seen < linesToSee || killed) continue;
            killed = true;
            await Task.Delay(thenMilliseconds, TestContext.Current.CancellationToken);
            process.Kill();
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(killed, "The writer ended by itself.");
        return durable;
    }
}
