using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Watchhouse.Testing;

namespace Watchhouse.Lake.Tests;

/// <summary>A lake in a directory of its own, with everything that works on one.</summary>
internal sealed class TestLake : IAsyncDisposable
{
    public const string Table = "SigninLogs";

    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    public static readonly LakeSchema Schema = new(
    [
        new LakeTable(Table,
        [
            new LakeColumn("UserPrincipalName", LakeType.Text), new LakeColumn("CreatedDateTime", LakeType.Time),
            new LakeColumn("ResultCode", LakeType.Whole32), new LakeColumn("RecordId", LakeType.Whole64),
            new LakeColumn("RiskScore", LakeType.Real), new LakeColumn("IsInteractive", LakeType.Bool),
            new LakeColumn("LocationDetails", LakeType.Json), new LakeColumn("AppDisplayName", LakeType.Text),
        ]),
        new LakeTable("Syslog", [new LakeColumn("SyslogMessage", LakeType.Text), new LakeColumn("ProcessID", LakeType.Whole32)]),
        // Names that the engine or SQL has a use for itself.
        new LakeTable("DeviceFileEvents", [new LakeColumn("FileName", LakeType.Text), new LakeColumn("Order", LakeType.Text), new LakeColumn("select", LakeType.Text)]),
    ]);

    private readonly TempDirectory _directory;
    private LakeWriter? _writer;
    private LakeKeeper? _keeper;

    private TestLake(SqliteLakeManifest manifest, TempDirectory directory)
    {
        Manifest = manifest;
        _directory = directory;
        Options = new LakeOptions { Directory = Root, Time = Time };
        Reader = new LakeReader(Options, manifest, Schema);
    }

    public FakeTimeProvider Time { get; } = new(Noon.AddDays(1));

    public SqliteLakeManifest Manifest { get; }

    public LakeOptions Options { get; set; }

    public LakeReader Reader { get; }

    public string Root => _directory.File("lake");

    public static async Task<TestLake> CreateAsync()
    {
        var directory = new TempDirectory();
        return new TestLake(await SqliteLakeManifest.OpenAsync(directory.File("manifest.db")), directory);
    }

    public async Task<LakeWriter> WriterAsync() =>
        _writer ??= await LakeWriter.OpenAsync(Options, Manifest, Schema);

    public async Task<LakeKeeper> KeeperAsync() => _keeper ??= await LakeKeeper.OpenAsync(Options, Manifest);

    /// <summary>Closes the writer without a flush, as a crash would.</summary>
    public async Task DropWriterAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync();
        _writer = null;
    }

    public async Task DropKeeperAsync()
    {
        if (_keeper is not null) await _keeper.DisposeAsync();
        _keeper = null;
    }

    /// <summary>Stores rows as one file a group.</summary>
    public async Task StoreAsync(params LakeRow[] rows)
    {
        var writer = await WriterAsync();
        await writer.AppendAsync(writer.DurablePosition + 1, rows);
        await writer.FlushAsync();
    }

    public static Guid Id(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16), bigEndian: true);

    public static LakeRow Row(
        string name, string owner = "force-1", string table = Table, DateTimeOffset? time = null, string columns = "",
        string unknown = "", string? raw = null, string? computer = null, string source = "entra") => new()
    {
        Owner = owner,
        Table = table,
        Time = time ?? Noon,
        Source = source,
        EventId = Id(name),
        ReceivedAt = Noon.AddSeconds(3),
        Computer = Utf8(computer ?? ""),
        Columns = Utf8(columns),
        UnknownFields = Utf8(unknown),
        Raw = Utf8(raw ?? name),
    };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>Stores one row and finds it.</summary>
    public async Task<LakeEvent> RoundTripAsync(LakeRow row)
    {
        await StoreAsync(row);
        return Assert.Single(await Reader.FindAsync(row.Owner, [row.EventId]));
    }

    /// <summary>The raw text of every event that a reader sees, sorted.</summary>
    public async Task<List<string>> AllRawAsync(string owner = "force-1")
    {
        var files = await Manifest.ListAsync(new LakeFileQuery { Owners = [owner] });
        using var session = await Reader.OpenAsync([owner]);
        var raws = new List<string>();
        foreach (var table in files.Select(file => file.Table).Distinct())
        {
            var from = await session.FromAsync(table, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
            raws.AddRange(await session.QueryAsync($"SELECT decode(_Raw) FROM {from}", [], reader =>
            {
                var found = new List<string>();
                while (reader.Read()) found.Add(reader.GetString(0));
                return found;
            }));
        }

        raws.Sort(StringComparer.Ordinal);
        return raws;
    }

    public async ValueTask DisposeAsync()
    {
        await DropWriterAsync();
        await DropKeeperAsync();
        Reader.Dispose();
        await Manifest.DisposeAsync();
        _directory.Dispose();
    }
}
