using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Response.Estate.Acting;

namespace Watchhouse.Response.Estate;

/// <summary>What a test of one kind found.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Ok">Whether it may be expected to work.</param>
/// <param name="Words">What was found.</param>
internal sealed record KindCheck(EstateActionKind Kind, bool Ok, string Words);

/// <summary>Tests a registration by reading alone: a token, what it allows, and one look at what each kind looks at.</summary>
internal sealed class EstateCheck(EstateDoor door)
{
    public async Task<List<KindCheck>> RunAsync(EstateRegistration registration, CancellationToken stop)
    {
        var kinds = EstateKinds.All.Where(facts => registration.Allows(facts.Kind)).ToList();
        try
        {
            using var credential = door.Open(registration);
            var checks = new List<KindCheck>();
            foreach (var facts in kinds) checks.Add(await RunAsync(registration, credential, facts, stop));
            return checks;
        }
        catch (EstateReadException e)
        {
            return [.. kinds.Select(facts => new KindCheck(facts.Kind, false, e.Message))];
        }
    }

    private async Task<KindCheck> RunAsync(EstateRegistration registration, OpenCredential credential, EstateKindFacts facts, CancellationToken stop)
    {
        try
        {
            var token = await door.Tokens(registration, credential, facts.Service).GetAsync(stop);
            var lacking = Roles(token) is { } roles ? facts.Permissions.Where(permission => !roles.Contains(permission)).ToList() : [];
            if (lacking.Count > 0)
                return new KindCheck(facts.Kind, false, $"The application lacks {string.Join(" and ", lacking)}, or an administrator has not consented. Add it in the tenant, give consent, and test again after a few minutes.");
            await door.Api(registration, credential, facts.Service, facts.PermissionWords, "").ReadAsync(Look(facts.Kind), stop);
            return new KindCheck(facts.Kind, true, Roles(token) is null
                ? "The target can be read. Whether it may be changed shows only when it is."
                : $"The target can be read, and the application holds {facts.PermissionWords}.");
        }
        catch (EstateReadException e)
        {
            return new KindCheck(facts.Kind, false, e.Message);
        }
        catch (ApiException e)
        {
            return new KindCheck(facts.Kind, false, e.Message);
        }
    }

    private static string Look(EstateActionKind kind) => kind switch
    {
        EstateActionKind.IsolateDevice => "api/machines?$top=1",
        EstateActionKind.BlockAddress => "api/indicators?$top=1",
        EstateActionKind.RemoveConsent => "v1.0/servicePrincipals?$top=1&$select=id",
        _ => "v1.0/users?$top=1&$select=id",
    };

    // The application permissions that a token bears. Its form is the issuer's own affair, so one that is read otherwise is no fault.
    private static HashSet<string>? Roles(string token)
    {
        if (token.Split('.') is not [_, var claims, _]) return null;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(claims)));
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            // Without any permission the claim is left out.
            if (!document.RootElement.TryGetProperty("roles", out var roles)) return [];
            return roles.ValueKind == JsonValueKind.Array
                ? roles.EnumerateArray().Where(role => role.ValueKind == JsonValueKind.String).Select(role => role.GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase)
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
