using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Watchhouse.Platform.Acting;
using Watchhouse.Platform.Authorisation;
using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Platform.Tests.Authorisation;

public sealed class PermissionsTests
{
    private static readonly ForceId Kent = ForceId.Of("KNT");
    private static readonly ForceId Essex = ForceId.Of("ESX");

    [Fact]
    public void All_Rows_HaveUniqueKeysAndARole()
    {
        Assert.Equal(Permissions.All.Count, Permissions.All.Select(p => p.Key).Distinct().Count());
        Assert.All(Permissions.All, p => Assert.NotEmpty(p.Roles));
    }

    [Fact]
    public void All_FieldsOfTheTable_AreInTheList()
    {
        var declared = typeof(Permissions).GetFields().Where(f => f.FieldType == typeof(Permission)).Select(f => (Permission)f.GetValue(null)!);

        Assert.All(declared, p => Assert.Contains(p, Permissions.All));
    }

    [Fact]
    public void May_OnAnotherForce_NeedsADelegationOfThatScope()
    {
        var manager = Somebody(Role.DutyManager, DelegationScope.Monitoring);
        var covered = Somebody(Role.DutyManager, DelegationScope.Administration);

        Assert.False(manager.May(Permissions.PeopleRead, Kent));
        Assert.True(covered.May(Permissions.PeopleRead, Kent));
        Assert.False(covered.May(Permissions.PeopleRead, Essex));
    }

    [Fact]
    public void May_OfAnOwnOnlyPermission_IsWidenedByNoDelegation()
    {
        var siro = Somebody(Role.Siro, [.. DelegationScopes.All]);

        Assert.False(siro.May(Permissions.DelegationsGrant, Kent));
        Assert.True(siro.May(Permissions.DelegationsGrant, siro.Home));
    }

    [Fact]
    public void May_WithoutTheRole_IsRefusedAtHomeToo() =>
        Assert.False(Somebody(Role.Investigator).May(Permissions.AuditRead, ForceId.Centre));

    [Fact]
    public void Undeclared_OfAnEndpointThatSaysNothing_NamesIt()
    {
        var silent = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse("/secret"), 0) { DisplayName = "GET /secret" }.Build();
        var open = new RouteEndpointBuilder(_ => Task.CompletedTask, RoutePatternFactory.Parse("/open"), 0);
        open.Metadata.Add(new AccessDeclaration(null, "It is a test."));

        Assert.Equal(["GET /secret"], AccessCoverage.Undeclared([silent, open.Build()]));
    }

    private static ActingPrincipal Somebody(Role role, params DelegationScope[] held) => new()
    {
        Kind = PrincipalKind.Person,
        Subject = "somebody",
        Name = "Somebody (test)",
        Home = ForceId.Centre,
        Roles = [role],
        Delegations = [.. held.Select(s => new DelegatedAccess(Guid.Empty, Kent, s, DateTimeOffset.MaxValue))],
    };
}
