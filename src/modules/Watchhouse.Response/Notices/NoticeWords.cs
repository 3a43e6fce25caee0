using System.Text.RegularExpressions;

namespace Watchhouse.Response.Notices;

/// <summary>The words that may leave the house. They are read on lock screens and pass through services of others, so they say that there is something and not what.</summary>
internal static partial class NoticeWords
{
    public const string Subject = "Watchhouse: something waits for you";

    public const string Footer = "Sent by Watchhouse. Sign in to read what it is about, and to choose how you are told.";

    /// <summary>What is said where words bear what must not leave.</summary>
    public const string Plain = "There is something for you to look at.";

    /// <summary>The words, or a plain sentence where they hold what looks like a name of an account, host, address, file or fingerprint. A caller gives none; this is for the day that one does.</summary>
    public static string Safe(string words) => Sensitive().IsMatch(words) ? Plain : words;

    /// <summary>The link, or the outbox where it is no plain path of this house or bears more than ids.</summary>
    public static string SafeLink(string link) => Path().IsMatch(link) ? link : "/outbox";

    [GeneratedRegex(@"@|://|\\|[0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f]{16,}|[""“”<>{}]|\w\.\w|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:", RegexOptions.CultureInvariant)]
    private static partial Regex Sensitive();

    [GeneratedRegex(@"^/[a-z-]+(/[0-9A-Za-z-]+){0,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Path();
}
