namespace Watchhouse.Monitoring.Demonstration.Stories;

/// <summary>Who plays in an episode: each in a part of its own, so that an alert of one story is in no force of another.</summary>
/// <param name="Consent">Three forces that an application spreads through.</param>
/// <param name="Encrypted">The force whose computers are made ready for encryption.</param>
/// <param name="Neighbour">The one that the intruder tries next.</param>
/// <param name="Records">The force whose records are misused.</param>
/// <param name="Bystanders">Forces where nothing happens that is meant.</param>
internal sealed record Cast(
    IReadOnlyList<DemoForce> Consent, DemoForce Encrypted, DemoForce Neighbour, DemoForce Records, IReadOnlyList<DemoForce> Bystanders);

/// <summary>
/// Ten minutes in which the three stories are told, and the hour that they belong to. The number decides who plays and how it is
/// done; with the start it decides every event. Pure.
/// </summary>
internal sealed class Episode(int number, DateTimeOffset start)
{
    private Cast? _cast;

    /// <summary>From the first event of a story to the last one.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    /// <summary>From one episode to the next.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // Longer than a source of the demonstration may say nothing, and over before the next episode.
    private static readonly TimeSpan QuietFrom = TimeSpan.FromSeconds(450);
    private static readonly TimeSpan QuietUntil = TimeSpan.FromMinutes(52);

    private static readonly (string Encrypted, string Neighbour)[] Pairs =
        [("GMP", "CHS"), ("SYP", "NYP"), ("TVP", "SRY"), ("DRB", "SYP"), ("MER", "CHS"), ("ESX", "KNT")];

    private static readonly string[] WithRecords = ["DVC", "SWP", "DRB", "KNT", "SYP"];

    public int Number => number;

    public DateTimeOffset Start => start;

    /// <summary>How the stories are told; each has as many forms.</summary>
    public int Form => Number % 3;

    public DemoDice Dice(string what) => DemoDice.Of($"{DemoTelemetry.Seed}/{Number}/{Start.UtcTicks}/{what}");

    public Cast Cast() => _cast ??= Choose();

    private Cast Choose()
    {
        var (encrypted, neighbour) = Pairs[Number % Pairs.Length];
        var left = DemoForce.All.Where(force => force.Id.Value != encrypted && force.Id.Value != neighbour).ToList();
        var able = left.Where(force => WithRecords.Contains(force.Id.Value)).ToList();
        var records = Number == 0 ? DemoForce.Find("DVC") : able[Number % able.Count];
        left.Remove(records);
        // The first three of the first episode, whom a newcomer can be, are Kent and its neighbours; later any of those that are left.
        var consent = Enumerable.Range(0, 3).Select(at => left[((Number * 2) + at) % left.Count]).ToList();
        return new(consent, DemoForce.Find(encrypted), DemoForce.Find(neighbour), records, [.. left.Except(consent)]);
    }

    /// <summary>Everything that the stories and the accidents beside them make happen, in order.</summary>
    public IReadOnlyList<DemoEvent> Events() =>
        [.. ConsentStory.Tell(this).Concat(RansomwareStory.Tell(this)).Concat(InsiderStory.Tell(this)).Concat(Accidents()).OrderBy(each => each.At)];

    /// <summary>Whether the intruder has stopped what would tell of him.</summary>
    public bool IsQuiet(DemoForce force, DemoSource source, DateTimeOffset at) =>
        source == DemoSource.Windows && at >= Start + QuietFrom && at < Start + QuietUntil && force.Id == Cast().Encrypted.Id;

    /// <summary>Harmless things that a rule finds, in forces where nothing else happens.</summary>
    private IEnumerable<DemoEvent> Accidents()
    {
        var forces = Cast().Bystanders;
        foreach (var (kind, second) in new[] { (0, 95), (1, 260), (2, 470) })
            yield return Oddities.Event(forces[(Number + kind) % forces.Count], Start.AddSeconds(second), Dice($"accident/{kind}"), kind);
    }
}
