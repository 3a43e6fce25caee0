using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Rules.Trials;

/// <summary>Tests of rules over HTTP.</summary>
internal static class TrialEndpoints
{
    private const int UsualDays = 7;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/rules").WithTags("Rules");
        group.MapPost("/{id:guid}/test", async (ActingPrincipal actor, HttpRequest request, RuleTrials trials, Guid id, TestBody body,
                CancellationToken cancellationToken) => (await trials.StartAsync(actor, id, body.Days ?? UsualDays, request.Reason(), cancellationToken))
                    .ToHttp(made => Results.Accepted($"/api/v1/rules/tests/{made.Id}", made)))
            .Requires(Permissions.RulesManage).WithName("TestRule")
            .WithSummary("Tests a rule on the events of the last days, in the background; the answer says where to look for the result.")
            .Produces<TrialAnswer>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/tests/{test:guid}", (ActingPrincipal actor, RuleTrials trials, Guid test) => trials.Find(actor, test).ToHttp(Results.Ok))
            .Requires(Permissions.RulesManage).WithName("RuleTest").WithSummary("How far a test of one's own is, and what it has found.")
            .Produces<TrialAnswer>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/tests/{test:guid}", (ActingPrincipal actor, RuleTrials trials, Guid test) => trials.Cancel(actor, test).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.RulesManage).WithName("CancelRuleTest").WithSummary("Ends a test of one's own.")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    internal sealed record TestBody(int? Days = null);
}
