namespace Watchhouse.Hosting;

/// <summary>What <c>serve</c> was asked to do.</summary>
internal sealed record ServeOptions
{
    /// <summary>Full path of the data directory.</summary>
    public required string Data { get; init; }

    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    public required string Urls { get; init; }

    public bool Demonstration { get; init; }

    /// <summary>A demonstration without made-up events: people and forces only.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>
    /// Connection string for PostgreSQL; null runs on SQLite in the data directory. From the environment variable
    /// <c>WATCHHOUSE_POSTGRES</c>, never from the command line, where other users of the machine could read it.
    /// </summary>
    public string? Postgres { get; init; } = Environment.GetEnvironmentVariable("WATCHHOUSE_POSTGRES");
}

/// <summary>The centre must not start as asked; the message says why and what to do.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
