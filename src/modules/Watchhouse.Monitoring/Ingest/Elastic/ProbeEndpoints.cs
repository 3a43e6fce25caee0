using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Watchhouse.Monitoring.Ingest.Elastic;

/// <summary>
/// What shippers ask of Elasticsearch before they send. Templates, policies and pipelines are answered as being there:
/// nothing here needs them, and a shipper that is told otherwise does not start.
/// </summary>
internal static class ProbeEndpoints
{
    private const string Cluster = "watchhouse";

    /// <summary>An Elasticsearch that Beats of the versions 7.17 to 9 speak to.</summary>
    private const string Version = "8.19.0";

    private static readonly string[] Kinds =
    [
        "_ilm/policy", "_index_template", "_component_template", "_template", "_data_stream", "_ingest/pipeline", "_alias",
    ];

    public static void MapRoot(RouteGroupBuilder group) => group.MapMethods("/", ["GET", "HEAD"], static (HttpContext context) =>
            ElasticAnswer.WriteAsync(context, StatusCodes.Status200OK, new
            {
                name = Cluster,
                cluster_name = Cluster,
                cluster_uuid = Cluster,
                version = new
                {
                    number = Version,
                    build_flavor = "default",
                    build_type = "docker",
                    build_hash = "unknown",
                    build_snapshot = false,
                    lucene_version = "9.12.0",
                    minimum_wire_compatibility_version = "7.17.0",
                    minimum_index_compatibility_version = "7.0.0",
                },
                tagline = "You Know, for Search",
            }))
        .TakesEvents(ElasticRefusal.Instance).WithSummary("Which Elasticsearch this behaves like.");

    public static void Map(RouteGroupBuilder group)
    {
        Answer(group, "/_license", static () => new { license = new { status = "active", uid = Cluster, type = "basic", mode = "basic" } });
        Answer(group, "/_xpack", static () => new
        {
            build = new { hash = "unknown" },
            license = new { uid = Cluster, type = "basic", mode = "basic", status = "active" },
            features = new { ilm = new { available = true, enabled = true }, monitoring = new { available = false, enabled = false } },
        });
        Answer(group, "/_cluster/health", static () => new
        {
            cluster_name = Cluster,
            status = "green",
            timed_out = false,
            number_of_nodes = 1,
            number_of_data_nodes = 1,
            active_shards_percent_as_number = 100.0,
        });
        Answer(group, "/_cat/health", static () => new[] { new { cluster = Cluster, status = "green" } });
        Answer(group, "/_nodes/http", static () => new { cluster_name = Cluster, nodes = new { } });

        foreach (var kind in Kinds)
        {
            group.MapMethods($"/{kind}/{{name}}", ["GET", "HEAD"], (HttpContext context, string name) =>
                    ElasticAnswer.WriteAsync(context, StatusCodes.Status200OK, There(kind, name)))
                .TakesEvents(ElasticRefusal.Instance).WithSummary("Said to be there.");
            group.MapMethods($"/{kind}/{{name}}", ["PUT", "POST"], static (HttpContext context) =>
                    ElasticAnswer.WriteAsync(context, StatusCodes.Status200OK, new { acknowledged = true }))
                .TakesEvents(ElasticRefusal.Instance).WithSummary("Acknowledged, and of no effect.");
        }
    }

    private static void Answer(RouteGroupBuilder group, string path, Func<object> body) =>
        group.MapMethods(path, ["GET", "HEAD"], (HttpContext context) => ElasticAnswer.WriteAsync(context, StatusCodes.Status200OK, body()))
            .TakesEvents(ElasticRefusal.Instance).WithSummary("Answered for shippers that look before they send.");

    private static object There(string kind, string name) => kind switch
    {
        "_index_template" => new { index_templates = new[] { new { name, index_template = new { index_patterns = new[] { name + "*" } } } } },
        "_component_template" => new { component_templates = new[] { new { name } } },
        "_data_stream" => new { data_streams = new[] { new { name, timestamp_field = new { name = "@timestamp" }, status = "GREEN" } } },
        "_ilm/policy" => new Dictionary<string, object> { [name] = new { version = 1, policy = new { phases = new { } } } },
        _ => new Dictionary<string, object> { [name] = new { } },
    };
}
