using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Bulletins;

/// <summary>What a bulletin is to say.</summary>
internal sealed record BulletinOptions
{
    public required string Title { get; init; }

    public required string Text { get; init; }

    /// <summary>What is to be done, one by one.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    public Severity Severity { get; init; } = Severity.Medium;

    public IncidentHandling Handling { get; init; } = IncidentHandling.OfficialSensitive;

    public string Instructions { get; init; } = "";

    public required DateTimeOffset AnswerBy { get; init; }

    /// <summary>Whom it is for; empty for all forces. A correction goes to whom the bulletin went.</summary>
    public IReadOnlyList<ForceId> Addressed { get; init; } = [];

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public Failure? Fault()
    {
        if (Title.Trim().Length is < 5 or > BulletinContent.LongestTitle) return Failure.Invalid($"Give it a title of 5 to {BulletinContent.LongestTitle} characters.", "title");
        if (IncidentInput.Sentence(Text, "text", BulletinContent.LongestText, 10) is { } text) return text;
        if (Actions.Count > BulletinContent.MostActions) return Failure.Invalid($"A bulletin asks for at most {BulletinContent.MostActions} things. Put some of them together.", "actions");
        if (Actions.Any(action => action.Trim().Length is < 3 or > BulletinContent.LongestAction))
            return Failure.Invalid($"Say each thing to do in 3 to {BulletinContent.LongestAction} characters.", "actions");
        if (!Enum.IsDefined(Severity)) return Failure.Invalid("The severity is Low, Medium, High or Critical.", "severity");
        if (Addressed.Contains(ForceId.Centre)) return Failure.Invalid("A bulletin goes to forces: the Centre writes it.", "addressed");
        return IncidentInput.Marking(Handling, Instructions);
    }
}

/// <summary>How a bulletin is corrected.</summary>
/// <param name="What">What was put right, in a sentence that the forces read.</param>
/// <param name="IsMaterial">Whether every force has to answer anew.</param>
internal sealed record BulletinCorrection(string What, bool IsMaterial);
