using System.Text.Json;
using Watchhouse.Monitoring.Collect.Http;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Collect.Pulling;

/// <summary>Reads answers, and says of what is none that it is to be asked for again.</summary>
internal static class JsonAnswer
{
    /// <exception cref="ApiException">It is broken off, or no JSON.</exception>
    public static JsonPage Read(ApiClient client, ReadOnlyMemory<byte> body, string list, string next)
    {
        try
        {
            return JsonPage.Read(body, list, next);
        }
        catch (JsonException e)
        {
            throw new ApiException(ApiFault.Transient,
                $"An answer of {client.Target.Name} is not whole, or is not what the API says. Nothing of it was taken; it is asked for again.", e);
        }
    }
}
