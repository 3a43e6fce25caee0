using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Watchhouse.Monitoring.Contracts;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Web;

namespace Watchhouse.Monitoring.Rules.Import;

/// <summary>The import of a release over HTTP: the package is the body, once to look and once, with the token, to apply.</summary>
internal static class ImportEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/api/v1/rules/import", async (ActingPrincipal actor, HttpContext context, IRuleImports imports, string? name, string? release,
                string? state, bool? retireRemoved, string? apply, CancellationToken cancellationToken) =>
            {
                if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = RulePackage.MostBytes + 1;
                var package = new MemoryStream();
                try
                {
                    await context.Request.Body.CopyToAsync(package, cancellationToken);
                }
                catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
                {
                    return Failure.Invalid($"The package has more than {RulePackage.MostBytes >> 20} MiB.", "package").ToProblem();
                }

                package.Position = 0;
                return (await imports.RunAsync(actor, package, new RuleImportRequest
                {
                    Name = name ?? "sigmahq",
                    Release = release ?? "",
                    State = state ?? "testing",
                    RetireRemoved = retireRemoved ?? true,
                    Why = context.Request.Reason(),
                    Apply = apply,
                }, cancellationToken)).ToHttp(Results.Ok);
            })
            .Requires(Permissions.RulesManage).WithTags("Rules").WithName("ImportRules")
            .WithSummary("What a release (zip or tar.gz, as the body) would change; with 'apply' and the token of that answer, changes it.")
            .Produces<RuleImportReport>().ProducesProblem(StatusCodes.Status400BadRequest);
}
