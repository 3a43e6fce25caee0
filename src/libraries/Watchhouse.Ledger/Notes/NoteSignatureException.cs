using System.Security.Cryptography;

namespace Watchhouse.Ledger;

/// <summary>A well-formed note that no known key vouches for, or that a known key did not sign.</summary>
public sealed class NoteSignatureException(string message) : CryptographicException(message);
