using System.Text.Json;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>
/// Takes consent away: deletes the delegated grants and the application permissions of a service principal, or, with the detail
/// <c>sign-in</c>, switches its sign-in off.
/// </summary>
internal sealed class RemoveConsent : IEstateKind
{
    public const string SignIn = "sign-in";
    private const int MostGrants = 200;
    // The tenant that owns Microsoft's own applications.
    private const string Microsoft = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

    public EstateActionKind Kind => EstateActionKind.RemoveConsent;

    public async Task<EstatePlan> PlanAsync(EstateVisit visit, EstateAction action, CancellationToken stop)
    {
        var (application, why) = await FindAsync(visit, action, stop);
        if (application is null) return EstateVisit.Impossible(why);
        if (action.Detail == SignIn)
            return application.Enabled == false
                ? EstateVisit.Impossible($"The sign-in of {application.Words} is switched off already. There is nothing to do.")
                : new EstatePlan(true, $"The sign-in of {application.Words} is switched off.", "Nobody in the force can use the application, and it can reach nothing of the force once its tokens lapse, about an hour.", true);
        var grants = await GrantsAsync(visit, application, stop);
        return grants.Count == 0
            ? EstateVisit.Impossible($"{application.Words} holds no consent. There is nothing to do.")
            : new EstatePlan(grants.Count <= MostGrants, $"{grants.Count} grants of {application.Words} are removed: {Listed(grants)}.",
                "The application loses this access once its tokens lapse, about an hour; who uses it meets a question for consent. It is not given again automatically: a person of the force does that.", false);
    }

    public async Task<EstateAnswer> ExecuteAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (application, why) = await FindAsync(visit, action, stop);
        if (application is null) return EstateVisit.Refused(why);
        if (action.Detail == SignIn)
            return application.Enabled == false
                ? EstateVisit.Seen($"The sign-in of {application.Words} was found switched off; nothing was sent. Who switched it off is not known, so it is not switched on automatically.")
                : (await visit.SendAsync(operation.Id, application.Id, HttpMethod.Patch, Path(application.Id), new { accountEnabled = false },
                    $"Microsoft says that the sign-in of {application.Words} is switched off.", new EstateUndo(Kind, operation.Id, application.Id), stop)).Answer;

        var grants = await GrantsAsync(visit, application, stop);
        if (grants.Count == 0) return EstateVisit.Seen($"{application.Words} holds no consent; nothing was sent.");
        if (grants.Count > MostGrants) return EstateVisit.Refused($"{application.Words} holds more than {MostGrants} grants. Switch its sign-in off instead (detail '{SignIn}').");
        return await RemoveAsync(visit, application, grants, operation, stop);
    }

    public async Task<EstateAnswer> ProveAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (application, why) = await FindAsync(visit, action, stop);
        if (application is null) return EstateVisit.NotSeen(why);
        if (action.Detail == SignIn)
            return application.Enabled == false ? EstateVisit.Seen($"The sign-in of {application.Words} is switched off.") : EstateVisit.NotSeen($"The sign-in of {application.Words} is not switched off.");
        var grants = await GrantsAsync(visit, application, stop);
        return grants.Count == 0 ? EstateVisit.Seen($"{application.Words} holds no consent.") : EstateVisit.NotSeen($"{application.Words} still holds {grants.Count} grants: {Listed(grants)}.");
    }

    public async Task<EstateAnswer> UndoAsync(EstateVisit visit, EstateAction action, EstateUndo undo, CancellationToken stop)
    {
        if (action.Detail != SignIn) return EstateVisit.Refused("Consent is not given again automatically: an administrator of the force decides that, and gives it in the tenant.");
        var (application, why) = await FindAsync(visit, action, stop);
        if (application is null || application.Id != undo.Id) return EstateVisit.Refused(application is null ? why : "The application is not the one that was switched off.");
        if (application.Enabled == true) return EstateVisit.Seen($"The sign-in of {application.Words} is switched on.");
        return (await visit.SendAsync(undo.Operation, "undo " + undo.Id, HttpMethod.Patch, Path(undo.Id), new { accountEnabled = true },
            $"Microsoft says that the sign-in of {application.Words} is switched on.", null, stop)).Answer;
    }

    // Grant by grant. What fails in the middle leaves the rest: the same operation again goes on there.
    private static async Task<EstateAnswer> RemoveAsync(EstateVisit visit, Application application, List<Grant> grants, EstateOperation operation, CancellationToken stop)
    {
        var (removed, requests, answers) = (new List<Grant>(), new List<string>(), new List<string>());
        foreach (var grant in grants)
        {
            var (answer, fate, _) = await visit.SendAsync(operation.Id, grant.Path, HttpMethod.Delete, grant.Path, null, "", null, stop);
            requests.Add(answer.Request);
            answers.Add($"{answer.Answer} ({grant.Words})");
            if (fate is Fate.Done or Fate.Missing)
            {
                removed.Add(grant);
                continue;
            }

            return answer with
            {
                State = removed.Count == 0 ? answer.State : EstateState.Unknown,
                Words = removed.Count == 0 ? answer.Words : $"{removed.Count} of {grants.Count} grants of {application.Words} are removed, then it stopped: {answer.Words} The same again goes on with the rest.",
                Request = Joined(requests),
                Answer = Joined(answers),
            };
        }

        return new EstateAnswer(EstateState.PendingProof, $"Microsoft says that {removed.Count} grants of {application.Words} are removed: {Listed(removed)}. They are not given again automatically.", Joined(requests), Joined(answers));
    }

    private static async Task<(Application? Application, string Why)> FindAsync(EstateVisit visit, EstateAction action, CancellationToken stop)
    {
        if (action.Detail is not ("" or "grants" or SignIn)) return (null, $"The detail is 'grants' (or nothing) to remove grants, '{SignIn}' to switch the application's sign-in off.");
        if (!Guid.TryParse(action.Target, out var appId)) return (null, "Name the application by its application (client) id, a GUID.");
        if (visit.OwnApplications.Contains(appId)) return (null, "This is the application by which this house acts in the estate. Remove its registration here instead.");
        if (await visit.Api.ReadAsync($"v1.0/servicePrincipals(appId='{appId}')?$select=id,appId,displayName,accountEnabled,appOwnerOrganizationId", stop) is not { } page)
            return (null, $"The force's tenant has no application {appId}.");
        var body = page.Body;
        if (body.Text("id") is not { Length: > 0 } id) throw new EstateReadException(EstateState.Unknown, $"An answer of {visit.Api.Name} is not what the API says. It is asked for again later.", "GET v1.0/servicePrincipals", "");
        var name = body.Text("displayName") ?? appId.ToString();
        if (string.Equals(body.Text("appOwnerOrganizationId"), Microsoft, StringComparison.OrdinalIgnoreCase))
            return (null, $"{name} is an application of Microsoft's own, on which other services rest. A person of the force does this by hand, if at all.");
        return visit.Limits.Covers(action.Target, appId.ToString(), id, name)
            ? (null, $"{name} is on the force's list of what is never touched. A person of the force does this by hand, if at all.")
            : (new Application(id, name, appId, body.Flag("accountEnabled")), "");
    }

    private static async Task<List<Grant>> GrantsAsync(EstateVisit visit, Application application, CancellationToken stop)
    {
        var delegated = await visit.Api.ListAsync($"{Path(application.Id)}/oauth2PermissionGrants", stop);
        var roles = await visit.Api.ListAsync($"{Path(application.Id)}/appRoleAssignments", stop);
        if (delegated is null || roles is null)
            throw new EstateReadException(EstateState.Unknown, $"The grants of {application.Words} could not be listed. It is tried again later.", $"GET {Path(application.Id)}", "404");
        return
        [
            .. delegated.Where(grant => grant.Text("id") is not null).Select(grant => new Grant($"v1.0/oauth2PermissionGrants/{Uri.EscapeDataString(grant.Text("id")!)}",
                $"{grant.Text("scope")?.Trim()} {(grant.Text("consentType") == "AllPrincipals" ? "for everybody" : $"for {grant.Text("principalId")}")}")),
            .. roles.Where(role => role.Text("id") is not null).Select(role => new Grant($"{Path(application.Id)}/appRoleAssignments/{Uri.EscapeDataString(role.Text("id")!)}",
                $"application permission {role.Text("appRoleId")} of {role.Text("resourceDisplayName")}")),
        ];
    }

    private static string Path(string id) => $"v1.0/servicePrincipals/{Uri.EscapeDataString(id)}";

    private static string Listed(List<Grant> grants) =>
        string.Join("; ", grants.Take(10).Select(grant => grant.Words)) + (grants.Count > 10 ? $"; and {grants.Count - 10} more" : "");

    private static string Joined(List<string> lines)
    {
        var text = string.Join('\n', lines);
        return text.Length <= 4_000 ? text : text[..4_000] + "…";
    }

    private sealed record Application(string Id, string Name, Guid AppId, bool? Enabled)
    {
        public string Words => $"'{Name}' ({AppId})";
    }

    private sealed record Grant(string Path, string Words);
}
