using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Watchhouse.Hosting;

/// <summary>The certificate of <c>https</c> addresses, looked for before anything is opened, so that its lack is a sentence and not half a start.</summary>
internal static class ServerCertificate
{
    // Marks the certificate that the SDK's 'dotnet dev-certs' makes; Kestrel takes it where none is named.
    private const string DeveloperOid = "1.3.6.1.4.1.311.84.1.1";

    public static void RefuseMissing(ServeOptions options, IConfiguration configuration, string root)
    {
        if (!options.Urls.Contains("https://", StringComparison.OrdinalIgnoreCase)) return;
        var named = configuration.GetSection("Kestrel:Certificates:Default");
        if (named["Path"] is not { Length: > 0 } path)
        {
            if (named.Exists() || HasDeveloperCertificate()) return;
            throw new StartRefusedException(
                $"'{options.Urls}' needs a certificate and none is named, so nothing was started. Set ASPNETCORE_Kestrel__Certificates__Default__Path "
                + "to a PFX file, and …__Password to its password; for PEM files …__Path is the certificate and …__KeyPath its key. Behind a proxy that has the certificate, use an http address of this machine.");
        }

        foreach (var file in new[] { path, named["KeyPath"] }.OfType<string>())
        {
            if (!File.Exists(Path.Combine(root, file)))
                throw new StartRefusedException($"The file '{file}' of the certificate for '{options.Urls}' is not there, so nothing was started. Put it there, or name another.");
        }

        Read(Path.Combine(root, path), named["KeyPath"] is { Length: > 0 } key ? Path.Combine(root, key) : null, named["Password"]);
    }

    private static void Read(string path, string? key, string? password)
    {
        try
        {
            using var read = key is null ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : password is null ? X509Certificate2.CreateFromPemFile(path, key)
                : X509Certificate2.CreateFromEncryptedPemFile(path, password, key);
            if (!read.HasPrivateKey) throw new CryptographicException("It holds no private key.");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The certificate '{path}' cannot be used, so nothing was started. Is it a PFX file with its key, or a PEM file with …__KeyPath beside it, readable for this user, and is …__Password right? The system says: {e.Message}");
        }
    }

    private static bool HasDeveloperCertificate()
    {
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadOnly);
        return store.Certificates.Any(each => each.Extensions[DeveloperOid] is not null);
    }
}
