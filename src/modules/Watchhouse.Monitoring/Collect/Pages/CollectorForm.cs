using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Monitoring.Collect.Pages;

/// <summary>What a person types of a collector, as text. It becomes an input of the operations, or a sentence about the field at fault.</summary>
internal sealed class CollectorForm
{
    public CollectorKind Kind { get; set; } = CollectorKind.Office365;

    public string Name { get; set; } = "";

    public string Source { get; set; } = CollectorWords.Of(CollectorKind.Office365).Source;

    public string Tenant { get; set; } = "";

    public string Client { get; set; } = "";

    /// <summary>Content types or kinds of sign-ins that are chosen.</summary>
    public HashSet<string> Chosen { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of subscriptions, apart by blanks, commas or lines.</summary>
    public string Subscriptions { get; set; } = "";

    public string Hub { get; set; } = "";

    public string Address { get; set; } = "";

    public string Group { get; set; } = "$Default";

    public int EverySeconds { get; set; } = 300;

    public CredentialKind Credential { get; set; } = CredentialKind.Certificate;

    /// <summary>Whether the credential lies in a file of the centre.</summary>
    public bool IsFile { get; set; }

    public string Text { get; set; } = "";

    public string File { get; set; } = "";

    /// <summary>Last day of a secret.</summary>
    public DateOnly? Ends { get; set; }

    /// <summary>The version that the person saw.</summary>
    public uint? Version { get; set; }

    /// <summary>The form of a collector that is changed. Its credential is not in it.</summary>
    public static CollectorForm Of(CollectorAnswer collector)
    {
        var form = new CollectorForm
        {
            Kind = collector.Kind,
            Name = collector.Name,
            Source = collector.Source,
            Tenant = collector.TenantId == Guid.Empty ? "" : collector.TenantId.ToString(),
            Client = collector.ClientId == Guid.Empty ? "" : collector.ClientId.ToString(),
            Subscriptions = collector.Kind == CollectorKind.AzureActivity ? string.Join('\n', collector.Streams) : "",
            Hub = collector is { Kind: CollectorKind.EventHub, Streams: [var hub, ..] } ? hub : "",
            Address = collector.Address ?? "",
            Group = collector.Group ?? "$Default",
            EverySeconds = collector.EverySeconds,
            Credential = collector.CredentialKind,
            Version = collector.Version,
        };
        form.Chosen.UnionWith(collector.Streams);
        return form;
    }

    /// <summary>Takes another kind, and what is proposed for it where nothing else was typed.</summary>
    public void Take(CollectorKind kind, IReadOnlyList<string> usual)
    {
        if (Source.Length == 0 || Source == CollectorWords.Of(Kind).Source) Source = CollectorWords.Of(kind).Source;
        Kind = kind;
        Chosen.Clear();
        Chosen.UnionWith(usual);
        if (kind == CollectorKind.EventHub) Credential = CredentialKind.ConnectionString;
        else if (Credential == CredentialKind.ConnectionString) Credential = CredentialKind.Certificate;
    }

    /// <summary>Everything but the credential.</summary>
    public Outcome<CollectorInput> Settings()
    {
        var needsApplication = Credential != CredentialKind.ConnectionString;
        if (Id(Tenant, out var tenant) is false && (needsApplication || Tenant.Length > 0))
            return Failure.Invalid("The tenant's id is a GUID: see the overview page of Entra ID.", "tenantId");
        if (Id(Client, out var client) is false && (needsApplication || Client.Length > 0))
            return Failure.Invalid("The application (client) id is a GUID: see the overview page of the application.", "clientId");
        if (Kind is CollectorKind.Office365 or CollectorKind.SignIns && Chosen.Count == 0)
            return Failure.Invalid("Choose at least one.", "streams");
        return new CollectorInput
        {
            Kind = Kind,
            Name = Name,
            Source = Source.Trim(),
            TenantId = tenant,
            ClientId = client,
            Streams = Kind switch
            {
                CollectorKind.Office365 or CollectorKind.SignIns => [.. Chosen.Order(StringComparer.Ordinal)],
                CollectorKind.AzureActivity => Subscriptions.Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries),
                CollectorKind.EventHub => [Hub.Trim()],
                _ => null,
            },
            Address = Kind == CollectorKind.EventHub ? Address.Trim() : null,
            Group = Kind == CollectorKind.EventHub ? Group.Trim() : null,
            EverySeconds = EverySeconds,
            Version = Version,
        };
    }

    /// <summary>The same with the credential that was typed.</summary>
    public CollectorInput WithCredential(CollectorInput input) => input with
    {
        CredentialKind = Credential,
        Credential = IsFile || Text.Length == 0 ? null : Text,
        CredentialFile = IsFile && File.Trim().Length > 0 ? File.Trim() : null,
        // Entra ID shows a day; the last moment of it is the end.
        CredentialExpiresAt = Credential == CredentialKind.Certificate || Ends is not { } last ? null : HouseTime.StartOf(last.AddDays(1)),
        Version = Version,
    };

    // What is typed is kept by no log.
    public override string ToString() => nameof(CollectorForm);

    private static bool Id(string text, out Guid id) => Guid.TryParse(text.Trim(), out id) && id != Guid.Empty;
}
