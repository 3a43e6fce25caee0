namespace Watchhouse.Monitoring.Alerts;

/// <summary>How many alerts in sight are about each entity, up to a bound.</summary>
internal sealed record AlertCounts(IReadOnlyDictionary<string, int> ByEntity)
{
    /// <summary>Other alerts about it, in words; null where there is none.</summary>
    public string? Others(string entity, bool isItself)
    {
        var count = ByEntity.GetValueOrDefault(entity) - (isItself ? 1 : 0);
        return count <= 0 ? null
            : count >= AlertQueries.MostCounted ? $"more than {AlertQueries.MostCounted} {(isItself ? "other " : "")}alerts"
            : count == 1 ? $"1 {(isItself ? "other " : "")}alert" : $"{count} {(isItself ? "other " : "")}alerts";
    }
}
