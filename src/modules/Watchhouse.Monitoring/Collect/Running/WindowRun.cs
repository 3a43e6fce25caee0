using Watchhouse.Monitoring.Collect.Coverage;
using Watchhouse.Monitoring.Collect.Pulling;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Collect.Running;

/// <summary>
/// Brings one window to its next state: lists it page by page, fetches what is new, and writes down what is done only when the journal
/// has it. It can be broken off anywhere and goes on from the last page that was written down.
/// </summary>
internal sealed class WindowRun(IPullSource source, CoverageLedger ledger, EventSink sink, CollectOptions options, TimeProvider clock)
{
    private const int BlobsTogether = 4;

    /// <param name="window">The window as it is in the ledger.</param>
    /// <param name="first">Its first page, when that was listed already.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="ApiException">It came to no end; what is done is written down.</exception>
    public async Task RunAsync(CoverageWindow window, ListedPage? first, CancellationToken stop)
    {
        var oldest = WindowPlan.Second(clock.GetUtcNow() - source.Rules.Horizon) + TimeSpan.FromSeconds(1);
        if (window.To <= oldest)
        {
            // What was listed before can still be there for a moment.
            await FetchAsync(window, stop);
            await ledger.TooOldAsync(window.Id, stop);
            return;
        }

        var from = window.From < oldest ? oldest : window.From;
        string? note = null;
        if (from > window.From && window.Pass == 0)
            note = $"What lies before {from:u} could not be listed while Microsoft kept it. The last failure: {window.Problem ?? "none is known"}";
        await ListAsync(window, from, first, stop);
        await ledger.AllListedAsync(window.Id, stop);
        await FetchAsync(window, stop);
        await ledger.ListedAsync(window.Id, source.Rules, note is null ? null : CollectModel.Cut(note), stop);
    }

    private async Task ListAsync(CoverageWindow window, DateTimeOffset from, ListedPage? first, CancellationToken stop)
    {
        var seen = await ledger.SeenAsync(window.Id, stop);
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        var cursor = window.Cursor;
        if (cursor is not null) cursors.Add(cursor);
        do
        {
            var page = first ?? await source.ListAsync(window.Stream, from, window.To, cursor, stop);
            first = null;
            var added = new Dictionary<Guid, ReadOnlyMemory<byte>>();
            foreach (var each in page.Events)
                if (!seen.Contains(each.Key))
                    added.TryAdd(each.Key, each.Line);
            var written = added.Count == 0 ? 0 : await sink.WriteAsync([.. added.Values], "", stop);
            // A page that leads back to one before it would never end, and what lies behind the circle is not listed.
            var isCircle = page.Next is { } next && (!cursors.Add(next) || cursors.Count > options.MaxPages);
            cursor = isCircle ? null : page.Next;
            if (page.Blobs.Count > 0) await ledger.BlobsAsync(window.Id, page.Blobs, cursor, stop);
            else await ledger.PageAsync(window.Id, added.Keys, written, cursor, stop);
            if (isCircle)
                throw new ApiException(ApiFault.Transient,
                    "The pages of a listing lead in a circle, or there are more than can be. What they held is taken; the window is listed again from its beginning.");
            seen.UnionWith(added.Keys);
        }
        while (cursor is not null);
    }

    private async Task FetchAsync(CoverageWindow window, CancellationToken stop)
    {
        ApiException? failure = null;
        while (await ledger.OpenBlobsAsync(window.Id, stop) is { Count: > 0 } open)
        {
            foreach (var together in open.Chunk(BlobsTogether))
                foreach (var (blob, answer) in together.Zip(await Task.WhenAll(together.Select(blob => TryFetchAsync(blob, stop)))))
                    switch (answer)
                    {
                        case { Page: { } page }:
                            var written = page.Events.Count == 0 ? 0 : await sink.WriteAsync([.. page.Events.Select(e => e.Line)], "", stop);
                            await ledger.BlobFetchedAsync(blob, written, stop);
                            break;
                        case { Failure: { Fault: ApiFault.Gone } gone }:
                            await ledger.BlobLostAsync(blob, gone.Message, stop);
                            break;
                        case { Failure: { Fault: ApiFault.Throttled or ApiFault.Access } ends }:
                            throw ends;
                        case { Failure: { } failed }:
                            // The others need not wait for this one.
                            if (blob.ExpiresAt < clock.GetUtcNow()) await ledger.BlobLostAsync(blob, failed.Message, stop);
                            else failure ??= failed;
                            break;
                    }

            if (failure is not null) throw failure;
        }
    }

    private async Task<(ListedPage? Page, ApiException? Failure)> TryFetchAsync(ListedBlob blob, CancellationToken stop)
    {
        try
        {
            return (await source.FetchAsync(blob.Address, stop), null);
        }
        catch (ApiException e)
        {
            return (null, e);
        }
    }
}
