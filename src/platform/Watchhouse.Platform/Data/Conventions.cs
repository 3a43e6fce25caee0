using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Data;

/// <summary>How values are stored, the same in every module.</summary>
internal static class Conventions
{
    private const string Sqlite = "Microsoft.EntityFrameworkCore.Sqlite";

    /// <summary>
    /// SQLite compares moments only as numbers, PostgreSQL takes only offset zero; so both store UTC, and the offset
    /// of the input is not kept.
    /// </summary>
    public static void StoreMoments(ModelConfigurationBuilder configuration, string? provider)
    {
        if (provider == Sqlite)
            configuration.Properties<DateTimeOffset>().HaveConversion<TicksConverter>();
        else
            configuration.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
    }

    public static void StoreStrongIds(ModelConfigurationBuilder configuration, IEnumerable<Assembly> assemblies)
    {
        foreach (var type in assemblies.SelectMany(a => a.GetTypes()).Where(t => t is { IsValueType: true, IsGenericType: false }))
            if (type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IStrongId<>)))
                configuration.Properties(type).HaveConversion(typeof(StrongIdConverter<>).MakeGenericType(type));
    }

    /// <summary>Enumerations are stored by name: a dump reads well, and a reordering in code cannot corrupt it.</summary>
    public static void StoreEnumsAsWords(ModelConfigurationBuilder configuration, IEnumerable<Assembly> assemblies)
    {
        foreach (var type in assemblies.SelectMany(a => a.GetTypes()).Where(t => t.IsEnum && !t.IsNested && !t.ContainsGenericParameters))
            configuration.Properties(type).HaveConversion<string>().HaveMaxLength(40);
    }

    private sealed class TicksConverter() : ValueConverter<DateTimeOffset, long>(
        moment => moment.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
        moment => moment.ToUniversalTime(), moment => moment);
}
