using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;

namespace Watchhouse.Hosting;

/// <summary>The OpenAPI document: what the API offers, and which permission each part of it needs.</summary>
internal static class ApiDescription
{
    public const string Document = "v1";

    /// <summary>The extension under which an operation names its permission.</summary>
    public const string PermissionExtension = "x-permission";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Watchhouse";
            document.Info.Version = Document;
            document.Info.Description =
                "Everything on a screen is here too. People sign in with a session cookie, machine clients with a bearer token. "
                + "The header X-Reason says why; some controllers demand it and answer 428 without. Another force's record is "
                + "answered like one that does not exist.";
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var access = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAccessMetadata>().FirstOrDefault();
            if (access?.Permission is { } permission)
            {
                operation.AddExtension(PermissionExtension, new JsonNodeExtension(permission.Key));
                operation.Description = $"Needs {permission.Key}: {permission.Meaning} Held by: "
                    + $"{string.Join(", ", permission.Roles.Select(r => r.Describe().Title))}.";
            }
            else if (access is { SignedInOnly: true })
            {
                operation.Description = "Needs a session or token, and no particular role.";
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type != typeof(Platform.Tenancy.ForceId)) return Task.CompletedTask;
            schema.Type = JsonSchemaType.String;
            schema.Pattern = "^[A-Z][A-Z0-9]{1,7}$";
            schema.Description = "Permanent tag of an organisation.";
            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json")
        .IsPublic("The shape of the API is published with the source; it holds no data.");
}
