using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Response.Notices.Settings;

/// <summary>How one is told.</summary>
/// <param name="Email">The work address, of one's organisation's directory; null where it has none.</param>
/// <param name="EmailFrom">The least severity that is told by mail, or null.</param>
/// <param name="TextFrom">The least severity that is told by text, or null.</param>
/// <param name="Phone">The last digits of the number, or null.</param>
/// <param name="QuietFrom">'22:00' in London, or null.</param>
internal sealed record PreferenceModel(string? Email, Severity? EmailFrom, Severity? TextFrom, string? Phone, string? QuietFrom, string? QuietUntil, uint Version);

/// <summary>How one wants to be told: all of it. A number that is left out stays; an empty one is removed.</summary>
internal sealed record PreferenceInput(Severity? EmailFrom = null, Severity? TextFrom = null, string? Phone = null, string? QuietFrom = null, string? QuietUntil = null, uint? Version = null)
{
    // A record would print the number.
    public override string ToString() => nameof(PreferenceInput);
}

/// <summary>A way out, as it is for one's organisation.</summary>
/// <param name="IsSetUp">Whether the operator has set it up.</param>
/// <param name="LastSentAt">When a message of one's organisation last went.</param>
/// <param name="LastFailedAt">When one last failed.</param>
/// <param name="LastFailure">What was said then.</param>
/// <param name="Waiting">How many are under way.</param>
/// <param name="Dead">How many were given up.</param>
internal sealed record ChannelModel(string Channel, string Title, bool IsSetUp, DateTimeOffset? LastSentAt, DateTimeOffset? LastFailedAt, string? LastFailure, int Waiting, int Dead);

/// <summary>An endpoint. Of its address there is the host; its secret is never given out again.</summary>
internal sealed record EndpointModel(Guid Id, ForceId Force, string Channel, string Name, string Host, Severity LeastSeverity, bool IsOn, DateTimeOffset? BeforeUntil, DateTimeOffset CreatedAt, string CreatedBy, uint Version);

/// <summary>What is said of an endpoint. For a change, what is left out stays.</summary>
internal sealed record EndpointInput(string? Name = null, string? Channel = null, string? Address = null, Severity? LeastSeverity = null, bool? IsOn = null, uint? Version = null)
{
    // A record would print the address, which is a secret.
    public override string ToString() => nameof(EndpointInput);
}

/// <summary>An endpoint that was just made, or whose secret was just replaced: the only time that the secret is shown. Null for Teams.</summary>
internal sealed record EndpointMade(EndpointModel Endpoint, string? Secret)
{
    // A record would print its secret.
    public override string ToString() => nameof(EndpointMade);
}

/// <summary>The page Notifications. Endpoints are there for those who may manage them.</summary>
internal sealed record NotificationsView(PreferenceModel Mine, IReadOnlyList<ChannelModel> Channels, IReadOnlyList<EndpointModel>? Endpoints);
