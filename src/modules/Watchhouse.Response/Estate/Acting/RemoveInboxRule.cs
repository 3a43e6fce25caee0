using System.Text.Json;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>Removes a rule: <c>DELETE /users/{id}/mailFolders/inbox/messageRules/{rule}</c>. It is made again from what it was.</summary>
internal sealed class RemoveInboxRule : IEstateKind
{
    // What a rule is made of; the rest is given by the mailbox.
    private static readonly string[] Parts = ["displayName", "sequence", "isEnabled", "conditions", "actions", "exceptions"];

    public EstateActionKind Kind => EstateActionKind.RemoveInboxRule;

    public async Task<EstatePlan> PlanAsync(EstateVisit visit, EstateAction action, CancellationToken stop)
    {
        var (user, rule, why) = await FindAsync(visit, action, stop);
        if (user is null) return EstateVisit.Impossible(why);
        if (rule is not { } found) return EstateVisit.Impossible($"The mailbox of {user.Words} has no rule of that id. It may have been removed, or made again under another id: look at the rules of the mailbox.");
        return found.Flag("isReadOnly") == true
            ? EstateVisit.Impossible($"The rule '{found.Text("displayName")}' of {user.Words} cannot be changed through the API. Remove it in Outlook or Exchange.")
            : new EstatePlan(true, $"The rule '{found.Text("displayName")}' of the mailbox of {user.Words} is removed{(found.Flag("isEnabled") == false ? "; it is switched off at present" : "")}.",
                "Mail is no longer moved, deleted or forwarded by that rule. What it has done already stays as it is.", true);
    }

    public async Task<EstateAnswer> ExecuteAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (user, rule, why) = await FindAsync(visit, action, stop);
        if (user is null) return EstateVisit.Refused(why);
        if (rule is not { } found)
            return EstateVisit.Seen($"The mailbox of {user.Words} has no rule of that id; nothing was sent.");
        var undo = new EstateUndo(Kind, operation.Id, action.Detail, Before(found));
        var (answer, fate, _) = await visit.SendAsync(operation.Id, action.Detail, HttpMethod.Delete, Path(user, action.Detail), null,
            $"Microsoft says that the rule '{found.Text("displayName")}' of {user.Words} is removed.{(undo.Keep() is null ? " It is too long to be kept, so it cannot be made again automatically." : "")}", undo, stop);
        return fate == Fate.Missing ? EstateVisit.NotSeen($"The rule '{found.Text("displayName")}' of {user.Words} went in the meantime.") : answer;
    }

    public async Task<EstateAnswer> ProveAsync(EstateVisit visit, EstateAction action, EstateOperation operation, CancellationToken stop)
    {
        var (user, rule, why) = await FindAsync(visit, action, stop);
        return user is null ? EstateVisit.NotSeen(why)
            : rule is null ? EstateVisit.Seen($"The mailbox of {user.Words} has no rule of that id.")
            : EstateVisit.NotSeen($"The mailbox of {user.Words} still has the rule '{rule.Value.Text("displayName")}'.");
    }

    public async Task<EstateAnswer> UndoAsync(EstateVisit visit, EstateAction action, EstateUndo undo, CancellationToken stop)
    {
        if (undo.Before is not { ValueKind: JsonValueKind.Object } before) return EstateVisit.Refused("The rule as it was is not kept, so it cannot be made again.");
        var (user, why) = await EstateUser.FindAsync(visit, action.Target, stop);
        if (user is null) return EstateVisit.Refused(why);
        var name = before.Text("displayName");
        // It comes back under another id: what it does tells it again.
        var rules = await RulesAsync(visit, user, stop);
        if (rules.Exists(rule => rule.Text("displayName") == name && Part(rule, "actions") == Part(before, "actions")))
            return EstateVisit.Seen($"The mailbox of {user.Words} has the rule '{name}'.");
        return (await visit.SendAsync(undo.Operation, "undo " + undo.Id, HttpMethod.Post, Rules(user), before,
            $"Microsoft says that the rule '{name}' of {user.Words} is made again.", null, stop)).Answer;
    }

    // The list is asked, and not the rule: nothing at an address may mean many things, an absence from the list one.
    private static async Task<(EstateUser? User, JsonElement? Rule, string Why)> FindAsync(EstateVisit visit, EstateAction action, CancellationToken stop)
    {
        if (action.Detail.Length is 0 or > 1_000) return (null, null, "Say which rule: its id, as the mailbox has it.");
        var (user, why) = await EstateUser.FindAsync(visit, action.Target, stop);
        if (user is null) return (null, null, why);
        var rules = await RulesAsync(visit, user, stop);
        var at = rules.FindIndex(rule => rule.Text("id") == action.Detail);
        return (user, at < 0 ? null : rules[at], "");
    }

    private static async Task<List<JsonElement>> RulesAsync(EstateVisit visit, EstateUser user, CancellationToken stop) =>
        await visit.Api.ListAsync(Rules(user), stop)
        ?? throw new EstateReadException(EstateState.Refused, $"{user.Words} has no mailbox that the API reaches. Nothing was changed.", $"GET {Rules(user)}", "404");

    private static JsonElement Before(JsonElement rule) => JsonSerializer.SerializeToElement(
        Parts.Where(part => rule.TryGetProperty(part, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            .ToDictionary(part => part, part => rule.GetProperty(part)));

    private static string Part(JsonElement rule, string name) => rule.TryGetProperty(name, out var value) ? JsonSerializer.Serialize(value) : "";

    private static string Rules(EstateUser user) => $"{EstateUser.Path(user.Id)}/mailFolders/inbox/messageRules";

    private static string Path(EstateUser user, string rule) => $"{Rules(user)}/{Uri.EscapeDataString(rule)}";
}
