namespace Watchhouse.Lake;

public sealed partial class SqliteLakeManifest
{
    /// <inheritdoc />
    public Task PlaceHoldAsync(LakeHold hold, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(hold);
        return ChangeAsync(
            () =>
            {
                if (hold.FileId is { } file)
                    CheckFile(hold.Owner, file);
                Run("INSERT INTO holds VALUES (@id, @owner, @tbl, @from, @to, @file, @reason, @at, NULL, NULL)",
                    ("@id", hold.Id), ("@owner", hold.Owner), ("@tbl", hold.Table), ("@from", hold.From), ("@to", hold.To),
                    ("@file", hold.FileId), ("@reason", hold.Reason), ("@at", hold.PlacedAt));
                // A hold that comes after retention, and before the deletion, is in time.
                Run($"UPDATE files SET state = 1, changed_at = @at WHERE state = 3 AND owner = @owner AND {Held}",
                    ("@at", hold.PlacedAt), ("@owner", hold.Owner));
                return 0;
            },
            cancellation);
    }

    /// <inheritdoc />
    public Task<bool> ReleaseHoldAsync(
        Guid hold, string reason, DateTimeOffset at, CancellationToken cancellation = default) =>
        ChangeAsync(
            () => Run("UPDATE holds SET released_at = @at, release_reason = @reason WHERE id = @id AND released_at IS NULL",
                ("@at", at), ("@reason", reason), ("@id", hold)) == 1,
            cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyList<LakeHold>> ListHoldsAsync(bool released = false, CancellationToken cancellation = default) =>
        RunAsync<IReadOnlyList<LakeHold>>(() => ReadHolds(released), cancellation);

    private void CheckFile(string owner, Guid file)
    {
        using var command = Command(
            "SELECT count(*) FROM files WHERE id = @id AND owner = @owner AND state IN (1, 3)", ("@id", file), ("@owner", owner));
        if ((long)command.ExecuteScalar()! == 0)
            throw new LakeConflictException($"{owner} has no file {file:N} that could be held; list its files anew.");
    }

    private List<LakeHold> ReadHolds(bool released)
    {
        var holds = new List<LakeHold>();
        using var command = Command(
            "SELECT id, owner, tbl, from_time, to_time, file_id, reason, placed_at, released_at, release_reason FROM holds "
            + "WHERE @released OR released_at IS NULL ORDER BY placed_at, id",
            ("@released", released));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            holds.Add(new LakeHold
            {
                Id = new Guid(reader.GetFieldValue<byte[]>(0), bigEndian: true),
                Owner = reader.GetString(1),
                Table = reader.IsDBNull(2) ? null : reader.GetString(2),
                From = new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero),
                To = new DateTimeOffset(reader.GetInt64(4), TimeSpan.Zero),
                FileId = reader.IsDBNull(5) ? null : new Guid(reader.GetFieldValue<byte[]>(5), bigEndian: true),
                Reason = reader.GetString(6),
                PlacedAt = new DateTimeOffset(reader.GetInt64(7), TimeSpan.Zero),
                ReleasedAt = reader.IsDBNull(8) ? null : new DateTimeOffset(reader.GetInt64(8), TimeSpan.Zero),
                ReleaseReason = reader.IsDBNull(9) ? null : reader.GetString(9),
            });
        }

        return holds;
    }
}
