using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Watchhouse.Lake.Tests;

/// <summary>
/// Replays a journal that can be computed, without end, and compacts meanwhile; prints each durable position, until it
/// is killed.
/// </summary>
internal static class CrashingLake
{
    public const string Command = "--crashing-lake";

    public const int RowsOfEntry = 40;

    public static LakeOptions Options(string directory) => new()
    {
        Directory = Path.Combine(directory, "lake"), Time = TimeProvider.System, MaxRows = 700, MaxBufferedBytes = 1 << 20,
        MaxAge = TimeSpan.FromMilliseconds(150), Grace = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>The rows of the journal's entry at a position: always the same, and every tenth repeats an earlier one.</summary>
    public static LakeRow[] Entry(long position) =>
        [.. Enumerable.Range(0, RowsOfEntry).Select(i => Row(i % 10 == 9 && position > 3 ? position - 3 : position, i))];

    public static async Task<int> RunAsync(string directory)
    {
        await using var manifest = await SqliteLakeManifest.OpenAsync(Path.Combine(directory, "manifest.db"));
        await using var writer = await LakeWriter.OpenAsync(Options(directory), manifest, TestLake.Schema);
        await using var keeper = await LakeKeeper.OpenAsync(Options(directory), manifest);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var keeping = Task.Run(async () =>
        {
            while (true)
            {
                await keeper.CompactAsync(new LakeCompactionOptions { MinFiles = 3, MaxRows = 20_000 });
                await keeper.SweepAsync();
            }
        });
        var printed = 0L;
        for (var position = writer.DurablePosition + 1; !keeping.IsCompleted; position++)
        {
            var durable = await writer.AppendAsync(position, Entry(position));
            if (durable != printed)
                await output.WriteLineAsync((printed = durable).ToString(CultureInfo.InvariantCulture));
        }

        await keeping;
        return 1;
    }

    private static LakeRow Row(long position, int i)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{position:d7}-{i:d2}");
        return new LakeRow
        {
            Owner = $"force-{i % 3}",
            Table = i % 2 == 0 ? TestLake.Table : "Syslog",
            Time = TestLake.Noon.AddSeconds(position).AddMilliseconds(i),
            Source = "journal",
            EventId = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16), bigEndian: true),
            ReceivedAt = TestLake.Noon,
            Columns = Encoding.UTF8.GetBytes($$"""{"ResultCode":{{i}},"SyslogMessage":"{{name}}"}"""),
            Raw = Encoding.UTF8.GetBytes(name + new string('.', i * 29)),
        };
    }
}
