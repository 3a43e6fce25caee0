using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Watchhouse.Lake;

public sealed partial class SqliteLakeManifest
{
    private const string FileColumns =
        "id, owner, tbl, day, rows, bytes, content_bytes, min_time, max_time, from_position, to_position, sha256, state, "
        + "changed_at, " + Held;

    /// <inheritdoc />
    public Task<IReadOnlyList<LakeFile>> ListAsync(LakeFileQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return RunAsync<IReadOnlyList<LakeFile>>(() => List(query), cancellation);
    }

    /// <inheritdoc />
    public Task AnnounceAsync(string role, IReadOnlyList<LakeFile> files, CancellationToken cancellation = default) =>
        ChangeAsync(
            () =>
            {
                foreach (var file in files)
                    Run("INSERT INTO files VALUES (@id, @owner, @tbl, @day, 0, 0, 0, 0, 0, 0, 0, '', 0, @role, 0)",
                        ("@id", file.Id), ("@owner", file.Owner), ("@tbl", file.Table), ("@day", file.Day), ("@role", role));
                return 0;
            },
            cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<LakeFile>> ListPendingAsync(string role, CancellationToken cancellation = default) =>
        RunAsync<IReadOnlyList<LakeFile>>(
            () =>
            {
                using var command = Command(
                    $"SELECT {FileColumns} FROM files WHERE state = 0 AND role = @role ORDER BY id", ("@role", role));
                return Read(command);
            },
            cancellation);

    /// <inheritdoc />
    public Task CommitAsync(LakeCommit commit, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(commit);
        return ChangeAsync(
            () =>
            {
                foreach (var file in commit.Added)
                    MakeLive(file, commit.At);
                foreach (var id in commit.Replaced)
                {
                    if (Run($"UPDATE files SET state = 2, changed_at = @at WHERE id = @id AND state = 1 AND NOT {HeldItself}",
                            ("@at", commit.At), ("@id", id)) != 1)
                        throw new LakeConflictException($"The file {id:N} is held or no longer live and is not replaced.");
                }

                if (commit.Position is { } position)
                    Run("UPDATE progress SET position = @position WHERE position < @position", ("@position", position));
                return 0;
            },
            cancellation);
    }

    /// <inheritdoc />
    public Task<(int Expired, int Held)> ExpireAsync(
        string owner, string table, DateOnly before, DateTimeOffset at, CancellationToken cancellation = default) =>
        ChangeAsync(
            () =>
            {
                const string Which = "owner = @owner AND tbl = @tbl AND day < @day AND state = 1";
                var expired = Run($"UPDATE files SET state = 3, changed_at = @at WHERE {Which} AND NOT {Held}",
                    ("@at", at), ("@owner", owner), ("@tbl", table), ("@day", before));
                using var left = Command($"SELECT count(*) FROM files WHERE {Which}",
                    ("@owner", owner), ("@tbl", table), ("@day", before));
                return (expired, (int)(long)left.ExecuteScalar()!);
            },
            cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<LakeFile>> DoomAsync(
        DateTimeOffset before, DateTimeOffset at, CancellationToken cancellation = default) =>
        ChangeAsync<IReadOnlyList<LakeFile>>(
            () =>
            {
                Run("UPDATE files SET state = 4, changed_at = @at WHERE state IN (2, 3) AND changed_at < @before",
                    ("@at", at), ("@before", before));
                using var command = Command($"SELECT {FileColumns} FROM files WHERE state = 4 ORDER BY id");
                return Read(command);
            },
            cancellation);

    /// <inheritdoc />
    public Task ForgetAsync(IReadOnlyList<Guid> files, CancellationToken cancellation = default) =>
        ChangeAsync(
            () =>
            {
                foreach (var id in files)
                    Run("DELETE FROM files WHERE id = @id AND state IN (0, 4)", ("@id", id));
                return 0;
            },
            cancellation);

    private void MakeLive(LakeFile file, DateTimeOffset at)
    {
        const string Sql = """
            UPDATE files SET rows = @rows, bytes = @bytes, content_bytes = @content, min_time = @min, max_time = @max,
                from_position = @from, to_position = @to, sha256 = @sha256, state = 1, changed_at = @at
            WHERE id = @id AND state = 0
            """;
        if (Run(Sql, ("@rows", file.Rows), ("@bytes", file.Bytes), ("@content", file.ContentBytes), ("@min", file.MinTime),
                ("@max", file.MaxTime), ("@from", file.FromPosition), ("@to", file.ToPosition), ("@sha256", file.Sha256),
                ("@at", at), ("@id", file.Id)) != 1)
            throw new LakeConflictException($"The file {file.Id:N} was not announced, or was removed since.");
    }

    private List<LakeFile> List(LakeFileQuery query)
    {
        var sql = new StringBuilder($"SELECT {FileColumns} FROM files WHERE state IN (");
        sql.AppendJoin(',', query.States.Select(state => ((int)state).ToString(CultureInfo.InvariantCulture))).Append(')');
        using var command = _connection.CreateCommand();
        if (query.Owners is { } owners)
        {
            sql.Append(" AND owner IN (SELECT value FROM json_each(@owners))");
            command.Parameters.AddWithValue("@owners", System.Text.Json.JsonSerializer.Serialize(owners));
        }

        Narrow(query.Table, " AND tbl = @tbl", "@tbl");
        Narrow(query.FromDay, " AND day >= @fromDay", "@fromDay");
        Narrow(query.ToDay, " AND day <= @toDay", "@toDay");
        Narrow(query.From, " AND max_time >= @from", "@from");
        Narrow(query.To, " AND min_time < @to", "@to");
        command.CommandText = sql.Append(" ORDER BY owner, tbl, day, id").ToString();
        return Read(command);

        void Narrow(object? value, string condition, string name)
        {
            if (value is null) return;
            sql.Append(condition);
            command.Parameters.AddWithValue(name, Stored(value));
        }
    }

    private static List<LakeFile> Read(SqliteCommand command)
    {
        var files = new List<LakeFile>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            files.Add(new LakeFile
            {
                Id = new Guid(reader.GetFieldValue<byte[]>(0), bigEndian: true),
                Owner = reader.GetString(1),
                Table = reader.GetString(2),
                Day = DateOnly.FromDayNumber(reader.GetInt32(3)),
                Rows = reader.GetInt64(4),
                Bytes = reader.GetInt64(5),
                ContentBytes = reader.GetInt64(6),
                MinTime = new DateTimeOffset(reader.GetInt64(7), TimeSpan.Zero),
                MaxTime = new DateTimeOffset(reader.GetInt64(8), TimeSpan.Zero),
                FromPosition = reader.GetInt64(9),
                ToPosition = reader.GetInt64(10),
                Sha256 = reader.GetString(11),
                State = (LakeFileState)reader.GetInt32(12),
                ChangedAt = new DateTimeOffset(reader.GetInt64(13), TimeSpan.Zero),
                IsHeld = reader.GetInt64(14) != 0,
            });
        }

        return files;
    }
}
