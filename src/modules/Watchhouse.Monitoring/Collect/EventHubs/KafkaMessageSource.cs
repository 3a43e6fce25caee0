using Confluent.Kafka;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Collect.EventHubs;

/// <summary>Opens the Kafka endpoint of an event hub's namespace.</summary>
internal sealed class KafkaMessageSourceFactory : IMessageSourceFactory
{
    public IMessageSource Open(Collector collector, OpenCredential credential, ITokens tokens)
    {
        var configuration = Common(collector);
        configuration.BootstrapServers = $"{collector.Address}:9093";
        configuration.SecurityProtocol = SecurityProtocol.SaslSsl;
        if (collector.Credential == CredentialKind.ConnectionString)
        {
            configuration.SaslMechanism = SaslMechanism.Plain;
            configuration.SaslUsername = "$ConnectionString";
            configuration.SaslPassword = credential.Secret;
            return new KafkaMessageSource(configuration, collector.Streams[0], null, collector.ClientId.ToString());
        }

        configuration.SaslMechanism = SaslMechanism.OAuthBearer;
        return new KafkaMessageSource(configuration, collector.Streams[0], tokens, collector.ClientId.ToString());
    }

    /// <summary>What every consumer has in common: it commits nothing by itself, and begins with the oldest.</summary>
    public static ConsumerConfig Common(Collector collector) => new()
    {
        GroupId = collector.Group,
        ClientId = $"watchhouse-{collector.Id:N}",
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        AllowAutoCreateTopics = false,
        SessionTimeoutMs = 30_000,
        // What waits in memory is bounded: by itself the library takes 64 MiB.
        QueuedMaxMessagesKbytes = 16 * 1024,
        FetchMaxBytes = 8 << 20,
        MaxPartitionFetchBytes = 1 << 20,
        SocketKeepaliveEnable = true,
        // Event hubs close connections that are idle for four minutes.
        ConnectionsMaxIdleMs = 180_000,
    };
}

/// <summary>An event hub by way of librdkafka.</summary>
internal sealed class KafkaMessageSource : IMessageSource
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MostToAssign = TimeSpan.FromSeconds(60);
    private readonly IConsumer<Ignore, byte[]> _consumer;
    private readonly string _hub;
    private Error? _fault;

    public KafkaMessageSource(ConsumerConfig configuration, string hub, ITokens? tokens, string principal)
    {
        _hub = hub;
        var builder = new ConsumerBuilder<Ignore, byte[]>(configuration)
            // Without a handler the library writes to the standard error output.
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal || IsAccess(error.Code) || error.Code == ErrorCode.Local_AllBrokersDown) _fault = error;
            });
        if (tokens is not null)
            builder.SetOAuthBearerTokenRefreshHandler((consumer, _) => Refresh(consumer, tokens, principal));
        _consumer = builder.Build();
        _consumer.Subscribe(hub);
    }

    public HubMessage? Read(TimeSpan most, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            // In slices, so that the end of the program is not kept waiting.
            var (left, toAssign) = (most, MostToAssign);
            while (left > TimeSpan.Zero)
            {
                stop.ThrowIfCancellationRequested();
                if (_consumer.Consume(Slice) is { Message: { } message } result)
                {
                    _fault = null;
                    return new HubMessage(result.Partition.Value, result.Offset.Value, message.Timestamp.UtcDateTime, message.Value ?? []);
                }

                if (_fault is { } fault) throw Failure(fault);
                // Without partitions, silence says nothing: after a crash the group waits for the session of the one that is gone.
                if (_consumer.Assignment.Count > 0) left -= Slice;
                else if ((toAssign -= Slice) <= TimeSpan.Zero)
                    throw new ApiException(ApiFault.Transient,
                        $"The event hub '{_hub}' gives this collector none of its partitions. It is tried again; if it lasts, somebody else reads with the same consumer group: give the collector one of its own.");
            }

            return null;
        }
        catch (KafkaException e)
        {
            throw Failure(e.Error, e);
        }
    }

    public void Commit(IReadOnlyDictionary<int, long> next)
    {
        try
        {
            _consumer.Commit(next.Select(each => new TopicPartitionOffset(_hub, each.Key, each.Value)));
        }
        catch (KafkaException e)
        {
            throw Failure(e.Error, e);
        }
    }

    public void Dispose()
    {
        try
        {
            // Leaves the group, so that the next run gets the partitions at once.
            _consumer.Close();
        }
        catch (KafkaException)
        {
            // The group finds out by itself when the session ends.
        }

        _consumer.Dispose();
    }

    private static void Refresh(IConsumer<Ignore, byte[]> consumer, ITokens tokens, string principal)
    {
        try
        {
            // Called by the thread that reads, which has nothing else to do without a token.
            var token = tokens.GetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            var until = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(Expiry(token));
            consumer.OAuthBearerSetToken(token, until.ToUnixTimeMilliseconds(), principal);
        }
        catch (ApiException e)
        {
            consumer.OAuthBearerSetTokenFailure(e.Message);
        }
    }

    // The cache gives a token for as long as it lasts; the library asks again at four fifths of the time that it is told.
    private static long Expiry(string token)
    {
        var parts = token.Split('.');
        if (parts.Length == 3)
        {
            try
            {
                using var claims = System.Text.Json.JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
                if (claims.RootElement.TryGetProperty("exp", out var exp) && exp.TryGetInt64(out var seconds)) return seconds;
            }
            catch (Exception e) when (e is FormatException or System.Text.Json.JsonException)
            {
                // A token may be of any form.
            }
        }

        return 4_102_444_800;
    }

    private static bool IsAccess(ErrorCode code) => code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed
        or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed;

    private ApiException Failure(Error error, Exception? inner = null) => IsAccess(error.Code)
        ? new ApiException(ApiFault.Access,
            $"The event hub '{_hub}' refuses the credential ({error.Code}). Nothing is read until that is mended; the hub keeps messages for as long as it is set up to, and no longer. "
            + "Give the application the role Azure Event Hubs Data Receiver on it, or enter a connection string with the right to listen.", inner)
        : new ApiException(ApiFault.Transient,
            $"The event hub '{_hub}' cannot be read ({error.Code}). It is tried again; if it lasts, check its name, its consumer group, and the centre's way out to port 9093.", inner);
}
