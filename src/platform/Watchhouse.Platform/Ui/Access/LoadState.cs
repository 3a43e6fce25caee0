using Watchhouse.Platform.Operations;

namespace Watchhouse.Platform.Ui;

public enum LoadPhase
{
    /// <summary>Nothing to show yet: skeleton rows.</summary>
    Loading,

    /// <summary>What is shown is of the previous address or moment; the next is on its way.</summary>
    Refreshing,

    Ready,
    Failed,
    NoRights,
    NotFound,

    /// <summary>The controller asks why, and nobody has said yet.</summary>
    ReasonRequired,
}

/// <summary>What the data of a page is doing, and the words for it when it did not arrive.</summary>
/// <param name="Message">What happened, for people.</param>
/// <param name="CorrelationId">What to quote to whoever runs the service, so that they find the log entry.</param>
public sealed record LoadState(LoadPhase Phase, string? Message = null, string? CorrelationId = null)
{
    public static readonly LoadState Loading = new(LoadPhase.Loading);

    public static readonly LoadState Refreshing = new(LoadPhase.Refreshing);

    public static readonly LoadState Ready = new(LoadPhase.Ready);

    public bool ShowsContent => Phase is LoadPhase.Ready or LoadPhase.Refreshing;

    public static LoadState From(Failure failure) => failure.Kind switch
    {
        FailureKind.NotFound => new(LoadPhase.NotFound, failure.Message),
        FailureKind.ReasonRequired => new(LoadPhase.ReasonRequired, failure.Message),
        FailureKind.Refused => new(LoadPhase.NoRights, failure.Message),
        _ => new(LoadPhase.Failed, failure.Message),
    };

    public static LoadState Broken(string correlationId) => new(LoadPhase.Failed,
        "The request did not complete. Nothing was changed by it.", correlationId);
}
