using Watchhouse.Lake;
using Watchhouse.Monitoring.Archive;
using Watchhouse.Monitoring.Tests.Ingest;

namespace Watchhouse.Monitoring.Tests.Archive;

/// <summary>What lies in the lake of a directory.</summary>
internal sealed record ArchivedRow(string Owner, string Table, DateTimeOffset Time, Guid EventId, string Source, string Computer, string Account, byte[] Raw)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Raw);

    public static async Task<List<ArchivedRow>> ReadAsync(string data)
    {
        var directory = Path.Combine(data, "lake");
        await using var manifest = await SqliteLakeManifest.OpenAsync(Path.Combine(directory, "manifest.db"), IngestHouse.Now);
        using var reader = new LakeReader(new LakeOptions { Directory = directory, Time = TimeProvider.System, QueryMemoryMiB = 256 }, manifest, new LakeTables());
        var rows = new List<ArchivedRow>();
        foreach (var group in (await manifest.ListAsync(new LakeFileQuery(), IngestHouse.Now)).GroupBy(file => (file.Owner, file.Table)))
        {
            var (owner, table) = group.Key;
            using var session = await reader.OpenAsync([owner], IngestHouse.Now);
            var from = await session.FromAsync(table, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, IngestHouse.Now);
            rows.AddRange(await session.QueryAsync($"SELECT _Time, _EventId, _Source, _Computer, _Account, _Raw FROM {from} ORDER BY _Time", [], found =>
            {
                var read = new List<ArchivedRow>();
                while (found.Read())
                {
                    using var raw = found.GetStream(5);
                    var bytes = new MemoryStream();
                    raw.CopyTo(bytes);
                    read.Add(new(owner, table, new DateTimeOffset(found.GetDateTime(0), TimeSpan.Zero), found.GetGuid(1), found.GetString(2),
                        found.IsDBNull(3) ? "" : found.GetString(3), found.IsDBNull(4) ? "" : found.GetString(4), bytes.ToArray()));
                }

                return read;
            }, IngestHouse.Now));
        }

        return rows;
    }
}
