using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Bulletins;

/// <summary>What follows from what with a bulletin. Pure.</summary>
internal static class BulletinRules
{
    public static readonly TimeSpan LeastTime = TimeSpan.FromHours(1);
    public static readonly TimeSpan MostTime = TimeSpan.FromDays(90);

    /// <summary>Between two chases by hand, so that nobody is chased twice by two people who look at the same list.</summary>
    public static readonly TimeSpan ChaseGap = TimeSpan.FromMinutes(15);

    /// <summary>Other forces that must stand behind a number shown to one (law 4).</summary>
    public const int LeastOthers = 5;

    public static string Number(Guid id, DateTimeOffset at) => "B" + IncidentRules.Reference(id, at)[1..];

    /// <summary>Why a force may not say this now, in a sentence; null where it may.</summary>
    public static string? Hindrance(BulletinCopy copy, BulletinReply to)
    {
        if (copy.State == BulletinState.Withdrawn)
            return $"The Centre withdrew this bulletin: {copy.WithdrawnBecause} Nothing is to be answered any more; what your force said before is kept.";
        if (to == copy.Reply && to >= BulletinReply.Acted)
            return $"{copy.AnsweredBy} has answered this for your force already: {Words(to).ToLowerInvariant()}. Nothing was changed.";
        if (to == BulletinReply.Acknowledged && copy.Reply >= BulletinReply.Acknowledged)
            return copy.Reply == BulletinReply.Acknowledged
                ? $"{copy.AcknowledgedBy} has acknowledged this for your force already. Nothing was changed."
                : $"{copy.AnsweredBy} has answered this for your force already: {Words(copy.Reply).ToLowerInvariant()}. Nothing was changed.";
        return null;
    }

    /// <summary>Whether saying this is the answer that the bulletin asks for.</summary>
    public static bool IsAnswer(BulletinReply reply, int actions) =>
        reply is BulletinReply.Acted or BulletinReply.NotAffected || (reply == BulletinReply.Acknowledged && actions == 0);

    /// <summary>What is wrong with the words of an answer; null where nothing is.</summary>
    public static Failure? Fault(BulletinReply now, BulletinReply to, string words)
    {
        var length = words.Trim().Length;
        if (length > BulletinCopy.LongestWords) return Failure.Invalid("Say it in at most 2,000 characters.", "words");
        if (length >= 3) return null;
        if (to == BulletinReply.NotAffected) return Failure.Invalid("Say in 3 to 2,000 characters why it does not affect your force: the Centre reads it.", "words");
        return now == BulletinReply.NotAffected
            ? Failure.Invalid("Your force said that it is not affected. Say in 3 to 2,000 characters what has changed.", "words")
            : null;
    }

    public static Failure? Deadline(DateTimeOffset answerBy, DateTimeOffset now) =>
        answerBy < now + LeastTime ? Failure.Invalid("Leave the forces at least an hour to answer. Set a later time.", "answerBy")
        : answerBy > now + MostTime ? Failure.Invalid("The answer is due within 90 days. Set an earlier time.", "answerBy")
        : null;

    public static string Words(BulletinReply reply) => reply switch
    {
        BulletinReply.Unseen => "Not seen",
        BulletinReply.NotAffected => "Not affected",
        _ => reply.ToString(),
    };

    public static Tone Tone(BulletinReply reply, bool isLate) => reply switch
    {
        BulletinReply.Acted or BulletinReply.NotAffected => Platform.Ui.Tone.Good,
        _ when isLate => Platform.Ui.Tone.Danger,
        BulletinReply.Acknowledged or BulletinReply.Seen => Platform.Ui.Tone.Accent,
        _ => Platform.Ui.Tone.Warning,
    };

    public static Tone Tone(BulletinState state) => state switch
    {
        BulletinState.Published => Platform.Ui.Tone.Accent,
        BulletinState.Draft => Platform.Ui.Tone.Warning,
        _ => Platform.Ui.Tone.Neutral,
    };
}

/// <summary>When forces that have not answered are chased by the program. Pure.</summary>
internal static class ChaseSchedule
{
    /// <summary>Nobody is chased so soon after they were told.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(30);

    /// <summary>Before and after the time by which the answer is due.</summary>
    public static readonly IReadOnlyList<(TimeSpan At, string Name)> Steps =
    [
        (TimeSpan.FromHours(-24), "24h-before"), (TimeSpan.FromHours(-2), "2h-before"), (TimeSpan.Zero, "due"), (TimeSpan.FromHours(24), "24h-after"), (TimeSpan.FromHours(72), "72h-after"),
    ];

    /// <summary>The first time after the forces were told; null where there is none any more.</summary>
    public static DateTimeOffset? First(DateTimeOffset told, DateTimeOffset answerBy) => After(told + Grace, answerBy);

    /// <summary>The next time after a moment; null where there is none any more.</summary>
    public static DateTimeOffset? After(DateTimeOffset now, DateTimeOffset answerBy)
    {
        foreach (var (at, _) in Steps)
            if (answerBy + at > now) return answerBy + at;
        return null;
    }

    /// <summary>The step that has come last: of several that a stopped program slept through, one notice is enough.</summary>
    public static string? Latest(DateTimeOffset now, DateTimeOffset answerBy)
    {
        string? latest = null;
        foreach (var (at, name) in Steps)
            if (answerBy + at <= now) latest = name;
        return latest;
    }
}
