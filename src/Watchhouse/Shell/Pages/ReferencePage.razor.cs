using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Watchhouse.Hosting;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Operations;

namespace Watchhouse.Shell.Pages;

public sealed partial class ReferencePage
{
    private List<IGrouping<string, Operation>> _groups = [];

    [SupplyParameterFromQuery(Name = "q")]
    public string? Q { get; set; }

    protected override async Task<Failure?> LoadAsync(ActingPrincipal principal, CancellationToken cancellationToken)
    {
        var provider = Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDescription.Document);
        var document = await provider.GetOpenApiDocumentAsync(cancellationToken);
        var words = (Q ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _groups = [.. document.Paths
            .SelectMany(path => path.Value.Operations ?? [], (path, one) => Read(path.Key, one.Key, one.Value))
            .Where(o => words.All(w => $"{o.Method} {o.Path} {o.Summary} {o.Description}".Contains(w, StringComparison.OrdinalIgnoreCase)))
            .GroupBy(o => o.Tag)
            .OrderBy(g => g.Key, StringComparer.Ordinal)];
        return null;
    }

    private static Operation Read(string path, HttpMethod method, OpenApiOperation operation) => new(
        $"{method}{path}", operation.Tags?.FirstOrDefault()?.Name ?? "Other", method.Method, path, operation.Summary ?? "", operation.Description ?? "",
        [.. (operation.Parameters ?? []).Select(p => new Parameter(p.Name ?? "", p.In?.ToString().ToLowerInvariant() ?? "", TypeOf(p.Schema), p.Required))],
        [.. operation.RequestBody?.Content?.Values.FirstOrDefault()?.Schema is { } schema ? Fields(schema) : []],
        [.. (operation.Responses ?? []).Keys]);

    private static IEnumerable<string> Fields(IOpenApiSchema schema) =>
        (schema.Properties ?? new Dictionary<string, IOpenApiSchema>()).Select(p =>
            $"{p.Key}: {TypeOf(p.Value)}{(schema.Required?.Contains(p.Key) == true ? "" : "?")}");

    private static string TypeOf(IOpenApiSchema? schema)
    {
        if (schema is null) return "any";
        if (schema is OpenApiSchemaReference { Reference.Id: { } id } && schema.Properties is { Count: > 0 }) return id;
        var type = schema.Type is { } kind ? (kind & ~JsonSchemaType.Null).ToString().ToLowerInvariant() : "any";
        if (schema.Enum is { Count: > 0 } values) return string.Join(" | ", values.Select(v => v?.ToString()));
        return schema.Items is { } items ? $"list of {TypeOf(items)}" : schema.Format is { } format ? $"{type} ({format})" : type;
    }

    private sealed record Operation(string Id, string Tag, string Method, string Path, string Summary, string Description,
        IReadOnlyList<Parameter> Parameters, IReadOnlyList<string> Body, IReadOnlyList<string> Answers);

    private sealed record Parameter(string Name, string In, string Type, bool Required);
}
