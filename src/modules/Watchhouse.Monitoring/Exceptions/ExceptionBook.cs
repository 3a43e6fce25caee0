using System.Collections.Frozen;
using Watchhouse.Monitoring.Detection;

namespace Watchhouse.Monitoring.Exceptions;

/// <summary>Exceptions as detection asks them. Immutable.</summary>
internal sealed class ExceptionBook
{
    private readonly FrozenDictionary<(string Force, string Rule), Entry[]> _entries;

    private ExceptionBook(IEnumerable<(string Force, string Rule, Entry Entry)> entries) =>
        _entries = entries.GroupBy(each => (each.Force, each.Rule)).ToFrozenDictionary(group => group.Key, group => group.Select(each => each.Entry).ToArray());

    public static ExceptionBook Empty { get; } = new([]);

    /// <summary>Fields that conditions ask for.</summary>
    public IReadOnlySet<string> Fields => _entries.Values.SelectMany(entries => entries).SelectMany(entry => entry.Condition)
        .Select(part => part.Field).Where(name => name is not (ExceptionPart.Entity or ExceptionPart.Source)).ToHashSet(StringComparer.Ordinal);

    public static ExceptionBook Of(IEnumerable<RuleException> exceptions) => new(exceptions
        .Where(each => each.RemovedAt is null && (each.WholeRule || each.Condition.Count > 0))
        .SelectMany(each => Forces(each).Select(force => (force, each.Rule, new Entry(each.Id, [.. each.Condition], each.ExpiresAt)))));

    /// <summary>Forces that an exception is for.</summary>
    public static IEnumerable<string> Forces(RuleException exception) => exception.Forces.Count > 0 ? exception.Forces : [exception.ForceId.Value];

    /// <summary>The first exception that suppresses a finding at this moment.</summary>
    public Guid? Find(Finding finding, Func<string, IReadOnlyList<string>> field, string source, DateTimeOffset now)
    {
        if (_entries.Count == 0 || !_entries.TryGetValue((finding.Force, finding.RuleKey), out var entries)) return null;
        foreach (var entry in entries)
        {
            if (now < entry.ExpiresAt && Holds(entry.Condition, field, finding.Entity.Value, source)) return entry.Id;
        }

        return null;
    }

    /// <summary>Whether all parts hold; none hold of every event.</summary>
    public static bool Holds(IReadOnlyList<ExceptionPart> condition, Func<string, IReadOnlyList<string>> field, string entity, string source)
    {
        foreach (var part in condition)
        {
            var holds = part.Field switch
            {
                ExceptionPart.Entity => part.Holds(entity),
                ExceptionPart.Source => part.Holds(source),
                _ => part.Holds(field(part.Field)),
            };
            if (!holds) return false;
        }

        return true;
    }

    private sealed record Entry(Guid Id, ExceptionPart[] Condition, DateTimeOffset ExpiresAt);
}
