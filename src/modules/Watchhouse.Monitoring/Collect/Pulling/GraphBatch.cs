using System.Globalization;
using System.Net;
using System.Text.Json;
using Watchhouse.Monitoring.Collect.Http;
using Watchhouse.Platform.MicrosoftApis;

namespace Watchhouse.Monitoring.Collect.Pulling;

/// <summary>
/// Several requests to Graph in one (JSON batching). The batch answers 200 while requests in it are refused or told to wait, so each is
/// looked at for itself: an inner 429 never passes for an empty list.
/// </summary>
internal static class GraphBatch
{
    /// <summary>Gets them all; null stands for what did not come and is to be asked for alone.</summary>
    public static async Task<ReadOnlyMemory<byte>?[]> GetAsync(ApiClient client, string version, IReadOnlyList<string> relative, CancellationToken stop)
    {
        var bodies = new ReadOnlyMemory<byte>?[relative.Count];
        var open = Enumerable.Range(0, relative.Count).ToList();
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new
            {
                requests = open.Select(index => new { id = index.ToString(CultureInfo.InvariantCulture), method = "GET", url = relative[index] }),
            });
            var answer = await client.SendAsync(client.Target.Address.At($"{version}/$batch"), body, stop);
            TimeSpan? longest = null;
            var again = new List<int>();
            foreach (var line in JsonAnswer.Read(client, answer.Body, "responses", "").Elements)
            {
                var item = Item(line, client.Clock.GetUtcNow());
                if (!open.Remove(item.Index)) continue;
                if (item.Status is 200) bodies[item.Index] = item.Body;
                else if (item.Status is 429 or 503 or 504)
                {
                    again.Add(item.Index);
                    if (item.Wait is { } wait && !(longest > wait)) longest = wait;
                }
            }

            // What was refused otherwise, or not answered at all, is asked for alone, where each failure has its meaning.
            open = again;
            if (open.Count > 0)
                await client.PauseAsync(client.Failure(HttpStatusCode.TooManyRequests, ("", "")), longest, attempt, stop);
        }

        return bodies;
    }

    private static (int Index, int Status, TimeSpan? Wait, ReadOnlyMemory<byte> Body) Item(ReadOnlyMemory<byte> line, DateTimeOffset now)
    {
        var reader = new Utf8JsonReader(line.Span);
        var (index, status) = (-1, 0);
        TimeSpan? wait = null;
        ReadOnlyMemory<byte> body = default;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "id" when reader.TokenType == JsonTokenType.String && int.TryParse(reader.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id):
                    index = id;
                    break;
                case "status" when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var code):
                    status = code;
                    break;
                case "headers" when reader.TokenType == JsonTokenType.StartObject:
                    while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    {
                        var isWait = string.Equals(reader.GetString(), "Retry-After", StringComparison.OrdinalIgnoreCase);
                        reader.Read();
                        if (isWait && reader.TokenType == JsonTokenType.String) wait = RetryAfter.Parse(reader.GetString(), now);
                        else reader.Skip();
                    }

                    break;
                case "body":
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    body = line[start..(int)reader.BytesConsumed];
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (index, status, wait, body);
    }
}
