using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Watchhouse.Response.Correlation;

/// <summary>When the same thing in several forces is worth a person's look, and what every estate has and so says nothing.</summary>
internal sealed record CorrelationPolicy
{
    private const string FileName = "correlation.json";
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Two sightings no further apart than this belong together; by what kind of thing it is.</summary>
    public required TimeSpan IndicatorWindow { get; init; }

    public required TimeSpan SequenceWindow { get; init; }

    public required TimeSpan ActorWindow { get; init; }

    /// <summary>In how many forces it must be seen, where one of the alerts is of medium severity or above.</summary>
    public required int Forces { get; init; }

    /// <summary>In how many where none is.</summary>
    public required int ForcesOfLowAlerts { get; init; }

    /// <summary>Techniques, one after the other about one entity, that make a sequence.</summary>
    public required int SequenceSteps { get; init; }

    public IReadOnlyList<string> CommonDomains { get; init; } = [];

    public IReadOnlySet<string> CommonApps { get; init; } = new HashSet<string>();

    public IReadOnlyList<IPNetwork> CommonAddresses { get; init; } = [];

    public TimeSpan LongestWindow => TimeSpan.FromTicks(Math.Max(IndicatorWindow.Ticks, Math.Max(SequenceWindow.Ticks, ActorWindow.Ticks)));

    public TimeSpan WindowOf(string kind) => kind switch
    {
        SightingKinds.Sequence => SequenceWindow,
        SightingKinds.Actor => ActorWindow,
        _ => IndicatorWindow,
    };

    /// <summary>Whether every estate has it.</summary>
    public bool IsCommon(string kind, string value) => kind switch
    {
        SightingKinds.Domain => CommonDomains.Any(common => value == common || value.EndsWith("." + common, StringComparison.Ordinal)),
        SightingKinds.App => CommonApps.Contains(value),
        SightingKinds.Address => IPAddress.TryParse(value, out var address) && CommonAddresses.Any(network => network.Contains(address)),
        _ => false,
    };

    /// <exception cref="FormatException">The file is not as it should be; the message says what is wrong.</exception>
    public static CorrelationPolicy Read(string nationalData)
    {
        var path = Path.Combine(nationalData, "response", FileName);
        if (!File.Exists(path)) throw Wrong("It is missing.");
        return Parse(File.ReadAllText(path));
    }

    /// <exception cref="FormatException">The text is not as it should be; the message says what is wrong.</exception>
    public static CorrelationPolicy Parse(string text)
    {
        PolicyFile file;
        try
        {
            file = JsonSerializer.Deserialize<PolicyFile>(text, Strict) ?? throw Wrong("It is empty.");
        }
        catch (JsonException e)
        {
            throw Wrong(e.Message);
        }

        var days = file.WindowDays;
        if (days.Indicator is < 1 or > 90 || days.Sequence is < 1 or > 90 || days.Actor is < 1 or > 90) throw Wrong("Windows are 1 to 90 days.");
        if (file.Forces is < 2 or > 40 || file.ForcesOfLowAlerts < file.Forces || file.ForcesOfLowAlerts > 40) throw Wrong("'forces' is 2 to 40, and 'forcesOfLowAlerts' no less.");
        if (file.SequenceSteps is < 2 or > 8) throw Wrong("'sequenceSteps' is 2 to 8.");
        var networks = new List<IPNetwork>();
        foreach (var each in file.CommonAddresses)
        {
            if (!IPNetwork.TryParse(each, out var network)) throw Wrong($"'{each}' is not a network such as 192.0.2.0/24.");
            networks.Add(network);
        }

        return new()
        {
            IndicatorWindow = TimeSpan.FromDays(days.Indicator),
            SequenceWindow = TimeSpan.FromDays(days.Sequence),
            ActorWindow = TimeSpan.FromDays(days.Actor),
            Forces = file.Forces,
            ForcesOfLowAlerts = file.ForcesOfLowAlerts,
            SequenceSteps = file.SequenceSteps,
            CommonDomains = [.. file.CommonDomains.Select(domain => domain.ToLowerInvariant())],
            CommonApps = file.CommonApps.Select(app => app.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal),
            CommonAddresses = networks,
        };
    }

    private static FormatException Wrong(string what) => new($"national/response/{FileName}: {what}");

    private sealed record PolicyFile(
        WindowFile WindowDays, int Forces, int ForcesOfLowAlerts, int SequenceSteps, IReadOnlyList<string> CommonDomains, IReadOnlyList<string> CommonApps, IReadOnlyList<string> CommonAddresses);

    private sealed record WindowFile(int Indicator, int Sequence, int Actor);
}

/// <summary>The policy, read at the start.</summary>
internal sealed class CorrelationBook
{
    private CorrelationPolicy? _policy;

    public CorrelationPolicy Policy => _policy ?? throw new InvalidOperationException("What is compared across forces was not read yet.");

    /// <exception cref="FormatException">The file is not as it should be.</exception>
    public void Open(string nationalData) => _policy = CorrelationPolicy.Read(nationalData);
}
