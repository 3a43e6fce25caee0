using System.Net;

namespace Watchhouse.Response.Notices;

/// <summary>
/// What the operator says of how notices are sent: section <c>Watchhouse:Notices</c> of the settings. Each channel is off until its part is
/// given; with none, notices stand in the outbox alone.
/// </summary>
internal sealed class NoticesOptions
{
    public const string Section = "Watchhouse:Notices";

    /// <summary>Where people reach this house, such as <c>https://watchhouse.example</c>. Every message is a sentence and a link to it, so nothing is sent without.</summary>
    public string? Address { get; set; }

    public NotifyOptions Notify { get; set; } = new();

    public SmtpOptions Smtp { get; set; } = new();

    public WebhookOptions Webhooks { get; set; } = new();

    /// <summary>How long one call to a service may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The whole address of a path of this house.</summary>
    public string Link(string path) => Address!.TrimEnd('/') + path;

    /// <exception cref="InvalidOperationException">A setting is wrong; the sentence says which.</exception>
    public void Check()
    {
        if (Address is not null) Host("Address", Address);
        Host("Notify:Address", Notify.Address);
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromSeconds(60)) throw Wrong("Timeout", "It must be at most a minute.");
        if (Notify.IsOn && Notify.EmailTemplate is null && Notify.TextTemplate is null) throw Wrong("Notify", "Name EmailTemplate, TextTemplate or both: ids of templates of the service.");
        foreach (var (name, template) in new[] { ("EmailTemplate", Notify.EmailTemplate), ("TextTemplate", Notify.TextTemplate) })
            if (template is not null && !Guid.TryParse(template, out _)) throw Wrong($"Notify:{name}", "It must be the template's id, a GUID.");
        if (Smtp.Host is not null)
        {
            if (!MimeKit.MailboxAddress.TryParse(Smtp.From, out _)) throw Wrong("Smtp:From", "It must be the mail address that messages come from.");
            if (Smtp.Security is not (SmtpOptions.StartTls or SmtpOptions.Tls) && !(Smtp.Security == SmtpOptions.None && IsLoopback(Smtp.Host)))
                throw Wrong("Smtp:Security", "It must be StartTls or Tls; None is for a server on this machine alone.");
        }

        foreach (var network in Webhooks.Allowed)
            if (!IPNetwork.TryParse(network, out _)) throw Wrong("Webhooks:Allowed", $"'{network}' is no network such as 10.1.2.0/24.");
    }

    private static void Host(string setting, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            || uri is not { PathAndQuery: "/", Fragment: "", UserInfo: "" })
            throw Wrong(setting, $"'{address}' must be an https address of a host alone (http only on this machine).");
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    private static InvalidOperationException Wrong(string setting, string words) => new($"The setting {Section}:{setting} is wrong. {words}");
}

/// <summary>GOV.UK Notify.</summary>
internal sealed class NotifyOptions
{
    public string Address { get; set; } = "https://api.notifications.service.gov.uk";

    /// <summary>The key of the service, or <see cref="ApiKeyFile"/>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>A file that holds the key; read at each use, so that a new key needs no restart.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>Id of a template with the fields ((words)) and ((link)); without one no mail goes through Notify.</summary>
    public string? EmailTemplate { get; set; }

    /// <summary>Id of a template with the fields ((words)) and ((link)); without one no text goes out.</summary>
    public string? TextTemplate { get; set; }

    public bool IsOn => ApiKey is not null || ApiKeyFile is not null;

    public string Key() => ApiKey ?? File.ReadAllText(ApiKeyFile!).Trim();
}

/// <summary>A mail server. It is used where Notify has no template for mail.</summary>
internal sealed class SmtpOptions
{
    public const string StartTls = "StartTls";
    public const string Tls = "Tls";
    public const string None = "None";

    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    /// <summary><c>StartTls</c>, <c>Tls</c>, or <c>None</c> for a server on this machine.</summary>
    public string Security { get; set; } = StartTls;

    public string? UserName { get; set; }

    public string? Password { get; set; }

    public string? PasswordFile { get; set; }

    public string? From { get; set; }

    public string? Secret() => Password ?? (PasswordFile is null ? null : File.ReadAllText(PasswordFile).Trim());
}

/// <summary>What forces' webhooks and Teams workflows may reach.</summary>
internal sealed class WebhookOptions
{
    /// <summary>Networks that are reached though they do not belong to the public internet, such as <c>10.1.2.0/24</c>.</summary>
    public IList<string> Allowed { get; } = [];

    public IReadOnlyList<IPNetwork> Networks => [.. Allowed.Select(IPNetwork.Parse)];

    /// <summary>Whether an address on this machine may be named, without https: for tests and trials.</summary>
    public bool AllowsLoopback => Networks.Any(network => network.Contains(IPAddress.Loopback));
}
