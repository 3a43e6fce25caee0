using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Watchhouse.Response.Tests.Estate;

/// <summary>Something that goes wrong with one request.</summary>
internal enum EstateFault
{
    None,

    /// <summary>429 with seconds; nothing is done.</summary>
    Throttle,

    /// <summary>503; nothing is done.</summary>
    Overloaded,

    /// <summary>500, and it is done.</summary>
    BrokenAfter,

    /// <summary>The connection ends without an answer; nothing is done.</summary>
    LostBefore,

    /// <summary>The connection ends without an answer, and it is done.</summary>
    LostAfter,

    /// <summary>No answer within the time, and it is done.</summary>
    Silent,

    /// <summary>It is done, and the answer ends in the middle.</summary>
    Half,

    /// <summary>It is said to be done and is not.</summary>
    Lied,

    /// <summary>401: the token is no longer taken.</summary>
    Unauthorised,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>404, although it is there.</summary>
    NotFound,

    /// <summary>409.</summary>
    Conflict,

    /// <summary>200 with a page of HTML; nothing is done.</summary>
    NoJson,

    /// <summary>A redirect to another host.</summary>
    Redirect,
}

/// <summary>
/// Entra ID, Microsoft Graph and Defender for Endpoint on this machine, with one tenant's users, applications, mailboxes, devices and
/// indicators, that fail in the ways the real ones fail.
/// </summary>
internal sealed class FakeEstate : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private int _numbers;

    private FakeEstate(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    public string Elsewhere => Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The application permissions that the token bears; null gives a token that nobody can read.</summary>
    public string[]? Roles { get; set; }

    public string? SignInError { get; set; }

    public string Secret { get; set; } = "the-secret";

    public ConcurrentDictionary<string, JsonObject> Users { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, JsonObject> Applications { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Grants by id, with their application; those with the path of roles are application permissions.</summary>
    public ConcurrentDictionary<string, (string Application, bool IsRole, JsonObject Json)> Grants { get; } = new();

    public ConcurrentDictionary<(string User, string Rule), JsonObject> Rules { get; } = new();

    public ConcurrentDictionary<string, JsonObject> Machines { get; } = new();

    public List<JsonObject> Actions { get; } = [];

    public ConcurrentDictionary<string, JsonObject> Indicators { get; } = new();

    /// <summary>The next request meets the first of these.</summary>
    public ConcurrentQueue<EstateFault> Faults { get; } = new();

    /// <summary>Faults that the next change meets, and no reading.</summary>
    public ConcurrentQueue<EstateFault> ChangeFaults { get; } = new();

    /// <summary>Changes that took effect, by the operation of the request and what was changed.</summary>
    public ConcurrentQueue<(string Operation, string What)> Effects { get; } = new();

    /// <summary>Methods and paths that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<string> Stolen { get; } = new();

    /// <summary>How many of the newest actions the list does not show yet.</summary>
    public int HiddenActions { get; set; }

    /// <summary>What the status of an isolation becomes.</summary>
    public string MachineStatus { get; set; } = "Succeeded";

    public static async Task<FakeEstate> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var fake = new FakeEstate(app);
        app.Run(fake.AnswerAsync);
        await app.StartAsync();
        fake.Address = app.Urls.First();
        return fake;
    }

    public string User(string principal, bool enabled = true, string type = "Member", bool synchronised = false)
    {
        var id = Guid.NewGuid().ToString();
        var user = new JsonObject
        {
            ["id"] = id, ["userPrincipalName"] = principal, ["displayName"] = principal.Split('@')[0], ["accountEnabled"] = enabled, ["userType"] = type,
            ["onPremisesSyncEnabled"] = synchronised, ["signInSessionsValidFromDateTime"] = "2026-01-01T00:00:00Z",
        };
        (Users[id], Users[principal]) = (user, user);
        return id;
    }

    public string Application(string name, int grants, string owner = "0198c0de-1111-4000-8000-000000000000")
    {
        var (app, id) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        Applications[app] = new JsonObject { ["id"] = id, ["appId"] = app, ["displayName"] = name, ["accountEnabled"] = true, ["appOwnerOrganizationId"] = owner };
        for (var i = 0; i < grants; i++)
        {
            var key = $"grant-{Guid.NewGuid():N}";
            Grants[key] = (id, i % 2 == 1, i % 2 == 1
                ? new JsonObject { ["id"] = key, ["appRoleId"] = Guid.NewGuid().ToString(), ["resourceDisplayName"] = "Microsoft Graph" }
                : new JsonObject { ["id"] = key, ["scope"] = "Mail.Read offline_access", ["consentType"] = "Principal", ["principalId"] = "someone" });
        }

        return app;
    }

    public string Rule(string principal, string name, string to = "thief@example.net")
    {
        var id = $"AQ{Guid.NewGuid():N}=";
        Rules[(Users[principal]["id"]!.ToString(), id)] = new JsonObject
        {
            ["id"] = id, ["displayName"] = name, ["sequence"] = 1, ["isEnabled"] = true, ["isReadOnly"] = false, ["hasError"] = false,
            ["conditions"] = new JsonObject { ["subjectContains"] = new JsonArray("invoice") },
            ["actions"] = new JsonObject { ["forwardTo"] = new JsonArray(new JsonObject { ["emailAddress"] = new JsonObject { ["address"] = to } }), ["stopProcessingRules"] = true },
        };
        return id;
    }

    public string Machine(string name, string platform = "Windows11", params string[] tags)
    {
        var id = string.Concat(Guid.NewGuid().ToString("N"), "00000000");
        Machines[id] = new JsonObject { ["id"] = id, ["computerDnsName"] = name, ["osPlatform"] = platform, ["healthStatus"] = "Active", ["machineTags"] = new JsonArray([.. tags.Select(t => (JsonNode)t)]) };
        return id;
    }

    public bool IsIsolated(string machine)
    {
        lock (_lock) return Actions.LastOrDefault(a => a["machineId"]!.ToString() == machine && a["status"]!.ToString() == "Succeeded")?["type"]!.ToString() == "Isolate";
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        context.Response.Headers.Date = Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        if (request.Host.Host != "127.0.0.1")
        {
            Stolen.Enqueue(request.Headers.Authorization.ToString());
            return;
        }

        var path = request.Path.Value!;
        if (path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal))
        {
            await TokenAsync(context);
            return;
        }

        if (!request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal))
        {
            await ErrorAsync(context, 401, "InvalidAuthenticationToken");
            return;
        }

        var isChange = request.Method != "GET";
        Asked.Enqueue($"{request.Method} {path}");
        var fault = isChange && ChangeFaults.TryDequeue(out var first) ? first : Faults.TryDequeue(out var next) ? next : EstateFault.None;
        using var body = new StreamReader(request.Body);
        var text = await body.ReadToEndAsync();
        switch (fault)
        {
            case EstateFault.Throttle:
                context.Response.Headers.RetryAfter = "7";
                await ErrorAsync(context, 429, "TooManyRequests");
                return;
            case EstateFault.Overloaded:
                await ErrorAsync(context, 503, "ServiceUnavailable");
                return;
            case EstateFault.LostBefore:
                context.Abort();
                return;
            case EstateFault.Unauthorised:
                await ErrorAsync(context, 401, "InvalidAuthenticationToken");
                return;
            case EstateFault.Forbidden:
                await ErrorAsync(context, 403, "Authorization_RequestDenied");
                return;
            case EstateFault.NotFound:
                await ErrorAsync(context, 404, "Request_ResourceNotFound");
                return;
            case EstateFault.Conflict:
                await ErrorAsync(context, 409, "Conflict");
                return;
            case EstateFault.NoJson:
                await context.Response.WriteAsync("<html>Sign in</html>");
                return;
            case EstateFault.Redirect:
                context.Response.Redirect(Elsewhere + path);
                return;
        }

        int status;
        string answer;
        lock (_lock)
        {
            (status, answer) = fault == EstateFault.Lied && isChange
                ? (request.Method == "POST" ? 200 : 204, request.Method == "POST" ? "{\"value\":true}" : "")
                : Route(request, path, text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject());
        }

        switch (fault)
        {
            case EstateFault.BrokenAfter:
                await ErrorAsync(context, 500, "InternalServerError");
                return;
            case EstateFault.LostAfter:
                context.Abort();
                return;
            case EstateFault.Silent:
                try
                {
                    await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted);
                }
                catch (OperationCanceledException)
                {
                    // The other side has given up.
                }

                return;
        }

        context.Response.StatusCode = status;
        if (answer.Length == 0) return;
        context.Response.ContentType = "application/json";
        var bytes = Encoding.UTF8.GetBytes(answer);
        await context.Response.Body.WriteAsync(fault == EstateFault.Half ? bytes.AsMemory(0, bytes.Length / 2) : bytes);
    }

    private (int Status, string Body) Route(HttpRequest request, string path, JsonObject body)
    {
        var operation = request.Headers["client-request-id"].ToString();
        var parts = path.Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        void Effect(string what) => Effects.Enqueue((operation, what));
        switch (parts)
        {
            case ["v1.0", "users"] or ["v1.0", "servicePrincipals"]:
                return (200, "{\"value\":[]}");
            case ["v1.0", "users", var who, .. var rest]:
                if (!Users.TryGetValue(who, out var user)) return (404, Error("Request_ResourceNotFound"));
                return User(request.Method, rest, user, body, Effect);
            case ["v1.0", var one] when one.StartsWith("servicePrincipals(appId=", StringComparison.Ordinal):
                return Applications.TryGetValue(one.Split('\'')[1], out var found) ? (200, found.ToJsonString()) : (404, Error("Request_ResourceNotFound"));
            case ["v1.0", "servicePrincipals", var principal]:
                var application = Applications.Values.First(a => a["id"]!.ToString() == principal);
                if (application["accountEnabled"]!.GetValue<bool>() != body["accountEnabled"]!.GetValue<bool>()) Effect($"sign-in {principal}");
                application["accountEnabled"] = body["accountEnabled"]!.GetValue<bool>();
                return (204, "");
            case ["v1.0", "servicePrincipals", var holder, "oauth2PermissionGrants" or "appRoleAssignments"]:
                var isRole = parts[3] == "appRoleAssignments";
                return (200, List(Grants.Values.Where(g => g.Application == holder && g.IsRole == isRole).Select(g => g.Json)));
            case ["v1.0", "servicePrincipals", _, "appRoleAssignments", var role]:
                return Remove(role);
            case ["v1.0", "oauth2PermissionGrants", var grant]:
                return Remove(grant);
            case ["api", "machines"]:
                var start = request.Query["$filter"].ToString().Split('\'').ElementAtOrDefault(1) ?? "";
                return (200, List(Machines.Values.Where(m => m["computerDnsName"]!.ToString().StartsWith(start, StringComparison.OrdinalIgnoreCase))));
            case ["api", "machines", var machine]:
                return Machines.TryGetValue(machine, out var device) ? (200, device.ToJsonString()) : (404, Error("ResourceNotFound"));
            case ["api", "machineactions"]:
                return (200, List(Actions.SkipLast(HiddenActions).Where(a => a["machineId"]!.ToString() == request.Query["$filter"].ToString().Split('\'')[1])));
            case ["api", "machines", var target, "isolate" or "unisolate"]:
                return Act(target, parts[3] == "isolate" ? "Isolate" : "Unisolate", body, Effect);
            case ["api", "indicators"] when request.Method == "POST":
                var value = body["indicatorValue"]!.ToString();
                var id = Indicators.FirstOrDefault(i => i.Value["indicatorValue"]!.ToString() == value).Key ?? $"{++_numbers}";
                Effect($"indicator {value}");
                body["id"] = id;
                Indicators[id] = body;
                return (200, body.ToJsonString());
            case ["api", "indicators"]:
                return (200, List(Indicators.Values));
            case ["api", "indicators", var indicator]:
                if (!Indicators.TryRemove(indicator, out _)) return (404, Error("ResourceNotFound"));
                Effect($"no indicator {indicator}");
                return (204, "");
            default:
                return (400, Error("BadRequest"));
        }

        (int, string) Remove(string grant)
        {
            if (!Grants.TryRemove(grant, out _)) return (404, Error("Request_ResourceNotFound"));
            Effect($"grant {grant}");
            return (204, "");
        }
    }

    private (int, string) User(string method, string[] rest, JsonObject user, JsonObject body, Action<string> effect)
    {
        var id = user["id"]!.ToString();
        switch (rest)
        {
            case [] when method == "GET":
                return (200, user.ToJsonString());
            case []:
                if (user["accountEnabled"]!.GetValue<bool>() != body["accountEnabled"]!.GetValue<bool>()) effect($"enabled {id}");
                user["accountEnabled"] = body["accountEnabled"]!.GetValue<bool>();
                return (204, "");
            case ["revokeSignInSessions"]:
                effect($"sessions {id}");
                user["signInSessionsValidFromDateTime"] = Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
                return (200, "{\"value\":true}");
            case ["mailFolders", "inbox", "messageRules"] when method == "GET":
                return (200, List(Rules.Where(r => r.Key.User == id).Select(r => r.Value)));
            case ["mailFolders", "inbox", "messageRules"]:
                var made = $"AR{++_numbers}=";
                body["id"] = made;
                Rules[(id, made)] = body;
                effect($"made {made}");
                return (201, body.ToJsonString());
            case ["mailFolders", "inbox", "messageRules", var rule]:
                if (!Rules.TryRemove((id, rule), out _)) return (404, Error("ErrorItemNotFound"));
                effect($"rule {rule}");
                return (204, "");
            default:
                return (400, Error("BadRequest"));
        }
    }

    private (int, string) Act(string machine, string type, JsonObject body, Action<string> effect)
    {
        if (!Machines.ContainsKey(machine)) return (404, Error("ResourceNotFound"));
        if (Actions.Exists(a => a["machineId"]!.ToString() == machine && a["type"]!.ToString() == type && a["status"]!.ToString() is "Pending" or "InProgress"))
            return (400, Error("ActiveRequestAlreadyExists"));
        effect($"{type} {machine}");
        var action = new JsonObject
        {
            ["id"] = Guid.NewGuid().ToString(), ["type"] = type, ["status"] = MachineStatus, ["machineId"] = machine, ["requestorComment"] = body["Comment"]!.ToString(),
            ["creationDateTimeUtc"] = Clock.GetUtcNow().AddMilliseconds(++_numbers).ToString("O", CultureInfo.InvariantCulture),
        };
        Actions.Add(action);
        return (201, action.ToJsonString());
    }

    private async Task TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var error = form["client_secret"] == Secret ? SignInError : "AADSTS7000215: Invalid client secret provided.";
        if (error is not null)
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_client", error_description = error });
            return;
        }

        var token = Roles is null ? $"token-{Guid.NewGuid():N}"
            : $"e30.{System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { roles = Roles, jti = Guid.NewGuid() }))}.signature";
        await context.Response.WriteAsJsonAsync(new { token_type = "Bearer", expires_in = 3599, access_token = token });
    }

    private static string List(IEnumerable<JsonObject> items) => $"{{\"value\":[{string.Join(',', items.Select(i => i.ToJsonString()))}]}}";

    private static Task ErrorAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(Error(code));
    }

    private static string Error(string code) => $$$"""{"error":{"code":"{{{code}}}","message":"As it is."}}""";
}
