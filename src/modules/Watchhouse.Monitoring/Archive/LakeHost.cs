using Watchhouse.Lake;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Archive;

/// <summary>The event lake of this house, in <c>lake</c> of its directory.</summary>
internal sealed class LakeHost : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly LakeTables _tables = new();
    private SqliteLakeManifest? _manifest;
    private LakeReader? _reader;

    public LakeHost(HouseDirectory directory, ArchiveBook book, DemonstrationMode demonstration, TimeProvider clock)
    {
        Directory = Path.Combine(directory.Path, "lake");
        Options = new LakeOptions
        {
            Directory = Directory,
            Time = clock,
            // Many forces with few events each would make many files of few rows.
            MaxAge = demonstration.HasTelemetry ? TimeSpan.FromMinutes(2) : TimeSpan.FromSeconds(30),
            // One program does all of it in less than a gigabyte: what a query or a merge needs beyond this is spilt or refused.
            MaxBufferedBytes = 160L << 20,
            WriteMemoryMiB = 192,
            CompactMemoryMiB = 192,
            QueryMemoryMiB = 256,
            Repeated = repeats => book.Repeated(ForceId.Of(repeats.Owner), repeats.Source, repeats.Rows),
        };
    }

    public string Directory { get; }

    public LakeOptions Options { get; }

    public async Task<LakeWriter> OpenWriterAsync(CancellationToken cancellationToken) =>
        await LakeWriter.OpenAsync(Options, await ManifestAsync(cancellationToken), _tables, cancellationToken);

    public async Task<LakeKeeper> OpenKeeperAsync(CancellationToken cancellationToken) =>
        await LakeKeeper.OpenAsync(Options, await ManifestAsync(cancellationToken), cancellationToken);

    public async Task<LakeReader> ReaderAsync(CancellationToken cancellationToken) =>
        _reader ??= new LakeReader(Options, await ManifestAsync(cancellationToken), _tables);

    public async Task<ILakeManifest> ManifestAsync(CancellationToken cancellationToken)
    {
        if (_manifest is { } open) return open;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _manifest ??= await SqliteLakeManifest.OpenAsync(Path.Combine(Directory, "manifest.db"), cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        if (_manifest is not null) await _manifest.DisposeAsync();
        _gate.Dispose();
    }
}
