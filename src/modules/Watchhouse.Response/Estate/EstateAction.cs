using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Estate;

/// <summary>What can be done in a force's estate. The words stand in playbooks and in standing authorities: they do not change.</summary>
internal enum EstateActionKind
{
    /// <summary>Ends every session and refresh token of a user (Graph <c>revokeSignInSessions</c>).</summary>
    RevokeSessions = 1,

    /// <summary>Blocks sign-in of a user.</summary>
    DisableAccount = 2,

    /// <summary>Takes a consent that an application holds away: its permission grants, or its service principal's sign-in.</summary>
    RemoveConsent = 3,

    /// <summary>Cuts a device off from everything but Defender.</summary>
    IsolateDevice = 4,

    /// <summary>Refuses an address to the force's users (Defender indicator or named location).</summary>
    BlockAddress = 5,

    /// <summary>Removes a rule of a mailbox.</summary>
    RemoveInboxRule = 6,
}

/// <summary>An action and what it is done to.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Target">To what: a user's principal name, an application's id, a device's name, an address.</param>
/// <param name="Detail">What more it needs, such as the id of an inbox rule; empty where it needs nothing.</param>
internal sealed record EstateAction(EstateActionKind Kind, string Target, string Detail = "");

/// <summary>
/// How an action stands after a request. After <see cref="Unknown"/> look first (<see cref="IEstateExecutor.ProveAsync"/>), then ask the same
/// operation again. A repeat that is refused says only that the repeat did nothing: what the first request did stays unknown.
/// </summary>
internal enum EstateState
{
    /// <summary>Nothing was changed, and nothing will be: the answer says why.</summary>
    Refused = 1,

    /// <summary>It may have been done: the answer did not come, or said nothing. It is looked at before anything is sent again.</summary>
    Unknown = 2,

    /// <summary>The other side says that it is done or under way; it is not proven yet.</summary>
    PendingProof = 3,

    /// <summary>What it was to bring about was seen.</summary>
    Proven = 4,
}

/// <summary>What an executor found, did or saw.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Words">What that means, in a sentence, for a person.</param>
/// <param name="Request">What was asked of the other side, without credentials; empty where nothing was.</param>
/// <param name="Answer">What it answered, cut to a bound.</param>
/// <param name="Undo">What puts things back as they were; null where nothing does. Stored with the action: it holds the state before.</param>
internal sealed record EstateAnswer(EstateState State, string Words, string Request, string Answer, string? Undo = null);

/// <summary>What an action would do, before it is done.</summary>
/// <param name="IsPossible">Whether it can be done as things stand.</param>
/// <param name="Changes">What would change, in a sentence: the user, device or application by name as the estate has it.</param>
/// <param name="Effects">What people would notice.</param>
/// <param name="CanBeUndone">Whether it can be put back.</param>
internal sealed record EstatePlan(bool IsPossible, string Changes, string Effects, bool CanBeUndone);

/// <summary>Acts in a force's estate, with the force's own registration and the least permission. Knows nothing of who approved.</summary>
internal interface IEstateExecutor
{
    /// <summary>Whether the force has a registration that allows this kind.</summary>
    Task<bool> CanAsync(ForceId force, EstateActionKind kind, CancellationToken cancellationToken);

    /// <summary>Looks at the target and says what the action would do. Changes nothing.</summary>
    Task<EstatePlan> PlanAsync(ForceId force, EstateAction action, CancellationToken cancellationToken);

    /// <summary>
    /// Does it. The same operation again (after a crash or a lost answer) does nothing twice. The id of the operation is of version 7, made
    /// when the operation was decided: the proof of some kinds is a time after that.
    /// </summary>
    Task<EstateAnswer> ExecuteAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken);

    /// <summary>Looks whether what the action was to bring about is so. Unknown when it could not look; what is not seen stays pending.</summary>
    Task<EstateAnswer> ProveAsync(ForceId force, EstateAction action, Guid operation, CancellationToken cancellationToken);

    /// <summary>
    /// Puts things back, by what the answer of the action gave. It looks first: asked again, it does nothing twice, and answers
    /// <see cref="EstateState.Proven"/> once things are seen to be back.
    /// </summary>
    Task<EstateAnswer> UndoAsync(ForceId force, EstateAction action, string undo, CancellationToken cancellationToken);
}
