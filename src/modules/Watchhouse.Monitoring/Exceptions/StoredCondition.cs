using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>How a condition is stored: as JSON, the same on both databases.</summary>
internal static class StoredCondition
{
    public static ValueConverter<List<ExceptionPart>, string> Converter { get; } = new(
        parts => JsonSerializer.Serialize(parts, JsonSerializerOptions.Default),
        text => JsonSerializer.Deserialize<List<ExceptionPart>>(text, JsonSerializerOptions.Default) ?? new());

    public static ValueComparer<List<ExceptionPart>> Comparer { get; } = new(
        (left, right) => left!.SequenceEqual(right!), parts => parts.Count, parts => parts.ToList());
}
