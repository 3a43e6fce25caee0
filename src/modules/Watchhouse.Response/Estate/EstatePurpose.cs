using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Response.Estate;

/// <summary>What the applications of registrations are used for.</summary>
internal static class EstatePurpose
{
    public static readonly ApiPurpose Acting = new(
        "Watchhouse.Response.EstateCredential", "Nothing can be done in the estate.", "Nothing was changed; until that is mended, nothing of this kind can be done in the estate.");
}
