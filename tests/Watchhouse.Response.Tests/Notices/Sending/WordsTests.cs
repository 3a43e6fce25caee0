using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Clocks;
using Watchhouse.Response.Estate;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Notices;
using Watchhouse.Response.Notices.Channels;
using Watchhouse.Response.Tests.Playbooks;
using Watchhouse.Testing;
using static Watchhouse.Response.Tests.Playbooks.RunHouse;

namespace Watchhouse.Response.Tests.Notices.Sending;

/// <summary>Nothing of an alert, incident or action leaves the house: neither in the notices that the module makes nor in what is made of them.</summary>
public sealed partial class WordsTests
{
    private const string Secret = "Zeppelin";

    [Fact]
    public async Task Notices_OfEveryKind_BearNothingOfWhatTheyTellOf()
    {
        await using var house = await RunHouse.StartAsync();
        var incidents = house.Get<IncidentOperations>();
        // Everything that a person can write says the word, and none of it may come out.
        Ok(await incidents.OpenAsync(Analyst, new OpenOptions { Force = Kent, Title = $"{Secret} of the chief", Summary = Secret, Instructions = Secret, Impact = IncidentImpact.Severe, Urgency = IncidentUrgency.Now }, Now));
        // Of a force that works alone: its own time runs, and it is told.
        Ok(await incidents.OpenAsync(Officer, new OpenOptions { Force = Kent, Title = $"{Secret} at home", Summary = Secret }, Now));
        var national = Ok(await incidents.OpenAsync(Analyst, new OpenOptions { Force = ForceId.Centre, Title = $"{Secret} nationwide", Summary = Secret, Parts = [Kent] }, Now));
        Ok(await incidents.ShareAsync(Analyst, national, $"The address is {Secret}@kent.example, 192.0.2.7.", Now));
        var run = await house.TokenTheftAsync(account: $"{Secret}@kent.example");
        await house.AskAsync(run, EstateActionKind.RevokeSessions);

        // And nobody did anything in time.
        house.Clock.Move(TimeSpan.FromHours(20));
        var clocks = house.Get<ClockWork>();
        foreach (var due in await clocks.DueAsync(50, Now)) await clocks.StepAsync(due, Now);

        await using var session = await house.OpenAsync();
        var notices = await session.Db.Set<QueuedNotice>().AsNoTracking().ToListAsync(Now);
        Assert.Equal(MadeInTheModule(), notices.Select(each => each.Kind).Distinct().Order(StringComparer.Ordinal));
        foreach (var notice in notices)
        {
            Assert.Equal(notice.Words, NoticeWords.Safe(notice.Words));
            Assert.Equal(notice.Link, NoticeWords.SafeLink(notice.Link));
            var message = new OutgoingMessage(Guid.NewGuid(), Kent, notice.Kind, notice.Severity, notice.Words, $"https://watchhouse.example{notice.Link}", notice.CreatedAt) { Address = "officer@kent.example" };
            var settings = new NoticesOptions { Address = "https://watchhouse.example" };
            settings.Smtp.From = "watchhouse@nmc.example";
            using var mail = SmtpChannel.Mail(message, settings)!;
            foreach (var text in new[] { mail.ToString(), Encoding.UTF8.GetString(WebhookChannel.Body(message)), TeamsChannel.Card(message) })
            {
                Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("192.0.2", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Words_InTheSource_AreConstants()
    {
        // A sentence that is put together is one into which a name can come.
        var told = Sources().SelectMany(file => Told().Matches(File.ReadAllText(file))).Select(match => match.Groups["words"].Value).ToList();
        Assert.True(told.Count >= 5, $"Only {told.Count} sentences were found: the pattern no longer fits.");
        Assert.All(told, words => Assert.StartsWith("\"", words, StringComparison.Ordinal));
    }

    private static List<string> MadeInTheModule() =>
        [.. Sources().SelectMany(file => Kinds().Matches(File.ReadAllText(file)).Select(match => match.Groups["kind"].Value)).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Directory, "src", "modules", "Watchhouse.Response"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    // Each call that adds a notice names its kind after its key.
    [GeneratedRegex(@"notices\.AddAsync\(session, new(?: Notice)?\([^;]*?, ""(?<kind>[a-z]+)"",", RegexOptions.Singleline)]
    private static partial Regex Kinds();

    [GeneratedRegex(@"(?:TellAsync\(session, \w+, [^,]+,|ToLowerInvariant\(\),) (?<words>\$?""[^""]*"")", RegexOptions.Singleline)]
    private static partial Regex Told();
}
