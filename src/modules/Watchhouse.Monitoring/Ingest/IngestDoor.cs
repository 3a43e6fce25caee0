using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Watchhouse.Monitoring.Ingest.Intake;
using Watchhouse.Monitoring.Ingest.Reading;
using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Monitoring.Ingest;

/// <summary>What every protocol's endpoints stand on.</summary>
internal sealed record IngestDoor(IngestLimits Limits, BodyReader Bodies, IEventIntake Intake)
{
    /// <summary>The batches of one body by source, one a line; null when memory is short.</summary>
    public static IReadOnlyList<IntakeBatch>? Compose(
        IngestBody body, IEnumerable<KeyValuePair<string, List<EventRange>>> bySource, string format, bool flatten)
    {
        var batches = new List<IntakeBatch>();
        foreach (var (source, events) in bySource)
        {
            if (body.TryCompose(events, flatten) is not { } payload) return null;
            if (events.Count > 0) batches.Add(new IntakeBatch(source, format, events.Count, payload));
        }

        return batches;
    }
}

internal static class IngestEndpointConventions
{
    /// <summary>
    /// For collectors alone. The general limit of requests a minute is for people; ingest is bounded by bytes in memory
    /// and on disk.
    /// </summary>
    public static TBuilder TakesEvents<TBuilder>(this TBuilder builder, IProtocolRefusal? protocol = null)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Requires(Permissions.TelemetryWrite).DisableRateLimiting();
        if (protocol is not null) builder.WithMetadata(protocol);
        return builder;
    }

    public static void SetRetryAfter(this HttpResponse response, Refusal refusal)
    {
        if (refusal.Kind is RefusalKind.Busy or RefusalKind.Unavailable)
            response.Headers.RetryAfter = refusal.RetrySeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
