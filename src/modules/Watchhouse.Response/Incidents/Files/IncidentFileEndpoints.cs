using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Web;

namespace Watchhouse.Response.Incidents.Files;

/// <summary>Files of incidents over HTTP: the body is the file.</summary>
internal static class IncidentFileEndpoints
{
    public static void MapIncidentFiles(this RouteGroupBuilder group)
    {
        group.MapPost("/incidents/{id:guid}/files", async (ActingPrincipal actor, HttpContext context, IncidentFiles files, Guid id, string? name, string? note, CancellationToken stop) =>
            {
                if (context.Request.ContentLength > IncidentFiles.MostBytes)
                    return Failure.Invalid($"The file is larger than {IncidentFiles.MostBytes / 1024 / 1024} MiB. Keep it in the force's evidence store, and name it in a note.", "content").ToProblem();
                if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = IncidentFiles.MostBytes + 1024;
                return (await files.AddAsync(IncidentEndpoints.Reasoned(actor, context.Request), id, name ?? "", note ?? "", context.Request.Body, stop))
                    .ToHttp(file => Results.Created($"/api/v1/incidents/{id}/files/{file}", new { id = file }));
            })
            .Requires(Permissions.IncidentsWork).WithName("AddIncidentFile").WithSummary("Adds the body as a file of the incident, at most 25 MiB; 'name' is its name, 'note' says what it is.").ProducesProblem(400).ProducesProblem(409);
        group.MapGet("/incidents/{id:guid}/files/{file:guid}", async (ActingPrincipal actor, HttpContext context, IncidentFiles files, Guid id, Guid file, CancellationToken stop) =>
            {
                var found = await files.FindAsync(actor, id, file, context.Request.Reason(), stop);
                if (!found.Succeeded) return found.Failure.ToProblem();
                // It may be hostile: no browser is to guess what it is, or show it.
                context.Response.Headers.XContentTypeOptions = "nosniff";
                context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
                context.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(found.Value.File.Sha256))}:";
                return Results.Stream(to => found.Value.CopyTo(to, stop), "application/octet-stream", found.Value.File.Name);
            })
            .Requires(Permissions.IncidentsRead).WithName("IncidentFile").WithSummary("The content of a file, as it was added.").ProducesProblem(409);
        group.MapPost("/incidents/{id:guid}/files/{file:guid}/removal", async (ActingPrincipal actor, HttpRequest request, IncidentFiles files, Guid id, Guid file, RemoveBody body, CancellationToken stop) =>
                (await files.RemoveAsync(IncidentEndpoints.Reasoned(actor, request), id, file, body.Reason, stop)).ToHttp(_ => Results.NoContent()))
            .Requires(Permissions.IncidentsWork).WithName("RemoveIncidentFile").WithSummary("Removes the content of a file, with a reason; that it was there stays.").ProducesProblem(400).ProducesProblem(409);
    }

    internal sealed record RemoveBody(string Reason);
}
