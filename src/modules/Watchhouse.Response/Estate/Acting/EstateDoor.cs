using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.MicrosoftApis;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Response.Estate.Acting;

/// <summary>Opens the estate of a force by the registration that allows a kind. The force is the caller's word and is looked for nowhere else.</summary>
internal sealed class EstateDoor(
    IHouse house, CredentialVault vault, ApiHttp web, TokenCache cache, SentOperations sent, IOptions<EstateOptions> options, TimeProvider clock)
{
    public SentOperations Sent => sent;

    public async Task<bool> IsOpenAsync(ForceId force, EstateActionKind kind, CancellationToken stop)
    {
        var (registrations, _) = await ReadAsync(force, stop);
        return registrations.Exists(each => each.Allows(kind) && !(each.CredentialExpiresAt <= clock.GetUtcNow()));
    }

    /// <summary>Goes in for one piece of work.</summary>
    /// <exception cref="EstateReadException">The force has not switched the kind on, or the credential is of no use.</exception>
    public async Task<T> EnterAsync<T>(ForceId force, EstateActionKind kind, Func<EstateVisit, Task<T>> work, CancellationToken stop)
    {
        var (registrations, limits) = await ReadAsync(force, stop);
        var facts = EstateKinds.Of(kind);
        if (registrations.Find(each => each.Allows(kind)) is not { } registration)
            throw new EstateReadException(EstateState.Refused, $"{force} has not switched on: {facts.Title.ToLowerInvariant()}. Its security officer or senior information risk owner does that on the page Estate.", "", "");
        if (registration.CredentialExpiresAt <= clock.GetUtcNow())
            throw new EstateReadException(EstateState.Refused, $"The credential of the registration '{registration.Name}' has expired. {EstatePurpose.Acting.Meanwhile} The force enters a new one on the page Estate.", "", "");
        using var credential = Open(registration);
        var api = Api(registration, credential, facts.Service, facts.PermissionWords, facts.Note);
        var own = registrations.Select(each => each.ClientId).ToHashSet();
        return await work(new EstateVisit(api, registration, limits, own, sent, options.Value.Settle));
    }

    /// <summary>An API under a registration.</summary>
    public EstateApi Api(EstateRegistration registration, OpenCredential credential, EstateService service, string permission, string note)
    {
        var settings = options.Value;
        var isGraph = service == EstateService.Graph;
        return new EstateApi(web.Client, isGraph ? "Microsoft Graph" : "Defender for Endpoint", ApiAddress.Of(isGraph ? settings.Graph : settings.Defender),
            Tokens(registration, credential, service), permission, note, settings, clock);
    }

    public EntraTokens Tokens(EstateRegistration registration, OpenCredential credential, EstateService service) => new(
        web.Client, cache, new ApiApplication(registration.Id, registration.Version, registration.TenantId, registration.ClientId), credential,
        $"{(service == EstateService.Graph ? options.Value.Graph : options.Value.DefenderResource)}/.default", options.Value.TokenSettings, EstatePurpose.Acting, clock);

    /// <exception cref="EstateReadException">The credential cannot be opened.</exception>
    public OpenCredential Open(EstateRegistration registration)
    {
        try
        {
            return vault.Open(EstatePurpose.Acting, registration.ForceId, registration.Kept());
        }
        catch (ApiException e)
        {
            throw new EstateReadException(EstateState.Refused, e.Message, "", "", e);
        }
    }

    private async Task<(List<EstateRegistration> Registrations, EstateLimits Limits)> ReadAsync(ForceId force, CancellationToken stop)
    {
        await using var session = await house.EnterAsync(ActingPrincipal.ForJob("estate"), new Access(Permissions.EstateRead) { Logged = false }, stop);
        var registrations = await session.Db.Set<EstateRegistration>().AsNoTracking().Where(each => each.ForceId == force).OrderBy(each => each.CreatedAt).ToListAsync(stop);
        var limits = await session.Db.Set<EstateLimits>().AsNoTracking().SingleOrDefaultAsync(each => each.ForceId == force, stop);
        return (registrations, limits ?? new EstateLimits { Id = Guid.Empty, ForceId = force });
    }
}
