using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using Watchhouse.Lake.Reading;

namespace Watchhouse.Lake;

/// <summary>Which lines are given again.</summary>
public sealed record LakeReplay
{
    /// <summary>Whose.</summary>
    public required string Owner { get; init; }

    /// <summary>Of events of this instant or later, by the time they are filed under.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Of events before this instant.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Received before this instant.</summary>
    public required DateTimeOffset ReceivedBefore { get; init; }
}

/// <summary>Takes one line as it was received.</summary>
/// <param name="source">Where it came from.</param>
/// <param name="format">How it reads, if that was kept.</param>
/// <param name="receivedAt">When, to the microsecond.</param>
/// <param name="raw">Its bytes, until the call returns.</param>
public delegate void LakeLine(string source, string? format, DateTimeOffset receivedAt, ReadOnlySpan<byte> raw);

public sealed partial class LakeReader
{
    /// <summary>Events, and bytes of them, that are brought into their order at one time: they lie on the disk once more meanwhile.</summary>
    private const long MostSorted = 1_000_000;

    private const long MostSortedBytes = 4L << 30;

    private const int MostStretches = 24 * 60;

    private bool _isSpillClean;

    /// <summary>
    /// Gives lines again as they were received, day after day of their events, and within a day in the order of receipt. Days of
    /// more than a million events are cut into stretches of time that are given one after the other. A line with several events is given
    /// once, on the day of the first.
    /// </summary>
    /// <param name="query">Which.</param>
    /// <param name="take">Takes them; it may wait, and then the reading waits.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <exception cref="LakeQueryException">It fails or needs too much memory.</exception>
    public async Task ReplayAsync(LakeReplay query, LakeLine take, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(take);
        var files = await ListAsync([query.Owner], null, query.From, query.To, cancellation);
        foreach (var day in files.GroupBy(file => file.Day).OrderBy(day => day.Key))
        {
            var start = new DateTimeOffset(day.Key.ToDateTime(default), TimeSpan.Zero);
            var parts = Math.Max((day.Sum(file => file.Rows) + MostSorted - 1) / MostSorted, (day.Sum(file => file.ContentBytes) / MostSortedBytes) + 1);
            var count = (int)Math.Clamp(parts, 1, MostStretches);
            var length = TimeSpan.FromDays(1) / count;
            for (var number = 0; number < count; number++)
            {
                var from = start + (length * number);
                var to = number == count - 1 ? start.AddDays(1) : from + length;
                await ReplayAsync(query, from < query.From ? query.From : from, to > query.To ? query.To : to, take, cancellation);
            }
        }
    }

    private async Task ReplayAsync(LakeReplay query, DateTimeOffset from, DateTimeOffset to, LakeLine take, CancellationToken cancellation)
    {
        if (from >= to) return;
        using var session = await OpenAsync([query.Owner], cancellation);
        var files = await ListAsync([query.Owner], null, from, to, cancellation);
        var parts = new List<string>();
        var values = new List<object?>();
        foreach (var table in files.Select(file => file.Table).Distinct())
        {
            parts.Add($"SELECT _Source, _Format, _ReceivedAt, _Line, _Raw FROM {await session.FromAsync(table, from, to, cancellation)} "
                + "WHERE _Time >= ? AND _Time < ? AND _ReceivedAt < ? AND coalesce(_Line, 0) >= 0");
            values.AddRange([from.UtcDateTime, to.UtcDateTime, query.ReceivedBefore.UtcDateTime]);
        }

        if (parts.Count == 0) return;
        var lines = $"({string.Join(" UNION ALL ", parts)})";
        var lineBytes = Math.Max(1, files.Sum(file => file.ContentBytes) / Math.Max(1, files.Sum(file => file.Rows)));
        await Task.Run(() => Replay(session, lines, values, lineBytes, take, cancellation), cancellation);
    }

    // The engine would sort whole rows, and needs more memory for wide ones than a query has: it gives them in the order in which they lie.
    private void Replay(LakeSession session, string lines, List<object?> values, long lineBytes, LakeLine take, CancellationToken cancellation)
    {
        var seconds = session.Run(
            $"SELECT date_trunc('second', _ReceivedAt), count(*) FROM {lines} GROUP BY 1 ORDER BY 1", values, ReadSeconds, cancellation);
        using var spool = new ReplaySpool(SpillDirectory, ReplaySpool.Bounds(seconds, lineBytes));
        session.Run($"SELECT _Source, _Format, _ReceivedAt, _Line, _Raw FROM {lines}", values, reader => Fill(reader, spool, cancellation), cancellation);
        spool.Give(take, cancellation);
    }

    private static List<(long Second, long Lines)> ReadSeconds(DuckDBDataReader reader)
    {
        var seconds = new List<(long, long)>();
        while (reader.Read())
            seconds.Add((reader.GetDateTime(0).Ticks, reader.GetInt64(1)));
        return seconds;
    }

    private static unsafe int Fill(DuckDBDataReader reader, ReplaySpool spool, CancellationToken cancellation)
    {
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            using var raw = (UnmanagedMemoryStream)reader.GetStream(4);
            spool.Add(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetDateTime(2).Ticks, reader.IsDBNull(3) ? 0 : reader.GetInt32(3),
                new ReadOnlySpan<byte>(raw.PositionPointer, (int)raw.Length));
        }

        return 0;
    }

    private string SpillDirectory()
    {
        // No owner begins with an underscore. What a crash left is removed by the first replay after it.
        var top = Path.Combine(_layout.Root, "_spill-replay");
        if (!_isSpillClean && Directory.Exists(top))
        {
            foreach (var old in Directory.EnumerateDirectories(top).Where(old => !IsOfARunningProcess(Path.GetFileName(old))))
                Directory.Delete(old, recursive: true);
        }

        _isSpillClean = true;
        return Directory.CreateDirectory(Path.Combine(top, $"{Environment.ProcessId}-{Path.GetRandomFileName()}")).FullName;
    }

    private static bool IsOfARunningProcess(string name)
    {
        if (!int.TryParse(name.Split('-')[0], CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId) return false;
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
