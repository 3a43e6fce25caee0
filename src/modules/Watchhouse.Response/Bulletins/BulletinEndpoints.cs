using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;
using Watchhouse.Platform.Web;
using Watchhouse.Response.Incidents;

namespace Watchhouse.Response.Bulletins;

/// <summary>Bulletins over HTTP.</summary>
internal static class BulletinEndpoints
{
    public static void MapBulletins(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/bulletins").WithTags("Bulletins");
        group.MapGet("", async (ActingPrincipal actor, HttpRequest request, BulletinQueries queries, bool? open, CancellationToken stop) =>
                Results.Ok(await queries.ListAsync(actor, open, request.Reason(), stop)))
            .Requires(Permissions.BulletinsRead).WithName("Bulletins")
            .WithSummary("Bulletins, the newest first. 'open' takes true for those that are not withdrawn, and for a force those that it has not answered.").Produces<IEnumerable<BulletinRow>>();
        group.MapGet("/{id:guid}", async (ActingPrincipal actor, HttpRequest request, BulletinQueries queries, Guid id, CancellationToken stop) =>
                (await queries.FindAsync(actor, id, request.Reason(), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.BulletinsRead).WithName("Bulletin")
            .WithSummary("A bulletin whole: for a force with its own answer and how many others have answered, for the Centre with every answer.").Produces<BulletinModel>();
        group.MapGet("/{id:guid}/answers.csv", async (ActingPrincipal actor, HttpRequest request, BulletinQueries queries, Guid id, CancellationToken stop) =>
            {
                if (!actor.IsCentre) return Failure.NotFound.ToProblem();
                return (await queries.FindAsync(actor, id, request.Reason(), stop)).ToHttp(found => Results.Text(BulletinCsv.Of(found), "text/csv; charset=utf-8"));
            })
            .Requires(Permissions.BulletinsRead).WithName("BulletinAnswers").WithSummary("What every force said, as CSV; for the Centre.");
        group.MapPost("", async (ActingPrincipal actor, HttpRequest request, BulletinOperations operations, BulletinBody body, CancellationToken stop) =>
                (await operations.DraftAsync(Reasoned(actor, request), body.Options, stop)).ToHttp(id => Results.Created($"/api/v1/bulletins/{id}", new { id })))
            .Requires(Permissions.BulletinsWrite).WithName("DraftBulletin").WithSummary("Begins a bulletin that no force sees until it is published. 'addressed' left out means all forces.").ProducesProblem(400);
        Change<BulletinBody>("draft", "EditBulletin", "Changes one that is not published yet.", Permissions.BulletinsWrite, (actor, operations, id, body, stop) => operations.EditAsync(actor, id, body.Options, body.Version, stop));
        Change<VersionBody>("publish", "PublishBulletin", "Sends it to the forces that it is for.", Permissions.BulletinsWrite, (actor, operations, id, body, stop) => operations.PublishAsync(actor, id, body.Version, stop));
        Change<CorrectBody>("corrections", "CorrectBulletin", "Corrects what the forces have; a material correction asks each of them anew.", Permissions.BulletinsWrite,
            (actor, operations, id, body, stop) => operations.CorrectAsync(actor, id, body.Bulletin.Options, new(body.What, body.IsMaterial), body.Bulletin.Version, stop));
        Change<BecauseBody>("withdraw", "WithdrawBulletin", "Takes it back: nothing is answered to it any more.", Permissions.BulletinsWrite, (actor, operations, id, body, stop) => operations.WithdrawAsync(actor, id, body.Because, stop));
        group.MapPost("/{id:guid}/chase", async (ActingPrincipal actor, HttpRequest request, BulletinOperations operations, Guid id, CancellationToken stop) =>
                (await operations.ChaseAsync(Reasoned(actor, request), id, stop)).ToHttp(forces => Results.Ok(new { forces })))
            .Requires(Permissions.BulletinsWrite).WithName("ChaseBulletin").WithSummary("Reminds the forces that have not answered; answers how many they are.").ProducesProblem(409);
        group.MapPost("/{id:guid}/seen", async (ActingPrincipal actor, HttpRequest request, BulletinOperations operations, Guid id, CancellationToken stop) =>
                (await operations.SeeAsync(Reasoned(actor, request), id, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.BulletinsAnswer).WithName("SeeBulletin").WithSummary("Says that somebody of the force who may answer has read it; again changes nothing.");
        Change<RoundBody>("acknowledge", "AcknowledgeBulletin", "The force has taken note. 'round' is the one that was read.", Permissions.BulletinsAnswer,
            (actor, operations, id, body, stop) => operations.AcknowledgeAsync(actor, id, body.Round, stop));
        Change<AnswerBody>("answer", "AnswerBulletin", "The force has acted, or is not affected, with the reason. A late answer is taken and marked.", Permissions.BulletinsAnswer,
            (actor, operations, id, body, stop) => operations.AnswerAsync(actor, id, body.Reply, body.Words ?? "", body.Round, stop));

        void Change<TBody>(string path, string name, string summary, Permission permission, Func<ActingPrincipal, BulletinOperations, Guid, TBody, CancellationToken, Task<Outcome<Guid>>> act) =>
            group.MapPost($"/{{id:guid}}/{path}", async (ActingPrincipal actor, HttpRequest request, BulletinOperations operations, Guid id, TBody body, CancellationToken stop) =>
                    (await act(Reasoned(actor, request), operations, id, body, stop)).ToHttp(_ => Results.NoContent()))
                .Requires(permission).WithName(name).WithSummary(summary).ProducesProblem(400).ProducesProblem(409);
    }

    private static ActingPrincipal Reasoned(ActingPrincipal actor, HttpRequest request) => actor with { StatedReason = request.Reason() ?? actor.StatedReason };

    internal sealed record BulletinBody(string Title, string Text, DateTimeOffset AnswerBy, List<string>? Actions = null, Severity Severity = Severity.Medium,
        IncidentHandling Handling = IncidentHandling.OfficialSensitive, string? Instructions = null, List<ForceId>? Addressed = null, uint? Version = null)
    {
        internal BulletinOptions Options => new()
        {
            Title = Title, Text = Text, Actions = Actions ?? [], Severity = Severity, Handling = Handling, Instructions = Instructions ?? "", AnswerBy = AnswerBy, Addressed = Addressed ?? [],
        };
    }

    internal sealed record VersionBody(uint? Version = null);

    internal sealed record CorrectBody(BulletinBody Bulletin, string What, bool IsMaterial = false);

    internal sealed record BecauseBody(string Because);

    internal sealed record RoundBody(int? Round = null);

    internal sealed record AnswerBody(BulletinReply Reply, string? Words = null, int? Round = null);
}

/// <summary>The answers to a bulletin as a table for other programs. Pure.</summary>
internal static class BulletinCsv
{
    public static string Of(BulletinModel model) => Csv.Write([
        ["bulletin", "force", "answer", "answered", "late", "seen at", "acknowledged at", "answered at", "by", "words", "chased"],
        .. model.Receipts.Select(each => new[]
        {
            model.Bulletin.Number, each.Force.Value, BulletinRules.Words(Enum.Parse<BulletinReply>(each.Reply)), each.IsAnswered ? "yes" : "no", each.IsLate ? "yes" : "no",
            Moment(each.SeenAt), Moment(each.AcknowledgedAt), Moment(each.AnsweredAt), each.By, each.Words, each.Chases.ToString(CultureInfo.InvariantCulture),
        }),
    ]);

    private static string Moment(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "";
}
