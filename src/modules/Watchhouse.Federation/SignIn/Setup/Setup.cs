using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Watchhouse.Federation.Contracts;
using Watchhouse.Federation.People;
using Watchhouse.Federation.SignIn.Links;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Data;
using Watchhouse.Platform.Operations;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.SignIn.Setup;

/// <summary>
/// Makes the first administrator of a centre. There is no default password: whoever can read what the program prints
/// where it is started may set it up, and nobody else.
/// </summary>
internal sealed class Setup(IServiceScopeFactory scopes, IHouse house, PeopleOperations people) : ISetup
{
    private static readonly ActingPrincipal Job = ActingPrincipal.ForJob("set-up");

    // Once done it stays done, so only a centre that is not set up asks the database at each request.
    private volatile bool _done;

    public async ValueTask<bool> IsDoneAsync(CancellationToken cancellationToken)
    {
        if (_done) return true;
        await using var scope = scopes.CreateAsyncScope();
        var state = await StateAsync(scope.ServiceProvider, cancellationToken);
        if (state?.CompletedAt is null)
        {
            // People may also have come another way: restored from a backup, or made up for a demonstration.
            PersonId? pending = state?.PersonId is { } id ? new PersonId(id) : null;
            await using var session = await house.EnterAsync(Job, new Access(Permissions.PeopleRead) { Logged = false }, cancellationToken);
            if (!await session.Db.Set<Person>().AnyAsync(p => p.Id != pending, cancellationToken)) return false;
        }

        return _done = true;
    }

    public async Task<string?> MakeLinkAsync(string address, CancellationToken cancellationToken)
    {
        if (await IsDoneAsync(cancellationToken)) return null;
        await using var scope = scopes.CreateAsyncScope();
        var state = await StateAsync(scope.ServiceProvider, cancellationToken);
        PersonId? pending = state?.PersonId is { } id ? new PersonId(id) : null;
        var (token, _) = await scope.ServiceProvider.GetRequiredService<OneTimeLinks>()
            .IssueAsync(LinkPurpose.SetUp, pending, cancellationToken);
        return $"{Reachable(address)}/setup?token={token}";
    }

    /// <summary>Takes the first administrator in; credentials come next, on the same link.</summary>
    public async Task<Outcome<Person>> NameAsync(
        HttpContext context, OneTimeLink link, string name, string email, CancellationToken cancellationToken)
    {
        var db = context.RequestServices.GetRequiredService<CredentialDb>();
        var joined = await people.JoinAsync(Job, new JoinOptions
        {
            Force = ForceId.Centre,
            Name = name,
            Email = email,
            Roles = [Role.CentreAdministrator],
        }, cancellationToken);
        if (!joined.Succeeded) return joined;
        link.PersonId = joined.Value.Id.Value;
        var state = await db.Set<SetupState>().SingleOrDefaultAsync(s => s.Id == SetupState.TheOne, cancellationToken);
        if (state is null) db.Add(state = new SetupState());
        state.PersonId = link.PersonId;
        await db.SaveChangesAsync(cancellationToken);
        return joined;
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
        await scope.ServiceProvider.GetRequiredService<CredentialDb>().Set<SetupState>()
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.CompletedAt, (DateTimeOffset?)now), cancellationToken);
        _done = true;
    }

    private static Task<SetupState?> StateAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<CredentialDb>().Set<SetupState>().AsNoTracking()
            .SingleOrDefaultAsync(s => s.Id == SetupState.TheOne, cancellationToken);

    /// <summary>Passkeys belong to a name, never to a number, so this machine is called localhost.</summary>
    private static string Reachable(string address)
    {
        if (!Uri.TryCreate(address.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal),
                UriKind.Absolute, out var uri)) return address.TrimEnd('/');
        var here = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip)
            && (IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
        return here ? $"{uri.Scheme}://localhost:{uri.Port}" : uri.GetLeftPart(UriPartial.Authority);
    }
}
