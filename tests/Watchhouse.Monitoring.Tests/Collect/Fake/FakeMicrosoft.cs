using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Monitoring.Tests.Collect.Fake;

/// <summary>
/// Entra ID, the Office 365 Management Activity API, Graph and Azure Resource Manager on this machine, as badly behaved as the real
/// ones: in no order, twice, late, throttled, broken off, pointing elsewhere.
/// </summary>
internal sealed partial class FakeMicrosoft : IAsyncDisposable
{
    private const int PageSize = 3;
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, FakeTenant> _tenants = new();
    private readonly ConcurrentDictionary<string, FakeTenant> _byToken = new();

    private FakeMicrosoft(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>The same program by another name: whoever asks there has followed an address that it should not have.</summary>
    public string Elsewhere { get; private set; } = "";

    /// <summary>Requests that came by the other name.</summary>
    public ConcurrentQueue<string> Stolen { get; } = new();

    /// <summary>The time, as this side sees it.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public static async Task<FakeMicrosoft> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeMicrosoft(app);
        app.Run(fake.AnswerAsync);
        await app.StartAsync();
        fake.Address = app.Urls.First();
        fake.Elsewhere = fake.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        return fake;
    }

    public FakeTenant Tenant()
    {
        var tenant = new FakeTenant(Guid.NewGuid());
        _tenants[tenant.Id] = tenant;
        return tenant;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (context.Request.Host.Host != "127.0.0.1")
        {
            Stolen.Enqueue(context.Request.Headers.Authorization.ToString());
            context.Response.StatusCode = 200;
            return;
        }

        if (TokenPath().Match(path) is { Success: true } token)
        {
            await TokenAsync(context, _tenants[Guid.Parse(token.Groups[1].Value)]);
            return;
        }

        var bearer = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (!_byToken.TryGetValue(bearer, out var tenant) || !tenant.Tokens.ContainsKey(bearer))
        {
            await ErrorAsync(context, 401, "InvalidAuthenticationToken");
            return;
        }

        tenant.Asked.Enqueue(path);
        InterlockedMax(ref tenant.MostUnderWay, Interlocked.Increment(ref tenant.UnderWay));
        try
        {
            await AnswerAsync(context, path, bearer, tenant);
        }
        finally
        {
            Interlocked.Decrement(ref tenant.UnderWay);
        }
    }

    private async Task AnswerAsync(HttpContext context, string path, string bearer, FakeTenant tenant)
    {
        var hasFault = tenant.Faults.TryDequeue(out var fault);
        if (!tenant.Consent || (tenant.Refused is { } refused && $"{path}{context.Request.QueryString}".Contains(refused, StringComparison.Ordinal)))
        {
            await ErrorAsync(context, 403, "Authorization_RequestDenied");
            return;
        }

        switch (hasFault ? fault : (Fault?)null)
        {
            case Fault.Throttle:
                await ErrorAsync(context, 429, "TooManyRequests");
                return;
            case Fault.ThrottleUntil:
                context.Response.Headers.RetryAfter = Clock.GetUtcNow().AddSeconds(7).ToString("R", CultureInfo.InvariantCulture);
                await ErrorAsync(context, 429, "AF429");
                return;
            case Fault.Overloaded:
                await ErrorAsync(context, 503, "ServiceUnavailable");
                return;
            case Fault.Broken:
                await ErrorAsync(context, 500, "AF50000");
                return;
            case Fault.Unauthorised:
                tenant.Tokens.TryRemove(bearer, out _);
                await ErrorAsync(context, 401, "InvalidAuthenticationToken");
                return;
            case Fault.NoJson:
                await context.Response.WriteAsync("<html>Sign in</html>");
                return;
            case Fault.Redirect:
                context.Response.Redirect(Elsewhere + path);
                return;
        }

        var (status, body, next) = Route(context, path, tenant);
        if (hasFault && fault is Fault.Circle && next is not null) next = Address + path + context.Request.QueryString;
        if (hasFault && fault is Fault.Foreign) next = Elsewhere + path;
        if (hasFault && fault is Fault.PageForgotten && context.Request.Query.ContainsKey("page")) (status, body, next) = (400, Error("InvalidSkipToken"), null);
        if (next is not null && path.Contains("/activity/feed/", StringComparison.Ordinal)) context.Response.Headers["NextPageUri"] = next;
        else if (next is not null) body = body[..^1] + $",\"{(path.Contains("microsoft.insights", StringComparison.Ordinal) ? "nextLink" : "@odata.nextLink")}\":{JsonSerializer.Serialize(next)}}}";
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        var bytes = Encoding.UTF8.GetBytes(body);
        if (hasFault && fault is Fault.CutJson && bytes.Length > 4) bytes = bytes[..(bytes.Length / 2)];
        if (hasFault && fault is Fault.Truncated && bytes.Length > 4)
        {
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(bytes);
    }

    private (int Status, string Body, string? Next) Route(HttpContext context, string path, FakeTenant tenant)
    {
        if (FeedPath().Match(path) is { Success: true } feed)
            return Guid.Parse(feed.Groups[1].Value) == tenant.Id ? Feed(context, feed.Groups[2].Value, tenant) : (401, Error("AF20012"), null);
        if (path.EndsWith("/$batch", StringComparison.Ordinal)) return (200, Batch(context, tenant), null);
        var query = context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
        return List(path, query, tenant);
    }

    private (int, string, string?) List(string path, Dictionary<string, string> query, FakeTenant tenant)
    {
        var filter = query.GetValueOrDefault("$filter", "");
        var times = TimesOf().Matches(filter).Select(m => DateTimeOffset.Parse(m.Value, CultureInfo.InvariantCulture)).ToList();
        if (times.Count != 2) return (400, Error("BadRequest"), null);
        var stream = path.Contains("microsoft.insights", StringComparison.Ordinal) ? path.Split('/')[2]
            : path.EndsWith("signIns", StringComparison.Ordinal) ? (KindOf().Match(filter) is { Success: true } kind ? kind.Groups[1].Value : "interactiveUser")
            : "all";
        var isInclusive = filter.Contains("le '", StringComparison.Ordinal);
        var now = Clock.GetUtcNow();
        var found = tenant.Events.Where(e => e.Stream == stream && e.ShownFrom <= now && e.At >= times[0] && (e.At < times[1] || (isInclusive && e.At == times[1])))
            .OrderBy(e => e.Json.GetHashCode(StringComparison.Ordinal)).ToList();
        var page = int.Parse(query.GetValueOrDefault("page", "0"), CultureInfo.InvariantCulture);
        // The last of a page comes once more on the next.
        var shown = found.Skip(Math.Max(0, (page * PageSize) - 1)).Take(PageSize + 1).Select(e => e.Json);
        var more = found.Count > (page + 1) * PageSize;
        var rest = string.Join('&', query.Where(q => q.Key != "page").Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value)}"));
        return (200, "{\"value\":[" + string.Join(",\n", shown) + "]}", more ? $"{Address}{path}?{rest}&page={page + 1}" : null);
    }

    private string Batch(HttpContext context, FakeTenant tenant)
    {
        tenant.Batches++;
        using var body = JsonDocument.ParseAsync(context.Request.Body).GetAwaiter().GetResult();
        var version = context.Request.Path.Value![..^"/$batch".Length];
        var responses = new List<string>();
        foreach (var request in body.RootElement.GetProperty("requests").EnumerateArray())
        {
            var id = request.GetProperty("id").GetString();
            if (tenant.InnerThrottles > 0)
            {
                tenant.InnerThrottles--;
                responses.Add($$$"""{"id":"{{{id}}}","status":429,"headers":{"Retry-After":"3"},"body":{"error":{"code":"TooManyRequests","message":"later"},"value":[]}}""");
                continue;
            }

            var url = new Uri(new Uri(Address), version + request.GetProperty("url").GetString());
            var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(url.Query).ToDictionary(q => q.Key, q => q.Value.ToString());
            var (status, text, next) = List(url.AbsolutePath, query, tenant);
            if (next is not null) text = text[..^1] + $",\"@odata.nextLink\":{JsonSerializer.Serialize(next)}}}";
            responses.Add($$$"""{"id":"{{{id}}}","status":{{{status}}},"headers":{},"body":{{{text}}}}""");
        }

        responses.Reverse();
        return "{\"responses\":[" + string.Join(',', responses) + "]}";
    }

    private (int, string, string?) Feed(HttpContext context, string rest, FakeTenant tenant)
    {
        var query = context.Request.Query;
        var type = query["contentType"].ToString();
        var now = Clock.GetUtcNow();
        switch (rest)
        {
            case "subscriptions/list":
                return (200, "[" + string.Join(',', tenant.Subscriptions.Select(s => $$"""{"contentType":"{{s.Key}}","status":"{{(s.Value ? "enabled" : "disabled")}}","webhook":null}""")) + "]", null);
            case "subscriptions/start":
                if (tenant.Subscriptions.TryGetValue(type, out var on) && on) return (400, Error("AF20024"), null);
                tenant.Subscriptions[type] = true;
                return (200, $$"""{"contentType":"{{type}}","status":"enabled","webhook":null}""", null);
            case "subscriptions/content":
                if (!tenant.Subscriptions.TryGetValue(type, out var enabled) || !enabled) return (400, Error("AF20022"), null);
                var from = Time(query["startTime"]!);
                var to = Time(query["endTime"]!);
                if (to - from > TimeSpan.FromHours(24) || to <= from || from < now - TimeSpan.FromDays(7)) return (400, Error("AF20055"), null);
                var page = int.Parse(query["page"].ToString() is { Length: > 0 } p ? p : "0", CultureInfo.InvariantCulture);
                var found = tenant.Blobs.Where(b => b.Type == type && b.ShownFrom <= now && b.Created >= from && b.Created < to)
                    .OrderBy(b => b.Id.GetHashCode(StringComparison.Ordinal)).ToList();
                // Every second one is listed twice.
                var shown = found.Skip(page * PageSize).Take(PageSize).SelectMany(b => b.Id.GetHashCode(StringComparison.Ordinal) % 2 == 0 ? [b, b] : new[] { b });
                var next = found.Count > (page + 1) * PageSize
                    ? $"{Address}{context.Request.Path}?contentType={type}&startTime={query["startTime"]}&endTime={query["endTime"]}&page={page + 1}" : null;
                return (200, "[" + string.Join(',', shown.Select(b => Line(b, tenant))) + "]", next);
        }

        var blob = tenant.Blobs.FirstOrDefault(b => rest == "audit/" + b.Id);
        if (blob is null) return (404, Error("AF20050"), null);
        // Records come in no order, and one of them twice.
        return blob.Expires < now ? (400, Error("AF20051"), null)
            : (200, "[" + string.Join(",\r\n", blob.Events.Reverse().Append(blob.Events[0])) + "]", null);
    }

    private string Line(FakeBlob blob, FakeTenant tenant) =>
        $$"""{"contentType":"{{blob.Type}}","contentId":"{{blob.Id}}","contentUri":"{{Address}}/api/v1.0/{{tenant.Id}}/activity/feed/audit/{{blob.Id}}","contentCreated":"{{blob.Created:yyyy-MM-ddTHH:mm:ss.fffZ}}","contentExpiration":"{{blob.Expires:yyyy-MM-ddTHH:mm:ss.fffZ}}"}""";

    private async Task TokenAsync(HttpContext context, FakeTenant tenant)
    {
        var form = await context.Request.ReadFormAsync();
        if (tenant.TokenFailures > 0)
        {
            tenant.TokenFailures--;
            context.Response.StatusCode = 503;
            return;
        }

        if (form["client_assertion"].ToString() is { Length: > 0 } assertion) tenant.Assertions.Enqueue(assertion);
        else if (form["client_secret"] != tenant.Secret) tenant.SignInError ??= "AADSTS7000215: Invalid client secret provided.";
        if (tenant.SignInError is { } error)
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_client", error_description = error });
            return;
        }

        var token = $"token-{tenant.Id}-{++tenant.TokensIssued}";
        tenant.Tokens[token] = true;
        _byToken[token] = tenant;
        await context.Response.WriteAsJsonAsync(new { token_type = "Bearer", expires_in = 3599, access_token = token });
    }

    private static Task ErrorAsync(HttpContext context, int status, string code)
    {
        if (status == 429 && context.Response.Headers.RetryAfter.Count == 0) context.Response.Headers.RetryAfter = "5";
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Error(code));
    }

    private static string Error(string code) => $$$"""{"error":{"code":"{{{code}}}","message":"As it is."}}""";

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = most; now > seen; seen = most)
            if (Interlocked.CompareExchange(ref most, now, seen) == seen)
                return;
    }

    [GeneratedRegex("^/([0-9a-f-]{36})/oauth2/v2.0/token$")]
    private static partial Regex TokenPath();

    [GeneratedRegex("^/api/v1.0/([0-9a-f-]{36})/activity/feed/(.*)$")]
    private static partial Regex FeedPath();

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")]
    private static partial Regex TimesOf();

    [GeneratedRegex("t eq '([A-Za-z]+)'")]
    private static partial Regex KindOf();
}
