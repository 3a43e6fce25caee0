namespace Watchhouse.Platform.Ui;

/// <summary>Ids that tie a label to what it labels. They need be unique on one page only, so a count is enough.</summary>
internal static class ElementIds
{
    private static long _last;

    public static string Next(string prefix) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{Number()}");

    public static long Number() => Interlocked.Increment(ref _last);
}
