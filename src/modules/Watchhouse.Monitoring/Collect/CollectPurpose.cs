using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Collect;

/// <summary>What collectors' applications are used for.</summary>
internal static class CollectPurpose
{
    public static readonly ApiPurpose Collection = new(
        "Watchhouse.Monitoring.CollectorCredential", "Nothing is collected.",
        "Nothing is collected until that is mended; what is missed is fetched afterwards, as far as Microsoft still keeps it.");

    /// <summary>What a refusal of a request of a collector means.</summary>
    public static string Access(string api, string permission, int status, string code) =>
        code == "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
            ? "Microsoft gives sign-ins only to tenants with a licence of Entra ID P1 or P2, and this tenant has none. Nothing is collected. License the tenant, or switch this collector off."
            : ApiWords.Access(api, permission, status, code, Collection);
}
