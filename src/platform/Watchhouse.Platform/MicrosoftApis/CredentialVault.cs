using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>A credential in use. It is never logged and never shown.</summary>
public sealed record OpenCredential(string? Secret, X509Certificate2? Certificate) : IDisposable
{
    public void Dispose() => Certificate?.Dispose();

    // A record would print its secret.
    public override string ToString() => nameof(OpenCredential);
}

/// <summary>What is stored of a credential.</summary>
public sealed record KeptCredential(CredentialKind Kind, string? Sealed, string? File, DateTimeOffset? ExpiresAt);

/// <summary>
/// Keeps credentials of forces' applications: sealed in the database with the house's key ring, each for its force and purpose alone, or
/// in a file of <c>DIR/secrets/FORCE</c>, where an application reads its own force's files and no others.
/// </summary>
public sealed partial class CredentialVault(IDataProtectionProvider protection, HouseDirectory directory)
{
    private const int LongestText = 20_000;

    /// <summary>Checks what was given and says what is stored of it.</summary>
    /// <param name="purpose">What the application is for.</param>
    /// <param name="force">The force.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="text">The secret, the connection string, or certificate and key as PEM; null when it lies in a file.</param>
    /// <param name="file">Name of a file in the force's directory of secrets.</param>
    /// <param name="expiresAt">When a secret lapses, as its owner says.</param>
    /// <param name="now">The time.</param>
    public Outcome<KeptCredential> Keep(
        ApiPurpose purpose, ForceId force, CredentialKind kind, string? text, string? file, DateTimeOffset? expiresAt, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(text) == string.IsNullOrWhiteSpace(file))
            return Failure.Invalid("Give the credential itself or the name of its file, not both.", "credential");
        if (text?.Length > LongestText) return Failure.Invalid($"A credential has at most {LongestText:N0} characters.", "credential");
        if (file is not null && !FileName().IsMatch(file))
            return Failure.Invalid($"Name a file of the directory secrets/{force} of the centre: letters, digits and the signs . _ -, a letter or digit first.", "credential");
        try
        {
            using var open = Open(purpose, force, kind, text?.Trim(), file);
            var lapses = open.Certificate is { } certificate ? new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero) : expiresAt;
            if (lapses <= now) return Failure.Invalid("This credential has expired already. Make a new one.", "credential");
            if (kind == CredentialKind.Secret && lapses is null)
                return Failure.Invalid("Say when the secret expires, as Entra ID shows it, so that it can be replaced in time.", "credentialExpiresAt");
            return new KeptCredential(kind, file is null ? Protector(purpose, force).Protect(text!.Trim()) : null, file, lapses);
        }
        catch (ApiException e)
        {
            return Failure.Invalid(e.Message, "credential");
        }
    }

    /// <exception cref="ApiException">It cannot be read; the sentence says why.</exception>
    public OpenCredential Open(ApiPurpose purpose, ForceId force, KeptCredential kept)
    {
        string? text = null;
        if (kept.Sealed is { } sealedText)
        {
            try
            {
                text = Protector(purpose, force).Unprotect(sealedText);
            }
            catch (CryptographicException e)
            {
                throw new ApiException(ApiFault.Access,
                    $"The credential cannot be opened: it was sealed with keys that this centre does not have (DIR/keys). {purpose.Idle} Enter the credential again.", e);
            }
        }

        return Open(purpose, force, kept.Kind, text, kept.File);
    }

    private OpenCredential Open(ApiPurpose purpose, ForceId force, CredentialKind kind, string? text, string? file)
    {
        try
        {
            text ??= Read(force, file!);
            if (kind != CredentialKind.Certificate)
                return text.Length > 0 ? new OpenCredential(text, null) : throw new ApiException(ApiFault.Access, "The credential is empty. Enter it again.");
            var certificate = X509Certificate2.CreateFromPem(text, text);
            using var key = certificate.GetRSAPrivateKey();
            return key is { KeySize: >= 2048 }
                ? new OpenCredential(null, certificate)
                : throw new ApiException(ApiFault.Access, "Entra ID takes certificates with an RSA key of 2,048 bits or more. Make such a one.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ApiException(ApiFault.Access,
                "The credential is no certificate with its private key as PEM (-----BEGIN CERTIFICATE----- and -----BEGIN PRIVATE KEY-----, without a password). Give both in one text.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ApiException(ApiFault.Access,
                $"The file secrets/{force}/{file} of the centre cannot be read. {purpose.Idle} Ask the operator of the centre to put it there, readable by the centre's account alone.", e);
        }
    }

    private string Read(ForceId force, string file)
    {
        var info = new FileInfo(Path.Combine(directory.Path, "secrets", force.Value, file));
        // A link could lead into another force's directory.
        if (info.LinkTarget is not null) throw new IOException("It is a link.");
        if (info.Length > LongestText) throw new IOException("It is too long.");
        return File.ReadAllText(info.FullName).Trim();
    }

    // Sealed text that is moved to another force, or to another purpose, does not open there.
    private IDataProtector Protector(ApiPurpose purpose, ForceId force) => protection.CreateProtector(purpose.Protector, force.Value);

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z")]
    private static partial Regex FileName();
}
