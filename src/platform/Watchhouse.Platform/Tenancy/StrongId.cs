using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Watchhouse.Platform.Tenancy;

/// <summary>
/// An id that cannot be mistaken for another kind of id. Values are version 7 UUIDs (RFC 9562), so they sort by
/// creation. Types that implement this are stored as UUIDs without further configuration.
/// </summary>
public interface IStrongId<TSelf>
    where TSelf : struct, IStrongId<TSelf>
{
    Guid Value { get; }

    static abstract TSelf From(Guid value);
}

/// <summary>Makes new ids from the house's clock, never from the machine's.</summary>
public static class StrongId
{
    public static TSelf New<TSelf>(TimeProvider clock)
        where TSelf : struct, IStrongId<TSelf> => TSelf.From(Guid.CreateVersion7(clock.GetUtcNow()));
}

internal sealed class StrongIdConverter<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => Make(value))
    where TId : struct, IStrongId<TId>
{
    // An expression tree cannot call a static abstract member.
    private static TId Make(Guid value) => TId.From(value);
}

internal sealed class ForceIdConverter() : ValueConverter<ForceId, string>(id => id.Value, text => ForceId.Parse(text, null));
