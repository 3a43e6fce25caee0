namespace Watchhouse.Response.Estate.Acting;

/// <summary>Blocks sign-in: <c>PATCH /users/{id}</c> with <c>accountEnabled</c> false.</summary>
internal sealed class DisableAccount : IEstateKind
{
    public EstateActionKind Kind => EstateActionKind.DisableAccount;

    public async Task<EstatePlan> PlanAsync(EstateVisit visit, EstateAction action, CancellationToken stop)
    {
        var (user, why) = await EstateUser.FindAsync(visit, action.Target, stop);
        if (user is null) return EstateVisit.Impossible(why);
        if (user.Enabled == false) return EstateVisit.Impossible($"The account {user.Words} is blocked already. There is nothing to do.");
        return new EstatePlan(true, $"The account {user.Words} is blocked.",
            "The person can sign in nowhere with it. Sessions that are open go on until their tokens lapse, about an hour: revoke them besides."
            + (user.Synchronised ? " The account comes from a directory on the force's premises: block it there too, or the next synchronisation may enable it." : ""), true);
    }

    public async Task<EstateAnswer> ExecuteAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (user, why) = await EstateUser.FindAsync(visit, action.Target, stop);
        if (user is null) return EstateVisit.Refused(why);
        if (user.Enabled == false)
            return EstateVisit.Seen($"The account {user.Words} was found blocked; nothing was sent. Who blocked it is not known, so it is not enabled automatically.");
        return (await visit.SendAsync(operation.Id, user.Id, HttpMethod.Patch, EstateUser.Path(user.Id), new { accountEnabled = false },
            $"Microsoft says that the account {user.Words} is blocked.", new EstateUndo(Kind, operation.Id, user.Id), stop)).Answer;
    }

    public async Task<EstateAnswer> ProveAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (user, why) = await EstateUser.FindAsync(visit, action.Target, stop);
        return user is null ? EstateVisit.NotSeen(why)
            : user.Enabled == false ? EstateVisit.Seen($"The account {user.Words} is blocked.")
            : EstateVisit.NotSeen($"The account {user.Words} is not blocked.");
    }

    public async Task<EstateAnswer> UndoAsync(EstateVisit visit, EstateAction action, EstateUndo undo, CancellationToken stop)
    {
        var (user, why) = await EstateUser.FindAsync(visit, undo.Id, stop);
        if (user is null) return EstateVisit.Refused(why);
        if (user.Enabled == true) return EstateVisit.Seen($"The account {user.Words} is enabled.");
        return (await visit.SendAsync(undo.Operation, "undo " + user.Id, HttpMethod.Patch, EstateUser.Path(user.Id), new { accountEnabled = true },
            $"Microsoft says that the account {user.Words} is enabled.", null, stop)).Answer;
    }
}
