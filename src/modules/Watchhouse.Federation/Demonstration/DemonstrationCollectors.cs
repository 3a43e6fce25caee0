using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Watchhouse.Federation.Clients;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;
using Watchhouse.Platform.Ui;

namespace Watchhouse.Federation.Demonstration;

/// <summary>
/// Makes the collectors through the same operation as real ones and asks who they are as a request with their key would: one that
/// was revoked is nobody. The keys are given to nobody.
/// </summary>
internal sealed class DemonstrationCollectors(IHouse house, ClientOperations clients, IPrincipalResolver resolver) : IDemonstrationCollectors
{
    public const string Name = "Collector (demonstration)";
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("demonstration");

    public async ValueTask<ActingPrincipal?> OfAsync(ForceId force, CancellationToken cancellationToken)
    {
        var id = await FindAsync(force, cancellationToken) ?? await MakeAsync(force, cancellationToken);
        var claims = new ClaimsIdentity([new Claim(HouseClaims.Client, id.ToString())], "demonstration");
        return await resolver.ResolveAsync(new ClaimsPrincipal(claims), cancellationToken);
    }

    private async Task<string?> FindAsync(ForceId force, CancellationToken cancellationToken)
    {
        await using var session = await house.EnterAsync(Job, new Access(Permissions.ClientsRead) { Force = force, Logged = false }, cancellationToken);
        var known = await session.Db.Set<MachineClient>().AsNoTracking().Where(client => client.ForceId == force && client.Name == Name)
            .OrderByDescending(client => client.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        return known?.Id.ToString();
    }

    private async Task<string> MakeAsync(ForceId force, CancellationToken cancellationToken)
    {
        var made = await clients.CreateAsync(Job, force, new CreateClient { Name = Name, Role = Role.Collector }, cancellationToken);
        return made.Succeeded ? made.Value.Client.Client.Id.ToString() : throw new InvalidOperationException(made.Failure.Message);
    }
}
