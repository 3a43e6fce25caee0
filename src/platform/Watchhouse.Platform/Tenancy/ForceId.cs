using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchhouse.Platform.Tenancy;

/// <summary>
/// The permanent tag of an organisation that can own records: a force, the Centre, or a partner. Two to eight
/// upper-case ASCII letters or digits, a letter first; forces use three letters. A tag is never reused, not even
/// after a merger: history keeps referring to it.
/// </summary>
[JsonConverter(typeof(ForceIdJsonConverter))]
public readonly record struct ForceId : ISpanParsable<ForceId>, IComparable<ForceId>
{
    /// <summary>The National Management Centre, which owns the Centre's own records and nobody else's.</summary>
    public static readonly ForceId Centre = new("NMC");

    private readonly string? _value;

    private ForceId(string value) => _value = value;

    /// <summary>The tag. Empty only for <c>default</c>, which no record may carry.</summary>
    public string Value => _value ?? "";

    /// <exception cref="FormatException">The text is no tag.</exception>
    public static ForceId Of(string s) => Parse(s.AsSpan(), null);

    public static ForceId Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    public static ForceId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id)
            ? id
            : throw new FormatException(
                $"'{s.Length switch { > 20 => s[..20].ToString() + "…", _ => s.ToString() }}' is not a force tag: "
                + "two to eight upper-case letters or digits, a letter first.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ForceId result) =>
        TryParse(s.AsSpan(), provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out ForceId result)
    {
        result = default;
        if (s.Length is < 2 or > 8 || !char.IsAsciiLetterUpper(s[0])) return false;
        foreach (var c in s)
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c))
                return false;
        result = new ForceId(s.ToString());
        return true;
    }

    public int CompareTo(ForceId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    public static bool operator <(ForceId left, ForceId right) => left.CompareTo(right) < 0;

    public static bool operator >(ForceId left, ForceId right) => left.CompareTo(right) > 0;

    public static bool operator <=(ForceId left, ForceId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ForceId left, ForceId right) => left.CompareTo(right) >= 0;
}

internal sealed class ForceIdJsonConverter : JsonConverter<ForceId>
{
    public override ForceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ForceId.TryParse(reader.GetString(), null, out var id)
            ? id
            : throw new JsonException("A force tag is two to eight upper-case letters or digits, a letter first.");

    public override void Write(Utf8JsonWriter writer, ForceId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
