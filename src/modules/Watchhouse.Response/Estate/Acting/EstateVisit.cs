using System.Text.Json;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>A visit to a force's estate under one registration.</summary>
internal sealed class EstateVisit(EstateApi api, EstateRegistration registration, EstateLimits limits, IReadOnlySet<Guid> ownApplications, SentOperations sent, TimeSpan settle)
{
    /// <summary>The API of the kind.</summary>
    public EstateApi Api => api;

    public EstateLimits Limits => limits;

    public EstateRegistration Registration => registration;

    /// <summary>Applications by which this house acts for the force.</summary>
    public IReadOnlySet<Guid> OwnApplications => ownApplications;

    /// <summary>Sends a change of an operation once, and says how it stands.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="item">What of the target is changed.</param>
    /// <param name="method">How.</param>
    /// <param name="path">Where.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="done">What it means when the API says that it is done.</param>
    /// <param name="undo">The state before.</param>
    /// <param name="stop">Stops it.</param>
    public async Task<(EstateAnswer Answer, Fate Fate, JsonElement Body)> SendAsync(
        Guid operation, string item, HttpMethod method, string path, object? body, string done, EstateUndo? undo, CancellationToken stop)
    {
        if (sent.Find(operation, item, settle) is { } before)
            return (before.Answer with { Words = $"{before.Answer.Words} It was sent {before.At:HH:mm:ss} UTC and does not show yet; it is not sent again before {settle.TotalMinutes:0} minutes have passed." },
                before.Answer.State == EstateState.PendingProof ? Fate.Done : Fate.Unknown, default);
        var kept = undo?.Keep();
        // Written down first: when the caller gives up in the middle, nobody knows what became of it.
        sent.Add(operation, item, new EstateAnswer(EstateState.Unknown, "The answer was not waited for.", $"{method} {path}", "none", kept));
        var reply = await api.ChangeAsync(method, path, body, operation, stop);
        var answer = reply.Fate switch
        {
            Fate.Done => new EstateAnswer(EstateState.PendingProof, done, reply.Request, reply.Answer, kept),
            Fate.Unknown => new EstateAnswer(EstateState.Unknown, reply.Words, reply.Request, reply.Answer, kept),
            Fate.Later => new EstateAnswer(EstateState.Unknown, reply.Words, reply.Request, reply.Answer),
            Fate.UnderWay => new EstateAnswer(EstateState.PendingProof, reply.Words, reply.Request, reply.Answer),
            _ => new EstateAnswer(EstateState.Refused, reply.Words, reply.Request, reply.Answer),
        };
        if (reply.Fate is Fate.Done or Fate.Unknown) sent.Add(operation, item, answer);
        else sent.Forget(operation, item);
        return (answer, reply.Fate, reply.Body);
    }

    public static EstateAnswer Seen(string words) => new(EstateState.Proven, words, "", "");

    public static EstateAnswer NotSeen(string words) => new(EstateState.PendingProof, words, "", "");

    public static EstateAnswer Refused(string words) => new(EstateState.Refused, words, "", "");

    public static EstatePlan Impossible(string words) => new(false, words, "Nothing.", false);
}
