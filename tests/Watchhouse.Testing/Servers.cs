namespace Watchhouse.Testing;

/// <summary>
/// The servers that some tests need. A test that asks for an absent one is skipped with the reason; under
/// ./eng/test.sh, which starts them all, it fails instead, so that a broken set-up cannot pass unseen.
/// </summary>
public static class Servers
{
    internal const string PostgresVariable = "WATCHHOUSE_TEST_POSTGRES";
    internal const string ChromiumVariable = "WATCHHOUSE_TEST_CHROMIUM";
    internal const string RequiredVariable = "WATCHHOUSE_TESTS_REQUIRE_SERVERS";

    private const string DebianChromium = "/usr/bin/chromium";

    /// <summary>
    /// Connection string of a role that may create databases but is neither superuser nor exempt from row-level
    /// security: the rights that the program has in operation.
    /// </summary>
    public static string Postgres =>
        Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } connectionString
            ? connectionString
            : Absent("PostgreSQL", PostgresVariable);

    /// <summary>Path of the Chromium program.</summary>
    public static string Chromium
    {
        get
        {
            var path = Environment.GetEnvironmentVariable(ChromiumVariable) is { Length: > 0 } named
                ? named
                : DebianChromium;
            return File.Exists(path) ? path : Absent("Chromium", ChromiumVariable);
        }
    }

    private static string Absent(string server, string variable)
    {
        var reason = $"{server} is not available: {variable} names none. Run ./eng/test.sh, which sets it up.";
        if (Environment.GetEnvironmentVariable(RequiredVariable) == "1")
            Assert.Fail(reason);

        Assert.Skip(reason);
        return string.Empty;
    }
}
