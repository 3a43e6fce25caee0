using System.Buffers;

namespace Watchhouse.Lake;

/// <summary>
/// Names become directories, files and SQL identifiers, so only names that are harmless as all three pass.
/// </summary>
internal static class LakeNames
{
    private static readonly SearchValues<char> OwnerChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> WordChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    public static bool IsOwner(string? name) =>
        name is { Length: > 0 and <= 64 } && char.IsAsciiLetterOrDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(OwnerChars);

    public static bool IsWord(string? name) =>
        name is { Length: > 0 and <= 128 } && !char.IsAsciiDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(WordChars);

    public static void CheckOwner(string? owner)
    {
        if (!IsOwner(owner))
            throw new ArgumentException(
                $"'{Shown(owner)}' cannot own events: use 1 to 64 letters, digits, '.', '-' or '_', a letter or digit first.");
    }

    public static void CheckTable(string? table)
    {
        if (!IsWord(table))
            throw new ArgumentException(
                $"'{Shown(table)}' is no table name: use up to 128 letters, digits and underscores, no digit first.");
    }

    public static void CheckColumn(string table, string? column)
    {
        if (!IsWord(column))
            throw new ArgumentException(
                $"'{Shown(column)}' of table {table} is no column name: use letters, digits and underscores, no digit first.");
    }

    private static string Shown(string? name) => name is null ? "" : name.Length <= 80 ? name : name[..80] + "…";
}
