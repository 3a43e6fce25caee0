using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using Watchhouse.Platform.Data;

namespace Watchhouse.Federation.Clients;

/// <summary>
/// The keys that sign and encrypt tokens. They lie with the other keys of the centre, readable by its account alone, so that
/// tokens outlive a restart and no machine-wide certificate store is involved.
/// </summary>
internal sealed class TokenKeys(KeyDirectory directory) : IConfigureOptions<OpenIddictServerOptions>
{
    public void Configure(OpenIddictServerOptions options)
    {
        var signing = ECDsa.Create();
        signing.ImportFromPem(ReadOrMake("tokens-signing.pem", static () =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return key.ExportPkcs8PrivateKeyPem();
        }));
        var sealing = Convert.FromBase64String(ReadOrMake("tokens-sealing.key", static () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        options.SigningCredentials.Add(new SigningCredentials(
            new ECDsaSecurityKey(signing) { KeyId = "watchhouse-tokens" }, SecurityAlgorithms.EcdsaSha256));
        options.EncryptionCredentials.Add(new EncryptingCredentials(
            new SymmetricSecurityKey(sealing), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
    }

    private string ReadOrMake(string name, Func<string> make)
    {
        var path = Path.Combine(directory.Path, name);
        if (File.Exists(path)) return File.ReadAllText(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var text = make();
        // Written beside and moved, so that a crash never leaves half a key under the name.
        var draft = path + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: false);
        return text;
    }
}
