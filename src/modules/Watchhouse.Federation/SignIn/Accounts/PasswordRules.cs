using Watchhouse.Platform.Operations;

namespace Watchhouse.Federation.SignIn.Accounts;

/// <summary>
/// What a password must be: long, and not one that everybody tries (NCSC password guidance; NIST SP 800-63B). No rules
/// on kinds of character, which make passwords worse. Pure.
/// </summary>
internal static class PasswordRules
{
    public const int Shortest = 14;
    public const int Longest = 128;

    private static readonly string[] Common =
    [
        "password", "passw0rd", "letmein", "welcome", "qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn", "abcdef", "iloveyou",
        "admin", "administrator", "changeme", "default", "secret", "monkey", "dragon", "football", "liverpool", "arsenal",
        "chelsea", "police", "constable", "watchhouse", "thinblueline", "summer", "winter", "spring", "autumn",
        "january", "february", "monday", "correcthorsebatterystaple", "1234567890", "0123456789", "0987654321", "123456789",
        "12345678", "1234567", "123456", "1q2w3e4r", "qwertyuiop", "asdfghjkl",
    ];

    public static Failure? Check(string password, string name, string email)
    {
        if (password.Length < Shortest)
            return Failure.Invalid($"The password is too short. Use at least {Shortest} characters; three or four random words do well.", "password");
        if (password.Length > Longest)
            return Failure.Invalid($"The password is too long. Use at most {Longest} characters.", "password");
        if (password.Distinct().Count() < 6)
            return Failure.Invalid("The password repeats few characters, which is easily guessed. Use three or four random words.", "password");
        var left = password.ToLowerInvariant();
        foreach (var word in Known(name, email)) left = left.Replace(word, "", StringComparison.Ordinal);
        // What is left after the guessable parts must still be something: 'Police-Watchhouse-2026' leaves nothing.
        return left.Length < 8 || (left.Length < password.Length && left.Count(char.IsLetter) < 6)
            ? Failure.Invalid("The password is made of a common word, your name or your address, which are tried first. Use three or four random words.", "password")
            : null;
    }

    private static IEnumerable<string> Known(string name, string email) => Common
        .Concat(name.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Concat(email.Split('@', '.', '-', '_'))
        .Select(word => word.ToLowerInvariant())
        .Where(word => word.Length > 3)
        .OrderByDescending(word => word.Length);
}
