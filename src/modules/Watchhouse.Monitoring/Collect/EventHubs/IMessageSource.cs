using Watchhouse.Platform.MicrosoftApis;


namespace Watchhouse.Monitoring.Collect.EventHubs;

/// <summary>A message of an event hub.</summary>
internal sealed record HubMessage(int Partition, long Offset, DateTimeOffset At, ReadOnlyMemory<byte> Body);

/// <summary>Messages in the order of their partitions, from where the last commit stood.</summary>
internal interface IMessageSource : IDisposable
{
    /// <summary>The next message; null when none comes within the time.</summary>
    /// <exception cref="ApiException">The hub refuses, or cannot be reached.</exception>
    HubMessage? Read(TimeSpan most, CancellationToken stop);

    /// <summary>Says that all messages before these offsets are done with. They are not delivered again.</summary>
    void Commit(IReadOnlyDictionary<int, long> next);
}

/// <summary>Opens event hubs.</summary>
internal interface IMessageSourceFactory
{
    IMessageSource Open(Collector collector, OpenCredential credential, ITokens tokens);
}
