using System.Globalization;
using System.Net.Http.Headers;

namespace Watchhouse.Platform.MicrosoftApis;

/// <summary>How long to wait (RFC 9110, section 10.2.3: seconds or a date). Pure.</summary>
public static class RetryAfter
{
    /// <summary>The wait that a header asks for; null when there is none or it makes no sense.</summary>
    public static TimeSpan? Parse(string? header, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(header)) return null;
        // Some servers send fractions, which the grammar does not know.
        if (double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
        if (!RetryConditionHeaderValue.TryParse(header, out var value) || value.Date is not { } date) return null;
        return date <= now ? TimeSpan.Zero : date - now < TimeSpan.FromDays(1) ? date - now : TimeSpan.FromDays(1);
    }

    /// <summary>The wait before the next attempt: what the server asks for, or more and more, never the same for two.</summary>
    /// <param name="asked">What the server asks for.</param>
    /// <param name="attempt">Attempts so far, from 1.</param>
    /// <param name="jitter">From 0 to 1.</param>
    public static TimeSpan Wait(TimeSpan? asked, int attempt, double jitter)
    {
        var own = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(attempt, 6)) * (0.5 + (jitter / 2)));
        // Exactly when it says, everybody else comes too.
        return asked is { } wait ? wait + TimeSpan.FromSeconds(jitter) : own;
    }
}
