using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Response.Estate;

/// <summary>
/// What the operator says of actions in estates: section <c>Estate</c> of the settings. The hosts are the operator's alone: a force that
/// could name one would be sent tokens.
/// </summary>
internal sealed class EstateOptions
{
    /// <summary>Where tokens are issued.</summary>
    public string SignIn { get; set; } = "https://login.microsoftonline.com";

    public string Graph { get; set; } = "https://graph.microsoft.com";

    /// <summary>Defender for Endpoint; <c>https://uk.api.security.microsoft.com</c> is nearer to forces of the United Kingdom.</summary>
    public string Defender { get; set; } = "https://api.securitycenter.microsoft.com";

    /// <summary>The resource that tokens for Defender are for, whichever host answers.</summary>
    public string DefenderResource { get; set; } = "https://api.securitycenter.microsoft.com";

    /// <summary>How long one answer may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of one answer.</summary>
    public int MaxAnswerBytes { get; set; } = 4 << 20;

    /// <summary>How often a request is tried of which it is certain that it changed nothing.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>The longest wait between two; when a server asks for more, the answer says so and the caller comes back.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Most pages of one listing.</summary>
    public int MaxPages { get; set; } = 20;

    /// <summary>How long a change may take to show before the same operation is sent again.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromMinutes(15);

    public TokenSettings TokenSettings => new(SignIn, MaxAttempts, MaxWait, Timeout);

    /// <exception cref="InvalidOperationException">A host is none, or not reached by https.</exception>
    public void Check()
    {
        foreach (var (name, address) in new[] { (nameof(SignIn), SignIn), (nameof(Graph), Graph), (nameof(Defender), Defender), (nameof(DefenderResource), DefenderResource) })
            ApiAddress.CheckHost($"Estate:{name}", address);
    }
}
