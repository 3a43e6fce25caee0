using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Web;

namespace Watchhouse.Response.Estate;

/// <summary>The estate over HTTP. A registration is always of the force of who sets it up: there is no way to say another.</summary>
internal static class EstateEndpoints
{
    public static void MapEstate(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/v1/estate").WithTags("Estate");
        group.MapGet("", async (ActingPrincipal actor, HttpRequest request, EstateQueries queries, ForceId? force, CancellationToken stop) =>
                Results.Ok(await queries.ReadAsync(actor, force, request.Reason(), stop)))
            .Requires(Permissions.EstateRead).WithName("Estate")
            .WithSummary("What is possible in the estates of the forces in sight: registrations and the kinds that are switched on, never their credentials.").Produces<EstateView>();
        group.MapPost("/registrations", async (ActingPrincipal actor, HttpRequest request, EstateOperations operations, RegistrationInput input, CancellationToken stop) =>
                (await operations.CreateAsync(actor, input, request.Reason(), stop)).ToHttp(r => Results.Created($"/api/v1/estate/registrations/{r.Id}", EstateQueries.Answer(r, actor))))
            .Requires(Permissions.EstateManage).WithName("CreateEstateRegistration")
            .WithSummary("Set up an application of one's own force through which actions are done in its estate.")
            .Produces<RegistrationAnswer>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPut("/registrations/{id:guid}", async (ActingPrincipal actor, HttpRequest request, EstateOperations operations, Guid id, RegistrationInput input, CancellationToken stop) =>
                (await operations.ChangeAsync(actor, id, input, request.Reason(), stop)).ToHttp(r => Results.Ok(EstateQueries.Answer(r, actor))))
            .Requires(Permissions.EstateManage).WithName("ChangeEstateRegistration")
            .WithSummary("Change a registration; what is left out stays. A credential is replaced by giving another, kinds by giving those that are to be on.")
            .Produces<RegistrationAnswer>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/registrations/{id:guid}", async (ActingPrincipal actor, HttpRequest request, EstateOperations operations, Guid id, CancellationToken stop) =>
                (await operations.RemoveAsync(actor, id, request.Reason(), stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.EstateManage).WithName("RemoveEstateRegistration")
            .WithSummary("Remove a registration with its credential. Nothing of its kinds can be done from then on.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/registrations/{id:guid}/test", async (ActingPrincipal actor, HttpRequest request, EstateOperations operations, Guid id, CancellationToken stop) =>
                (await operations.TestAsync(actor, id, request.Reason(), stop)).ToHttp(Results.Ok))
            .Requires(Permissions.EstateManage).WithName("TestEstateRegistration")
            .WithSummary("Test a registration by reading alone: what each kind needs, and what is lacking.").Produces<IEnumerable<KindCheck>>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPut("/limits", async (ActingPrincipal actor, HttpRequest request, EstateOperations operations, LimitsInput input, CancellationToken stop) =>
                (await operations.SetLimitsAsync(actor, input, request.Reason(), stop)).ToHttp(l => Results.Ok(EstateQueries.Answer(l, actor))))
            .Requires(Permissions.EstateManage).WithName("SetEstateLimits")
            .WithSummary("Say what is never touched in one's own force's estate, whoever approves it.").Produces<LimitsAnswer>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
    }
}
