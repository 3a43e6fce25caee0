using System.Globalization;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using DuckDBAppender = DuckDB.NET.Native.DuckDBAppender;

namespace Watchhouse.Lake.Writing;

/// <summary>The engine in memory that packs files: one thread, bounded memory, no directory of its own.</summary>
internal sealed class Staging : IDisposable
{
    private readonly DuckDBConnection _connection;

    public Staging(int memoryMiB, string? spillDirectory = null)
    {
        _connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            _connection.Open();
            Execute(string.Create(CultureInfo.InvariantCulture,
                $"SET threads=1; SET memory_limit='{memoryMiB}MiB'; SET preserve_insertion_order=true; "
                + $"SET autoinstall_known_extensions=false; SET autoload_known_extensions=false; "
                + $"SET temp_directory={Sql.Text(spillDirectory ?? "")}; SET lock_configuration=true"));
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public DuckDBConnection Connection => _connection;

    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public DuckDBAppender Append(string table)
    {
        Check(null, NativeMethods.Appender.DuckDBAppenderCreate(_connection.NativeConnection, null!, table, out var appender));
        return appender;
    }

    public static void Check(DuckDBAppender? appender, DuckDBState state)
    {
        if (state == DuckDBState.Success)
            return;
        var message = "no reason given";
        if (appender is not null)
        {
            using var error = NativeMethods.Appender.DuckDBAppenderErrorData(appender);
            message = NativeMethods.ErrorData.DuckDBErrorDataMessage(error);
        }

        throw new IOException($"The engine took no rows: {message}");
    }

    public void Dispose() => _connection.Dispose();
}

/// <summary>Values written into SQL. Names never are: they pass <see cref="LakeNames"/> first.</summary>
internal static class Sql
{
    public static string Text(string value) => "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";

    public static string List(IEnumerable<string> values) => "[" + string.Join(", ", values.Select(Text)) + "]";
}
