using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Watchhouse.Federation.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Response.Incidents;
using Watchhouse.Response.Playbooks;

namespace Watchhouse.Response.Bulletins;

/// <summary>Two bulletins of a demonstration, through the same operations as real ones. Their titles say that they are made up.</summary>
internal sealed partial class BulletinDemonstration(BulletinOperations operations, BulletinQueries queries, IOrganisations organisations, DemonstrationMode mode, TimeProvider clock, ILogger<BulletinDemonstration> log)
    : BackgroundService
{
    private static readonly ActingPrincipal Manager = Person(ForceId.Centre, Role.DutyManager);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!mode.HasTelemetry) return;
        await Task.Yield();
        try
        {
            if ((await queries.ListAsync(Manager, null, null, stoppingToken, again: true)).Count > 0) return;
            await PublishAsync(Edge(clock.GetUtcNow()), (place, count) => place switch
            {
                _ when place < count / 3 => BulletinReply.Acted,
                _ when place < count / 2 => BulletinReply.NotAffected,
                _ when place < count * 2 / 3 => BulletinReply.Acknowledged,
                _ when place < count * 4 / 5 => BulletinReply.Seen,
                _ => BulletinReply.Unseen,
            }, stoppingToken);
            await PublishAsync(Phishing(clock.GetUtcNow()), (place, count) => place < count * 4 / 5 ? BulletinReply.Acknowledged : BulletinReply.Unseen, stoppingToken);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            Failed(log, e);
        }
    }

    private async Task PublishAsync(BulletinOptions options, Func<int, int, BulletinReply> answer, CancellationToken cancellationToken)
    {
        var drafted = await operations.DraftAsync(Manager, options, cancellationToken);
        if (!drafted.Succeeded || !(await operations.PublishAsync(Manager, drafted.Value, null, cancellationToken)).Succeeded) return;
        // The two forces that a visitor can be keep theirs to answer.
        var forces = (await organisations.ListAsync(cancellationToken)).Where(each => each.IsForce && each.Id.Value is not ("KNT" or "DVC")).Select(each => each.Id).Order().ToList();
        for (var place = 0; place < forces.Count; place++)
        {
            var (officer, id) = (Person(forces[place], Role.SecurityOfficer), drafted.Value);
            _ = answer(place, forces.Count) switch
            {
                BulletinReply.Seen => await operations.SeeAsync(officer, id, cancellationToken),
                BulletinReply.Acknowledged => await operations.AcknowledgeAsync(officer, id, null, cancellationToken),
                BulletinReply.Acted => await operations.AnswerAsync(officer, id, BulletinReply.Acted, "The devices were updated (demonstration).", null, cancellationToken),
                BulletinReply.NotAffected => await operations.AnswerAsync(officer, id, BulletinReply.NotAffected, "We have no device of this make (demonstration).", null, cancellationToken),
                _ => id,
            };
        }
    }

    private static BulletinOptions Edge(DateTimeOffset now) => new()
    {
        Title = "Demonstration: update edge devices of one make today",
        Text = """
            A weakness in the remote access service of one make of edge device lets an attacker in **without a password**. It is used already.

            ## How to know it
            - The device answers on its management port from the internet.
            - Its log holds `admin session from unknown address`.

            This bulletin is made up for the demonstration: there is no such device.
            """,
        Actions = ["Find every device of this make, also those of suppliers", "Install the update, or switch remote access off", "Look in its log for the last thirty days, and tell the Centre what you find"],
        Severity = Severity.Critical,
        Instructions = "For security and IT staff of forces",
        AnswerBy = now.AddHours(30),
    };

    private static BulletinOptions Phishing(DateTimeOffset now) => new()
    {
        Title = "Demonstration: messages that pretend to be the duty roster",
        Text = """
            Messages with the subject `Your duty roster has changed` lead to a page that asks for a password. Nobody is known to have entered one.

            Tell your people that the roster never asks for a password. This bulletin is made up for the demonstration.
            """,
        Severity = Severity.Medium,
        Handling = IncidentHandling.Official,
        AnswerBy = now.AddDays(3),
    };

    private static ActingPrincipal Person(ForceId home, Role role) => new()
    {
        Kind = PrincipalKind.Person, Subject = "demonstration", Name = $"{role.Describe().Title} {home} 1 (demonstration)", Home = home, Roles = [role],
    };

    [LoggerMessage(4562, LogLevel.Error, "The bulletins of the demonstration could not be made.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
