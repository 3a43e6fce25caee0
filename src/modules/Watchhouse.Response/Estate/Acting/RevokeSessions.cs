namespace Watchhouse.Response.Estate.Acting;

/// <summary>Ends sessions: <c>POST /users/{id}/revokeSignInSessions</c>, which sets <c>signInSessionsValidFromDateTime</c> to now.</summary>
internal sealed class RevokeSessions : IEstateKind
{
    public EstateActionKind Kind => EstateActionKind.RevokeSessions;

    public async Task<EstatePlan> PlanAsync(EstateVisit visit, EstateAction action, CancellationToken stop)
    {
        var (user, why) = await FindAsync(visit, action, stop);
        return user is null ? EstateVisit.Impossible(why) : new EstatePlan(true, $"All sessions and refresh tokens of {user.Words} end.",
            "The person must sign in again on every device, after a few minutes. Access tokens that were given out already hold until they lapse, about an hour, where an application does not check continuously.", false);
    }

    public async Task<EstateAnswer> ExecuteAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (user, why) = await FindAsync(visit, action, stop);
        if (user is null) return EstateVisit.Refused(why);
        if (IsRevoked(user, operation)) return EstateVisit.Seen(Words(user));
        var (answer, fate, body) = await visit.SendAsync(operation.Id, user.Id, HttpMethod.Post, $"{EstateUser.Path(user.Id)}/revokeSignInSessions", null,
            $"Microsoft says that the sessions of {user.Words} end.", null, stop);
        // The API answers whether it was; anything else is no answer.
        return fate == Fate.Done && body.ValueKind == System.Text.Json.JsonValueKind.Object && body.Flag("value") == false
            ? answer with { State = EstateState.Unknown, Words = $"Microsoft says that it did not end the sessions of {user.Words}. It is looked at before anything is sent again." }
            : answer;
    }

    public async Task<EstateAnswer> ProveAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (user, why) = await FindAsync(visit, action, stop);
        if (user is null) return EstateVisit.NotSeen(why);
        return IsRevoked(user, operation)
            ? EstateVisit.Seen(Words(user))
            : EstateVisit.NotSeen($"Sessions of {user.Words} from before this action are valid still{(user.SessionsValidFrom is { } from ? $": all since {from:yyyy-MM-dd HH:mm:ss} UTC" : "")}.");
    }

    public Task<EstateAnswer> UndoAsync(EstateVisit visit, EstateAction action, EstateUndo undo, CancellationToken stop) =>
        Task.FromResult(EstateVisit.Refused("Sessions that have ended cannot be put back. The person signs in again."));

    private static async Task<(EstateUser? User, string Why)> FindAsync(EstateVisit visit, EstateAction action, CancellationToken stop)
    {
        var found = await EstateUser.FindAsync(visit, action.Target, stop);
        return found.User is { Guest: true } guest
            ? (null, $"{guest.Words} is a guest and signs in at another organisation, which alone can end their sessions. Block the account here instead.")
            : found;
    }

    // The directory tells whole seconds of its own clock.
    private static bool IsRevoked(EstateUser user, EstateOperation operation) =>
        user.SessionsValidFrom?.ToUnixTimeSeconds() >= (operation.DecidedAt + user.Ahead).ToUnixTimeSeconds();

    private static string Words(EstateUser user) => $"Sessions of {user.Words} from before {user.SessionsValidFrom:yyyy-MM-dd HH:mm:ss} UTC are no longer valid.";
}
