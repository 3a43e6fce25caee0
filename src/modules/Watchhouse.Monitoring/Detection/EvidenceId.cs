using Watchhouse.Normalisation;

namespace Watchhouse.Monitoring.Detection;

/// <summary>An event's identity as the lake and alerts hold it.</summary>
internal static class EvidenceId
{
    public static Guid Of(EventIdentity identity)
    {
        Span<byte> bytes = stackalloc byte[16];
        identity.Write(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
