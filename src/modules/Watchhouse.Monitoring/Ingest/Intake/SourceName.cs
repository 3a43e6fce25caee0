namespace Watchhouse.Monitoring.Ingest.Intake;

/// <summary>
/// The name of a source within its force: 1 to 100 letters, digits and <c>. _ - : @</c> of ASCII, a letter or digit
/// first. It stands in addresses, paths and tables, so it is kept plain. Pure.
/// </summary>
internal static class SourceName
{
    public const int Longest = 100;
    public const string Rule = "A source name is 1 to 100 letters, digits and the signs . _ - : @, a letter or digit first.";

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > Longest || !char.IsAsciiLetterOrDigit(name[0])) return false;
        foreach (var c in name)
            if (!Fits(c))
                return false;
        return true;
    }

    /// <summary>Makes a name of what a protocol calls its source: other signs become hyphens.</summary>
    public static string From(string? text, string otherwise)
    {
        if (string.IsNullOrEmpty(text)) return otherwise;
        if (IsValid(text)) return text;
        var cut = text.AsSpan(0, Math.Min(text.Length, Longest));
        Span<char> made = stackalloc char[Longest];
        for (var i = 0; i < cut.Length; i++) made[i] = Fits(cut[i]) ? cut[i] : '-';
        var name = made[..cut.Length].TrimStart("-._:@").TrimEnd('-');
        return name.IsEmpty ? otherwise : name.ToString();
    }

    private static bool Fits(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '@';
}
