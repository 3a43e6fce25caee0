using System.Globalization;
using DuckDB.NET.Native;
using Watchhouse.Lake.Files;

namespace Watchhouse.Lake.Writing;

/// <summary>Makes packed files of gathered rows, under their temporary names.</summary>
internal sealed class FilePacker(LakeOptions options, ILakeSchema schema, LakeLayout layout) : IDisposable
{
    private const string Stage = "stage";

    private readonly Dictionary<string, TableShape> _shapes = new(StringComparer.Ordinal);
    private Staging? _staging;

    /// <summary>Packs the rows that are new, in order.</summary>
    /// <param name="file">Its names.</param>
    /// <param name="group">The gathered rows.</param>
    /// <param name="order">Which of them, in which order; not empty.</param>
    /// <returns>The file with all that the manifest says of it.</returns>
    public LakeFile Pack(LakeFile file, RowGroup group, int[] order)
    {
        DurableFiles.MakeDirectory(layout, file.Owner, file.Day);
        var path = layout.PackedPath(file) + LakeLayout.Temporary;
        try
        {
            Write(path, file.Table, group.Arena, order);
        }
        catch (Exception)
        {
            // The engine may be in a state that outlives the failure, such as a half-filled table.
            _staging?.Dispose();
            _staging = null;
            throw;
        }

        options.Probe?.Invoke(LakeStep.Packed, path);
        var (length, sha256) = DurableFiles.FlushAndHash(path);
        WriteIndex(layout.IndexPath(file) + LakeLayout.Temporary, group.Arena, order);
        options.Probe?.Invoke(LakeStep.Indexed, path);
        return Described(file, group, order) with { Bytes = length, Sha256 = sha256 };
    }

    public void Dispose() => _staging?.Dispose();

    /// <summary>
    /// Rows of a group inside a file: fewer where rows are long, since the engine holds one group whole in memory.
    /// </summary>
    public static int RowGroupRows(int most, long contentBytes, long rows) =>
        (int)Math.Clamp((32L << 20) / Math.Max(1, contentBytes / Math.Max(1, rows)), StagingChunk.Capacity, most);

    private void Write(string path, string table, RowArena arena, int[] order)
    {
        if (!_shapes.TryGetValue(table, out var shape))
            _shapes.Add(table, shape = new TableShape(schema.Find(table)));
        var staging = _staging ??= new Staging(options.WriteMemoryMiB);
        do
        {
            shape.Begin();
            staging.Execute(shape.CreateSql(Stage));
        }
        while (!TryStage(staging, shape, arena, order));

        var groupRows = RowGroupRows(options.RowGroupRows, arena.ContentBytes, arena.Count);
        staging.Execute(string.Create(CultureInfo.InvariantCulture,
            $"COPY (SELECT {shape.FileColumns()} FROM {Stage}) TO {Sql.Text(path)} "
            + $"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {groupRows}); DROP TABLE {Stage}"));
    }

    private static bool TryStage(Staging staging, TableShape shape, RowArena arena, int[] order)
    {
        using var chunk = new StagingChunk(shape.Types());
        using var appender = staging.Append(Stage);
        var rows = arena.Rows;
        var isComplete = true;
        for (var done = 0; done < order.Length;)
        {
            if (done > 0) chunk.Clear();
            var count = Math.Min(StagingChunk.Capacity, order.Length - done);
            for (var i = 0; i < count; i++)
                isComplete = shape.Filler.TryFill(chunk, i, arena, rows[order[done + i]]);
            // After a surprise the rest is read only for further surprises, so that one more round is enough.
            if (isComplete) chunk.AppendTo(appender, count);
            done += count;
        }

        Staging.Check(appender, NativeMethods.Appender.DuckDBAppenderClose(appender));
        return isComplete;
    }

    private static void WriteIndex(string path, RowArena arena, int[] order)
    {
        var keys = new UInt128[order.Length];
        for (var i = 0; i < order.Length; i++)
            keys[i] = arena.Rows[order[i]].Key;
        IdIndex.Write(path, keys);
    }

    private static LakeFile Described(LakeFile file, RowGroup group, int[] order)
    {
        var (first, last, content) = (long.MaxValue, long.MinValue, 0L);
        var rows = group.Arena.Rows;
        foreach (var i in order)
        {
            first = Math.Min(first, rows[i].TimeTicks);
            last = Math.Max(last, rows[i].TimeTicks);
            foreach (var length in rows[i].Lengths) content += length;
        }

        return file with
        {
            Rows = order.Length,
            ContentBytes = content,
            MinTime = new DateTimeOffset(LakeTimes.Floor(first), TimeSpan.Zero),
            MaxTime = new DateTimeOffset(LakeTimes.Floor(last), TimeSpan.Zero),
            FromPosition = group.FromPosition,
            ToPosition = group.ToPosition,
            State = LakeFileState.Live,
        };
    }
}
