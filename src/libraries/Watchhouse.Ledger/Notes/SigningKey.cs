using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using Watchhouse.Ledger.Notes;
using Watchhouse.Ledger.Storage;

namespace Watchhouse.Ledger;

/// <summary>
/// The private Ed25519 key a ledger signs its checkpoints with. Its file is one line in the form that signed-note
/// tools use, <c>PRIVATE+KEY+name+hash+base64(0x01 || seed)</c>, readable by its owner alone.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private const string Prefix = "PRIVATE+KEY+";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Key _key;

    private SigningKey(string name, Key key)
    {
        _key = key;
        Verifier = new VerifierKey(name, key.PublicKey);
    }

    /// <summary>The public half.</summary>
    public VerifierKey Verifier { get; }

    /// <summary>Reads the key of a file, or makes the file with a new key of this name if there is none.</summary>
    /// <param name="path">The key file; its directory must exist.</param>
    /// <param name="name">Name of the key, by convention the origin of the log.</param>
    /// <exception cref="NoteFormatException">The file is no signing key, or is of another name.</exception>
    /// <exception cref="UnauthorizedAccessException">Others than the owner may read or write the file.</exception>
    public static SigningKey LoadOrCreate(string path, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!KeyName.IsValid(name))
            throw new NoteFormatException(
                "A key name is 1 to 255 characters without spaces, control characters or '+'.");
        if (!File.Exists(path))
            Create(path, name);
        var key = Load(path);
        if (key.Verifier.Name == name)
            return key;
        var found = key.Verifier.Name;
        key.Dispose();
        throw new NoteFormatException($"The key file {path} holds the key '{found}', not '{name}'.");
    }

    /// <summary>Reads the key of a file.</summary>
    /// <exception cref="NoteFormatException">The file is no signing key. The message never quotes the file.</exception>
    /// <exception cref="UnauthorizedAccessException">Others than the owner may read or write the file.</exception>
    public static SigningKey Load(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) is var extra and not 0)
            throw new UnauthorizedAccessException(
                $"The key file {path} is open to others ({extra}). Run: chmod 600 {path}");
        var text = File.ReadAllText(path).TrimEnd('\n');
        var parts = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split('+', 3) : [];
        if (parts.Length != 3 || !KeyName.IsValid(parts[0]) || !CanonicalBase64.TryDecode(parts[2], out var blob))
            throw new NoteFormatException($"The file {path} is not a signing key (PRIVATE+KEY+name+hash+base64).");
        try
        {
            if (blob.Length != 33 || blob[0] != VerifierKey.Ed25519)
                throw new NoteFormatException($"The key in {path} is not an Ed25519 key.");
            var signing = new SigningKey(
                parts[0], Key.Import(SignatureAlgorithm.Ed25519, blob.AsSpan(1), KeyBlobFormat.RawPrivateKey));
            if (signing.Verifier.Id.ToString("x8", CultureInfo.InvariantCulture) == parts[1])
                return signing;
            signing.Dispose();
            throw new NoteFormatException($"The key in {path} does not fit the hash beside it; the file is damaged.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(blob);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    internal byte[] Sign(ReadOnlySpan<byte> text) => SignatureAlgorithm.Ed25519.Sign(_key, text);

    private static void Create(string path, string name)
    {
        using var key = Key.Create(
            SignatureAlgorithm.Ed25519,
            new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextArchiving });
        var seed = key.Export(KeyBlobFormat.RawPrivateKey);
        byte[] blob = [VerifierKey.Ed25519, .. seed];
        var id = new VerifierKey(name, key.PublicKey).Id;
        var line = Encoding.ASCII.GetBytes($"+{id:x8}+{Convert.ToBase64String(blob)}\n");
        byte[] content = [.. Encoding.UTF8.GetBytes(Prefix + name), .. line];
        var temporary = path + ".new";
        try
        {
            // Written aside and renamed, so that a crash never leaves half a key under the key's name.
            File.Delete(temporary);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: false);
            DirectoryFlush.Flush(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(blob);
            CryptographicOperations.ZeroMemory(line);
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
