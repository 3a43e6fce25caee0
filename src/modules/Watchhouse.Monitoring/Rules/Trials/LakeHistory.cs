using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Watchhouse.Lake;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Monitoring.Rules.Trials;

/// <summary>
/// The past as the archive holds it, a force and day after the other. What had been accepted when it was asked for is stored first, so
/// the journal need not be read and no event is met twice; what the archive is behind by more than a minute is not looked at.
/// </summary>
internal sealed partial class LakeHistory(LakeHost lake, JournalHost journal, ArchiveProgress archive, ILogger<LakeHistory> log) : IEventHistory
{
    private const int MostLines = 2_000;
    private const int MostBytes = 1 << 20;

    // Batches that are read ahead; with their bytes, a few megabytes.
    private const int Ahead = 2;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public async IAsyncEnumerable<HistoryBatch> ReadAsync(HistoryRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await archive.StoredAsync(journal.Journal.Status.Tail.Sequence, LongestWait, cancellationToken);
        }
        catch (TimeoutException)
        {
            Behind(log);
        }

        // One that claims to be of tomorrow has come all the same.
        var to = range.To + RowMaker.FarAhead;
        var files = await (await lake.ManifestAsync(cancellationToken)).ListAsync(new LakeFileQuery
        {
            Owners = range.Forces is { } forces ? [.. forces.Select(force => force.Value)] : null, From = range.From, To = to,
        }, cancellationToken);
        var reader = await lake.ReaderAsync(cancellationToken);
        foreach (var (day, owner) in files.Select(file => (file.Day, file.Owner)).Distinct().Order())
        {
            if (!ForceId.TryParse(owner, null, out var force)) continue;
            var start = new DateTimeOffset(day.ToDateTime(default), TimeSpan.Zero);
            var query = new LakeReplay
            {
                Owner = owner, From = start < range.From ? range.From : start, To = start.AddDays(1) > to ? to : start.AddDays(1), ReceivedBefore = range.To,
            };
            await foreach (var batch in ReadAsync(reader, query, force, cancellationToken)) yield return batch;
        }
    }

    private static async IAsyncEnumerable<HistoryBatch> ReadAsync(
        LakeReader reader, LakeReplay query, ForceId force, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var batches = Channel.CreateBounded<HistoryBatch>(Ahead);
        var reading = Task.Run(() => FillAsync(reader, query, force, batches.Writer, ended.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken)) yield return batch;
        }
        finally
        {
            await ended.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task FillAsync(
        LakeReader reader, LakeReplay query, ForceId force, ChannelWriter<HistoryBatch> batches, CancellationToken cancellationToken)
    {
        var gathered = new Gathered(force, query.To, batch =>
        {
            // The engine gives its rows on a thread of its own, which may wait.
            if (!batches.TryWrite(batch)) batches.WriteAsync(batch, cancellationToken).AsTask().GetAwaiter().GetResult();
        });
        try
        {
            await reader.ReplayAsync(query, gathered.Add, cancellationToken);
            gathered.Give();
            batches.Complete();
        }
        catch (Exception e)
        {
            batches.Complete(e);
        }
    }

    /// <summary>Puts lines that were received together into one batch again.</summary>
    private sealed class Gathered(ForceId force, DateTimeOffset end, Action<HistoryBatch> give)
    {
        private readonly ArrayBufferWriter<byte> _payload = new(64 * 1024);
        private string _source = "";
        private string? _format;
        private DateTimeOffset _receivedAt;
        private int _lines;

        public void Add(string source, string? format, DateTimeOffset receivedAt, ReadOnlySpan<byte> raw)
        {
            if (_lines > 0 && (source != _source || format != _format || receivedAt != _receivedAt || _lines >= MostLines || _payload.WrittenCount >= MostBytes))
                Give();
            (_source, _format, _receivedAt) = (source, format, receivedAt);
            _payload.Write(raw);
            _payload.Write("\n"u8);
            _lines++;
        }

        public void Give()
        {
            if (_lines == 0) return;
            // Lines without a word of how they read are looked at as lines of no known form.
            give(new(force, _source, _format ?? PayloadFormat.HecRaw, _receivedAt, _payload.WrittenSpan.ToArray()) { Reached = _receivedAt < end ? _receivedAt : end });
            _payload.ResetWrittenCount();
            _lines = 0;
        }
    }

    [LoggerMessage(4161, LogLevel.Warning, "The archive is behind by more than a minute: a test of a rule does not look at what it has not stored yet.")]
    private static partial void Behind(ILogger logger);
}
