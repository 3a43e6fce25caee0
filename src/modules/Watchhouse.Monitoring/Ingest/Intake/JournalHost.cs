using Watchhouse.Journal;
using Watchhouse.Platform.Data;

namespace Watchhouse.Monitoring.Ingest.Intake;

/// <summary>The journal of this house: opened at the start, closed at the end.</summary>
internal sealed class JournalHost(HouseDirectory directory, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>The consumer that the journal keeps every batch for.</summary>
    public const string ArchiveConsumer = "archive";

    private EventJournal? _journal;

    public IEventJournal Journal => _journal ?? throw new InvalidOperationException("The journal was used before the house was open.");

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _journal = await EventJournal.OpenAsync(
                new JournalOptions { Directory = Path.Combine(directory.Path, "journal"), Time = clock }, cancellationToken);
            // Detection is done with a batch once it has looked at it, and the journal would let it go: the archive keeps its place
            // from the first batch on, so that nothing acknowledged is lost before it is stored there (law 5).
            await _journal.OpenReader(ArchiveConsumer).DisposeAsync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The journal's own sentences say what is wrong and what to do.
            throw new StorageUnusableException(e.Message, e);
        }
    }

    public ValueTask DisposeAsync() => _journal?.DisposeAsync() ?? ValueTask.CompletedTask;
}
