using System.Globalization;
using DuckDB.NET.Data;
using Watchhouse.Lake.Files;
using Watchhouse.Lake.Writing;

namespace Watchhouse.Lake.Keeping;

/// <summary>Makes one packed file of several, sorted as the writer sorts, and the index of ids of any packed file.</summary>
internal sealed class Merger(LakeOptions options, LakeLayout layout) : IDisposable
{
    // No owner begins with an underscore.
    private readonly string _spill = Path.Combine(layout.Root, "_spill");
    private Staging? _staging;

    /// <summary>Merges files into one under its temporary name.</summary>
    /// <exception cref="LakeCorruptException">The merged file does not have exactly the events of the others.</exception>
    public LakeFile Merge(LakeFile file, IReadOnlyList<LakeFile> parts)
    {
        var path = layout.PackedPath(file) + LakeLayout.Temporary;
        var rows = parts.Sum(part => part.Rows);
        var content = parts.Sum(part => part.ContentBytes);
        var staging = Open();
        DurableFiles.MakeDirectory(layout, file.Owner, file.Day);
        var groupRows = FilePacker.RowGroupRows(options.RowGroupRows, content, rows);
        staging.Execute(string.Create(CultureInfo.InvariantCulture,
            $"COPY (SELECT * FROM read_parquet({Sql.List(parts.Select(layout.PackedPath))}, union_by_name=true, "
            + $"hive_partitioning=false) ORDER BY {Envelope.Source}, {Envelope.Computer} NULLS FIRST, {Envelope.Time}, "
            + $"{Envelope.EventId}) TO {Sql.Text(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {groupRows})"));
        options.Probe?.Invoke(LakeStep.Packed, path);
        var (length, sha256) = DurableFiles.FlushAndHash(path);
        var keys = BuildIndex(path, layout.IndexPath(file) + LakeLayout.Temporary, rows);
        CheckSame(keys, parts);
        options.Probe?.Invoke(LakeStep.Indexed, path);
        return file with
        {
            Rows = rows,
            Bytes = length,
            ContentBytes = content,
            MinTime = parts.Min(part => part.MinTime),
            MaxTime = parts.Max(part => part.MaxTime),
            FromPosition = parts.Min(part => part.FromPosition),
            ToPosition = parts.Max(part => part.ToPosition),
            Sha256 = sha256,
            State = LakeFileState.Live,
        };
    }

    /// <summary>Writes the index of ids of a packed file and returns the ids, sorted.</summary>
    public UInt128[] BuildIndex(string packed, string index, long rows)
    {
        var keys = new UInt128[rows];
        using var command = Open().Connection.CreateCommand();
        command.UseStreamingMode = true;
        command.CommandText = $"SELECT {Envelope.FileRow}, {Envelope.EventId} FROM read_parquet({Sql.Text(packed)}, "
            + "file_row_number=true, hive_partitioning=false)";
        var count = 0L;
        using (var reader = command.ExecuteReader())
        {
            for (; reader.Read(); count++)
            {
                var row = reader.GetInt64(0);
                if (row >= rows)
                    throw new LakeCorruptException($"{packed} has more than the {rows} events that it should have.");
                keys[row] = IdIndex.Key(reader.GetGuid(1));
            }
        }

        if (count != rows)
            throw new LakeCorruptException($"{packed} has {count} events and should have {rows}.");
        IdIndex.Write(index, keys);
        return keys;
    }

    public void Dispose()
    {
        _staging?.Dispose();
        RemoveSpill();
    }

    /// <summary>Removes what the engine of an earlier run spilt.</summary>
    public void RemoveSpill()
    {
        if (Directory.Exists(_spill)) Directory.Delete(_spill, recursive: true);
    }

    /// <summary>Closes the engine after a failure; the next merge opens a new one.</summary>
    public void Reset()
    {
        _staging?.Dispose();
        _staging = null;
    }

    private Staging Open() => _staging ??= new Staging(options.CompactMemoryMiB, _spill);

    private void CheckSame(UInt128[] merged, IReadOnlyList<LakeFile> parts)
    {
        var expected = new UInt128[merged.Length];
        var at = 0;
        foreach (var part in parts)
        {
            using var index = IdIndex.Open(layout.IndexPath(part));
            var keys = index.ReadKeys();
            if (at + keys.Length > expected.Length)
                break;
            keys.CopyTo(expected, at);
            at += keys.Length;
        }

        Array.Sort(expected);
        if (at != merged.Length || !expected.AsSpan().SequenceEqual(merged))
            throw new LakeCorruptException(
                $"Merging {parts.Count} files of {parts[0].Owner}, {parts[0].Table}, {parts[0].Day:O} did not give their events: "
                + "the files or their indexes are damaged. Nothing was replaced; verify the lake.");
    }
}
