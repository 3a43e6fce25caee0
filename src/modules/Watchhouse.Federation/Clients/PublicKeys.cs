using Microsoft.IdentityModel.Tokens;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.Clients;

/// <summary>Public keys that a client signs its requests with (RFC 7517). Pure.</summary>
internal static class PublicKeys
{
    private const int Longest = 16 * 1024;
    private const int Most = 4;

    public static Outcome<JsonWebKeySet> Read(string json)
    {
        if (json.Length > Longest) return Wrong;
        JsonWebKeySet keys;
        try
        {
            keys = new JsonWebKeySet(json);
        }
        catch (Exception e) when (e is ArgumentException or System.Text.Json.JsonException)
        {
            return Wrong;
        }

        if (keys.Keys.Count is 0 or > Most) return Failure.Invalid($"Give between 1 and {Most} public keys.", "jwks");
        foreach (var key in keys.Keys)
        {
            if (key.HasPrivateKey || key.K is not null)
                return Failure.Invalid("The key set holds a private or symmetric key. Send only public keys, and make a new pair: this one has been seen.", "jwks");
            var strong = key.Kty switch
            {
                JsonWebAlgorithmsKeyTypes.RSA => key.N is not null && key.E is not null && key.KeySize >= 2048,
                JsonWebAlgorithmsKeyTypes.EllipticCurve => key.Crv is "P-256" or "P-384" or "P-521" && key.X is not null && key.Y is not null,
                _ => false,
            };
            if (!strong) return Failure.Invalid("A key must be RSA of at least 2048 bits, or on the curve P-256, P-384 or P-521.", "jwks");
        }

        return keys;
    }

    private static readonly Failure Wrong = Failure.Invalid("This is not a JSON Web Key Set (RFC 7517): an object with an array 'keys'.", "jwks");
}
