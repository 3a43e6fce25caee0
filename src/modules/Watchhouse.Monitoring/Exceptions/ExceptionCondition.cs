using System.Net;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>How an exception compares a field.</summary>
internal enum ExceptionTest
{
    /// <summary>The whole text, without regard to case.</summary>
    Equal,

    /// <summary>The beginning.</summary>
    StartsWith,

    /// <summary>The end.</summary>
    EndsWith,

    /// <summary>Anywhere.</summary>
    Contains,

    /// <summary>An address in a network, such as 192.0.2.0/24.</summary>
    Cidr,

    /// <summary>The whole text is one of several, one a line, without regard to case.</summary>
    OneOf,
}

/// <summary>
/// One part of an exception's condition; all parts must hold. The field is found as rules find it, and of a correlation
/// among what it groups by; <c>alert.entity</c> and <c>alert.source</c> are whom the alert is about and the event's source.
/// Of a field with several values every one must meet the test: an event that names a stranger beside the known object is not
/// about the known object alone.
/// </summary>
internal sealed record ExceptionPart(string Field, ExceptionTest Test, string Value)
{
    public const string Entity = "alert.entity";
    public const string Source = "alert.source";
    public const int LongestField = 200;
    public const int LongestValue = 500;
    public const int LongestList = 1_400;
    public const int MostLines = 20;

    /// <summary>A text that a part of a text must not be shorter than: it would fit nearly everything.</summary>
    private const int ShortestPiece = 3;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Fault()
    {
        if (string.IsNullOrWhiteSpace(Field) || Field.Length > LongestField) return $"A field has 1 to {LongestField} characters.";
        if (string.IsNullOrEmpty(Value) || Value.Length > (Test == ExceptionTest.OneOf ? LongestList : LongestValue)) return $"The value of '{Field}' has 1 to {LongestValue} characters, a list of values {LongestList}.";
        if (!Enum.IsDefined(Test)) return $"The test of '{Field}' is equal, oneOf, startsWith, endsWith, contains or cidr.";
        if (Test == ExceptionTest.OneOf)
        {
            var lines = Value.Split('\n');
            return lines.Length > MostLines ? $"'{Field}' names at most {MostLines} values, one a line."
                : Array.Exists(lines, string.IsNullOrWhiteSpace) ? $"A line of the values of '{Field}' is empty. Remove it." : null;
        }

        if (Test == ExceptionTest.Cidr)
        {
            if (!IPNetwork.TryParse(Value, out var network)) return $"'{Value}' is not a network such as 192.0.2.0/24 or 2001:db8::/32.";
            return network.PrefixLength < (network.BaseAddress.GetAddressBytes().Length == 4 ? 8 : 16) ? $"The network {Value} is too wide for an exception: at least /8, or /16 for IPv6." : null;
        }

        return Test is not ExceptionTest.Equal && Value.Trim().Length < ShortestPiece
            ? $"The value '{Value}' is too short for {Test}: an exception names one known object. Give at least {ShortestPiece} characters." : null;
    }

    /// <summary>Whether the field has values and each of them meets the test.</summary>
    public bool Holds(IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            if (!Holds(value)) return false;
        }

        return values.Count > 0;
    }

    /// <summary>Whether one value meets the test.</summary>
    public bool Holds(string? text) => text is not null && Test switch
    {
        ExceptionTest.OneOf => Value.Split('\n').Any(line => text.Equals(line.TrimEnd('\r'), StringComparison.OrdinalIgnoreCase)),
        ExceptionTest.StartsWith => text.StartsWith(Value, StringComparison.OrdinalIgnoreCase),
        ExceptionTest.EndsWith => text.EndsWith(Value, StringComparison.OrdinalIgnoreCase),
        ExceptionTest.Contains => text.Contains(Value, StringComparison.OrdinalIgnoreCase),
        ExceptionTest.Cidr => IPNetwork.TryParse(Value, out var network) && Address(text) is { } address && network.Contains(address),
        _ => text.Equals(Value, StringComparison.OrdinalIgnoreCase),
    };

    // Microsoft 365 writes a port after the address: 203.0.113.77:51211, [2001:db8::1]:443.
    private static IPAddress? Address(string text)
    {
        if (!IPAddress.TryParse(text, out var address))
        {
            if (!IPEndPoint.TryParse(text, out var end)) return null;
            address = end.Address;
        }

        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
