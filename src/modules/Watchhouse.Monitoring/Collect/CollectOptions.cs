using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Collect;

/// <summary>
/// What the operator says of collection: section <c>Collect</c> of the settings. The hosts are the operator's alone: a force that could
/// name one would be sent tokens and could make the centre call where it should not.
/// </summary>
internal sealed class CollectOptions
{
    /// <summary>Where tokens are issued.</summary>
    public string SignIn { get; set; } = "https://login.microsoftonline.com";

    /// <summary>Office 365 Management Activity API.</summary>
    public string Office365 { get; set; } = "https://manage.office.com";

    public string Graph { get; set; } = "https://graph.microsoft.com";

    /// <summary>Azure Resource Manager.</summary>
    public string Azure { get; set; } = "https://management.azure.com";

    /// <summary>What the host of an event hub ends with.</summary>
    public string EventHubs { get; set; } = "servicebus.windows.net";

    /// <summary>Whether the house runs collectors by itself.</summary>
    public bool Scheduled { get; set; } = true;

    /// <summary>Collectors that run at the same time.</summary>
    public int Parallel { get; set; } = 4;

    /// <summary>Requests under way at the same time in one tenant.</summary>
    public int PerTenant { get; set; } = 4;

    /// <summary>How far back a new collector begins.</summary>
    public TimeSpan Backfill { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Most bytes of one answer.</summary>
    public int MaxAnswerBytes { get; set; } = 32 << 20;

    /// <summary>Most pages of one listing; a listing that has more does not end.</summary>
    public int MaxPages { get; set; } = 5_000;

    /// <summary>Windows that one run works on.</summary>
    public int MaxWindows { get; set; } = 500;

    /// <summary>How often one request is tried.</summary>
    public int MaxAttempts { get; set; } = 6;

    /// <summary>The longest wait within a run; when a server asks for more, the run ends and the next begins then.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one answer may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>How long lines of the coverage ledger are kept.</summary>
    public TimeSpan KeepWindows { get; set; } = TimeSpan.FromDays(400);

    /// <exception cref="InvalidOperationException">A host is none, or not reached by https.</exception>
    public void Check()
    {
        foreach (var (name, address) in new[] { (nameof(SignIn), SignIn), (nameof(Office365), Office365), (nameof(Graph), Graph), (nameof(Azure), Azure) })
            ApiAddress.CheckHost($"Collect:{name}", address);
    }

    public TokenSettings TokenSettings => new(SignIn, MaxAttempts, MaxWait, Timeout);
}
