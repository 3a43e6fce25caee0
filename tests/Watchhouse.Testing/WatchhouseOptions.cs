namespace Watchhouse.Testing;

/// <summary>How a <see cref="WatchhouseProcess"/> is started.</summary>
public sealed record WatchhouseOptions
{
    /// <summary>The data folder. It outlives the process: a second one can start on what the first left.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The port; a free one when it is not set.</summary>
    public int? Port { get; init; }

    /// <summary>Adds --demo.</summary>
    public bool Demo { get; init; }

    /// <summary>Further options of "watchhouse serve".</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables on top of those of the test program.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the program may take until it says that it is ready.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(90);
}
