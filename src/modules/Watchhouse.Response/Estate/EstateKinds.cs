namespace Watchhouse.Response.Estate;

/// <summary>Which of Microsoft's APIs a kind of action speaks to.</summary>
internal enum EstateService
{
    /// <summary>Microsoft Graph.</summary>
    Graph = 1,

    /// <summary>Microsoft Defender for Endpoint.</summary>
    Defender = 2,
}

/// <summary>A kind of action: what the force's application must hold for it, all of them application permissions.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Title">Verb and object.</param>
/// <param name="Service">The API.</param>
/// <param name="Permissions">The least that does it, with what it takes to look at the target.</param>
/// <param name="Note">What a permission alone does not do; empty where it does.</param>
/// <param name="Undo">What putting back means.</param>
internal sealed record EstateKindFacts(
    EstateActionKind Kind, string Title, EstateService Service, IReadOnlyList<string> Permissions, string Note, string Undo)
{
    public string PermissionWords => string.Join(" and ", Permissions);
}

/// <summary>The kinds, as Microsoft's references of permissions have them.</summary>
internal static class EstateKinds
{
    public static IReadOnlyList<EstateKindFacts> All { get; } =
    [
        new(EstateActionKind.RevokeSessions, "Revoke sessions", EstateService.Graph, ["User.RevokeSessions.All", "User.Read.All"],
            "Guests sign in at their own organisation: their sessions are not the force's to revoke.",
            "Cannot be undone; the person signs in again."),
        new(EstateActionKind.DisableAccount, "Block sign-in of an account", EstateService.Graph, ["User.EnableDisableAccount.All", "User.Read.All"],
            "For accounts with administrator roles, the application needs a higher role of Entra ID besides, such as Privileged Authentication Administrator.",
            "The account is enabled again, if this action blocked it."),
        new(EstateActionKind.RemoveConsent, "Remove consent of an application", EstateService.Graph,
            ["DelegatedPermissionGrant.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "Application.Read.All"],
            "To switch the application's sign-in off instead of removing its grants, Application.ReadWrite.All. Each of these lets its holder give consent too: keep this application apart.",
            "Grants are not given again automatically: consent is for a person to give. A sign-in that was switched off is switched on again."),
        new(EstateActionKind.IsolateDevice, "Isolate a device", EstateService.Defender, ["Machine.Isolate", "Machine.Read.All"],
            "Servers are refused unless the force allows them.", "The device is released from isolation."),
        new(EstateActionKind.BlockAddress, "Block an address", EstateService.Defender, ["Ti.ReadWrite"],
            "Holds where network protection of Defender is in block mode. The application sees and changes only the indicators that it made.",
            "The indicator that this action made is deleted."),
        new(EstateActionKind.RemoveInboxRule, "Remove a rule of a mailbox", EstateService.Graph, ["MailboxSettings.ReadWrite", "User.Read.All"],
            "The permission holds for every mailbox; role-based access for applications of Exchange Online can narrow it.",
            "The rule is made again as it was, with a new id."),
    ];

    private static readonly Dictionary<EstateActionKind, EstateKindFacts> ByKind = All.ToDictionary(kind => kind.Kind);

    public static EstateKindFacts Of(EstateActionKind kind) => ByKind[kind];
}
