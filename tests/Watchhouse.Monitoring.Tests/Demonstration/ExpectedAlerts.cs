using System.Text.RegularExpressions;
using Watchhouse.Monitoring.Demonstration;
using Watchhouse.Monitoring.Demonstration.Stories;
using Watchhouse.Testing;

namespace Watchhouse.Monitoring.Tests.Demonstration;

/// <summary>Which rules the stories of an episode are about, by force, under the names of their files.</summary>
internal static partial class ExpectedAlerts
{
    private static readonly Lazy<Dictionary<string, string>> Files = new(() => Directory
        .EnumerateFiles(RepositoryRoot.File("national/detections"), "*.yml", SearchOption.AllDirectories)
        .ToDictionary(
            file => Id().Matches(File.ReadAllText(file))[^1].Groups[1].Value,
            file => Path.ChangeExtension(Path.GetRelativePath(RepositoryRoot.File("national/detections"), file), null).Replace('\\', '/')));

    public static string NameOf(string rule) => Files.Value.GetValueOrDefault(rule, rule);

    public static string IdOf(string file) => Files.Value.Single(pair => pair.Value == file).Key;

    public static IEnumerable<string> Of(Episode episode)
    {
        var cast = episode.Cast();
        return Of(cast).Concat(Accidents(episode, cast)).Select(pair => $"{pair.Force} {pair.Rule}");
    }

    private static IEnumerable<(string Force, string Rule)> Of(Cast cast)
    {
        foreach (var force in cast.Consent) yield return (force.Id.Value, "consent/person-consents-to-mail-or-files");
        yield return (cast.Consent[0].Id.Value, "mail/inbox-rule-hides-warnings");
        yield return (cast.Consent[1].Id.Value, "mail/inbox-rule-sends-outside");
        foreach (var rule in new[] { "powershell-runs-a-hidden-encoded-command", "passwords-copied-out-of-memory" })
        {
            yield return (cast.Encrypted.Id.Value, $"endpoints/{rule}");
            yield return (cast.Neighbour.Id.Value, $"endpoints/{rule}");
        }

        foreach (var rule in new[] { "one-account-enters-many-computers", "command-started-from-another-computer", "backups-or-recovery-made-useless", "shadow-copies-deleted" })
            yield return (cast.Encrypted.Id.Value, $"endpoints/{rule}");
        foreach (var rule in new[] { "record-viewed-off-duty", "one-person-looked-up-again-and-again", "records-exported-in-bulk" })
            yield return (cast.Records.Id.Value, $"records/{rule}");
    }

    private static IEnumerable<(string Force, string Rule)> Accidents(Episode episode, Cast cast) => Enumerable.Range(0, 3)
        .Select(kind => (cast.Bystanders[(episode.Number + kind) % cast.Bystanders.Count].Id.Value, Oddities.Rules[kind]));

    [GeneratedRegex(@"(?m)^id: ([0-9a-f-]{36})")]
    private static partial Regex Id();
}
