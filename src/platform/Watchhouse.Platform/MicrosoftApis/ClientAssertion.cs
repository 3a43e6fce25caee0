using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>
/// The signed statement that stands for a secret (RFC 7523), as Entra ID takes it: PS256, with the SHA-256 of the certificate. Pure but
/// for the salt of the signature.
/// </summary>
public static class ClientAssertion
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public static string Make(X509Certificate2 certificate, Guid clientId, Uri audience, DateTimeOffset now)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["alg"] = "PS256",
            ["typ"] = "JWT",
            ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(certificate.RawData)),
        });
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["aud"] = audience.AbsoluteUri,
            ["iss"] = clientId.ToString(),
            ["sub"] = clientId.ToString(),
            ["jti"] = Guid.CreateVersion7(now).ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            // The two clocks need not agree to the second.
            ["nbf"] = (now - TimeSpan.FromMinutes(1)).ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        var signature = key.SignData(System.Text.Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
